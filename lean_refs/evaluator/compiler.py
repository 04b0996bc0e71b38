"""Terms to Python functions: names are looked up once, types are found while the functions run.

A compiled term is called with an environment (a tuple of values with their types, one for each name in scope) and the
type that is expected of it, or None. It gives its value and its type, which may be delayed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeAlias

from lean_refs.evaluator.errors import NotEvaluatedError
from lean_refs.evaluator.syntax import Expression
from lean_refs.evaluator.values import LeanValue
from lean_refs.evaluator.world import World
from lean_refs.reader.records import LeanDeclaration

Typed: TypeAlias = tuple[LeanValue, LeanValue]
Environment: TypeAlias = tuple[Typed, ...]
Code: TypeAlias = Callable[[Environment, LeanValue], Typed]


@dataclass(frozen=True, slots=True)
class LocalScope:
    """The local names, innermost last, and the declaration whose namespaces count (None for the vocabulary)."""

    declaration: LeanDeclaration | None = None
    names: tuple[str, ...] = ()

    def binding(self, *names: str) -> LocalScope:
        """With more local names."""
        return replace(self, names=(*self.names, *names))

    def position(self, name: str) -> int | None:
        """Where the innermost local of that name is in the environment."""
        for index in range(len(self.names) - 1, -1, -1):
            if self.names[index] == name:
                return index
        return None


class KnownNames(Protocol):
    """What knows the declarations of a source and the vocabulary."""

    def find(self, written: str, scope: LocalScope) -> Any:
        """The target that a name means, with the fields projected from it, or why there is none."""
        ...

    def member(self, name: str) -> Any:
        """The target of a full name, or None."""
        ...

    def structure(self, name: str) -> Any:
        """The structure of a full name, or None."""
        ...

    def constructor(self, written: str, scope: LocalScope) -> str | None:
        """The full name of the constructor that a name in a pattern means, or None."""
        ...

    def has_constructor(self, sibling: str, name: str) -> bool:
        """Whether the type that has the constructor `sibling` (a full name) has one called `name`."""
        ...

    def fields_of(self, constructor: str) -> tuple[int, Any]:
        """How many parameters the type of a constructor has, and all parameters of the constructor, those first."""
        ...

    def instances(self) -> Iterable[tuple[LeanDeclaration, str]]:
        """The instances that the source makes, each with where it is taken away."""
        ...

    def is_predicate(self, name: str, scope: LocalScope) -> bool:
        """Whether the name, applied to all its arguments, is a proposition."""
        ...


CompileForm: TypeAlias = "Callable[[Compiler, Any, LocalScope], Code]"
_FORMS: dict[type, CompileForm] = {}


def form(kind: type) -> Callable[[CompileForm], CompileForm]:
    """Registers how a kind of term is compiled."""

    def register(compile_one: CompileForm) -> CompileForm:
        _FORMS[kind] = compile_one
        return compile_one

    return register


class Compiler:
    """Compiles terms; `library` knows the declarations and the vocabulary, `world` what is shared at run time."""

    def __init__(self, world: World, library: KnownNames) -> None:
        self.world = world
        self.library = library

    def compile(self, term: Expression, scope: LocalScope) -> Code:
        """The term as a function."""
        return _FORMS[type(term)](self, term, scope)

    def later(self, term: Expression, scope: LocalScope) -> Code:
        """The term, compiled when it is first run: what is never run need not be understood."""
        made: list[Code] = []

        def code(environment: Environment, expected: LeanValue) -> Typed:
            if not made:
                made.append(self.compile(term, scope))
            return made[0](environment, expected)

        return code


def refusal(reason: str) -> Code:
    """The code of a term that cannot be evaluated, should it ever be needed."""

    def code(_: Environment, __: LeanValue) -> Typed:
        raise NotEvaluatedError(reason)

    return code
