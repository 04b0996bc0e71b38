"""Arguments to binders: by name, by position, by default, and implicit ones from the types of the others."""

from __future__ import annotations

from typing import Protocol

from lean_refs.interpreter.frames import DisagreesError, Frame, OutsideError, term_of
from lean_refs.interpreter.types import Types, checked, determined, known_part, type_of_value
from lean_refs.interpreter.values import PROOF, Context, Symbol, Type, Unknown, Value
from lean_refs.propositions import states
from lean_refs.reader.records import EXPLICIT, Binder, LeanDeclaration
from lean_refs.reader.terms import (
    Apply,
    Arguments,
    Ascribe,
    Brackets,
    Chain,
    Literal,
    Name,
    Operator,
    Term,
)
from lean_refs.reader.tokens import Token

_HOLE = Literal("_")
_DIMENSIONS = frozenset(("Nat", "ℕ", "Shape", "List"))


class TermEvaluator(Protocol):
    """What a call asks of whoever evaluates: the values and the types of terms in a frame."""

    @property
    def types(self) -> Types: ...

    def evaluate(self, term: Term, frame: Frame, expected: Value | None = None) -> Value: ...

    def type_of(self, tokens: tuple[Token, ...], frame: Frame) -> Value: ...

    def symbol(self, term: Term, frame: Frame, expected: Value | None) -> Value: ...


def goes_beyond(declaration: LeanDeclaration, arguments: Arguments) -> bool:
    """Whether a call has more arguments than named binders, as for a function given by patterns."""
    named = {argument.name for argument in arguments}
    free = sum(b.kind == EXPLICIT and b.name not in named for b in declaration.binders)
    return sum(argument.name is None for argument in arguments) > free


def assigned(declaration: LeanDeclaration, arguments: Arguments) -> dict[str, Term]:
    """Which binder each argument is for: by name, or in the order of the explicit binders."""
    binders = [binder.name for binder in declaration.binders if binder.name]
    given = {argument.name: argument.value for argument in arguments if argument.name is not None}
    for name in given.keys() - set(binders):
        raise DisagreesError(f"{declaration.name} has no argument {name}, it has {', '.join(binders)}")
    free = [b.name for b in declaration.binders if b.kind == EXPLICIT and b.name not in given]
    positional = [argument.value for argument in arguments if argument.name is None]
    return given | dict(zip(free, positional, strict=False))


class Call:
    """One call of a definition; `frame` gives the values of its binders."""

    def __init__(self, evaluator: TermEvaluator, declaration: LeanDeclaration, caller: Frame) -> None:
        self._evaluator = evaluator
        self._declaration = declaration
        self._caller = caller
        self._binders = frozenset(binder.name for binder in declaration.binders)
        self._known: dict[str, Value] = {}

    def frame(self, arguments: Arguments, expected: Value | None) -> Frame:
        """The values of all binders: dimensions and contexts first, the other types need them."""
        given = assigned(self._declaration, arguments)
        if expected is not None and self._declaration.result:
            self._infer(term_of(self._declaration.result, self._declaration.name), expected)
        named = [binder for binder in self._declaration.binders if binder.name]
        for binder in sorted(named, key=_is_dimension, reverse=True):
            if given.get(binder.name) == _HOLE:
                continue
            if binder.name in given:
                self._known[binder.name] = self._argument(binder, given[binder.name])
            elif binder.default and binder.name not in self._known:
                self._known[binder.name] = self._evaluator.evaluate(
                    term_of(binder.default, self._declaration.name), self._inner()
                )
        return self._inner()

    def _inner(self) -> Frame:
        name = self._declaration.name
        values = ((b.name, self._known.get(b.name)) for b in self._declaration.binders if b.name)
        bound = tuple((b, Unknown(f"{b} of {name} is not given") if v is None else v) for b, v in values)
        return Frame(self._declaration, bound, self._caller.depth + 1)

    def _argument(self, binder: Binder, term: Term) -> Value:
        type_ = self._evaluator.type_of(binder.type, self._inner()) if binder.type else None
        if type_ is not None and not self._evaluator.types.is_data(type_):
            return self._carried(term, type_, binder)
        value = self._evaluator.evaluate(term, self._caller, type_)
        if isinstance(value, Unknown):
            raise OutsideError(value.why)
        if binder.type:
            self._infer(term_of(binder.type, self._declaration.name), type_of_value(value))
            refined = self._evaluator.type_of(binder.type, self._inner())
            checked(value, refined, self._caller, f"{binder.name} of {self._declaration.name}")
        return value

    def _carried(self, term: Term, type_: Value, binder: Binder) -> Value:
        """An argument that is carried along: a bound parameter must have the type wanted."""
        if isinstance(term, Name) and isinstance(value := self._caller.value(term.text), Symbol | Unknown):
            wanted, got = known_part(type_), value.type if isinstance(value, Symbol) else None
            if isinstance(wanted, Symbol) and isinstance(got, Symbol) and wanted.text != got.text:
                raise DisagreesError(
                    f"{binder.name} := {term.text} in {self._caller.owner.name} is of type {got.text},"
                    f" expected {wanted.text}"
                )
            return PROOF if states(binder.type) else value
        if states(binder.type):
            return PROOF
        return self._evaluator.symbol(term.term if isinstance(term, Ascribe) else term, self._caller, type_)

    def _infer(self, pattern: Term, actual: Value | None) -> None:
        """Fill in implicit binders from a type: `Idx Γ s` against an index, `Γ ++ ss` against a list."""
        match pattern, actual:
            case Name(text), _ if text in self._binders and text not in self._known and determined(actual):
                assert actual is not None
                self._known[text] = actual
            case Apply(_, arguments), Type(_, values):
                for argument, value in zip(arguments, values, strict=False):
                    self._infer(argument.value, value)
            case Chain((first, Operator("++"), *rest)), tuple():
                self._infer_append(first, rest, actual)

    def _infer_append(self, first: Term, rest: list[Term], actual: Context) -> None:
        head = self._known.get(first.text) if isinstance(first, Name) else None
        if isinstance(head, tuple) and len(rest) == 1 and actual[: len(head)] == head:
            self._infer(rest[0], actual[len(head) :])
        match rest:
            case [Brackets("[", (Name() as last,))] if actual:
                self._infer(first, actual[:-1])
                self._infer(last, actual[-1])


def _is_dimension(binder: Binder) -> bool:
    return bool(binder.type) and binder.type[0].text.rsplit(".", 1)[-1] in _DIMENSIONS
