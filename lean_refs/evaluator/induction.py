"""`induction x with | constructor … => …`: a function that calls itself for each part of x of the same type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lean_refs.evaluator.alternatives import Step, split_alternatives
from lean_refs.evaluator.compiler import Code, Compiler, Environment, LocalScope, Typed
from lean_refs.evaluator.errors import NotEvaluatedError
from lean_refs.evaluator.free import free_names
from lean_refs.evaluator.machine import Delayed, Sought, force
from lean_refs.evaluator.parser import TermReader
from lean_refs.evaluator.patterns import fields_with_types
from lean_refs.evaluator.reading import Head, read_body, read_head
from lean_refs.evaluator.syntax import Application, Expression, Hole, TacticBlock, Var
from lean_refs.evaluator.targets import EXPLICIT
from lean_refs.evaluator.values import Constructed, FunctionType, LeanType, LeanValue


@dataclass(frozen=True, slots=True)
class _Case:
    """One alternative: the names of the constructor's fields and then of the hypotheses, and what it gives."""

    explicit: bool
    names: tuple[str, ...]
    code: Code


@dataclass(frozen=True, slots=True)
class _Generalised:
    """Positions in the environment: of the subject, of the indices of its type, and of what depends on either."""

    subject: int
    indices: tuple[int, ...]
    dependent: tuple[int, ...]


def induction(compiler: Compiler, step: Step, scope: LocalScope) -> Code:
    """The code of the tactic."""
    subject, alternatives = split_alternatives(step)
    if len(subject) != 1 or scope.declaration is None or (position := scope.position(subject[0].text)) is None:
        raise NotEvaluatedError("the tactic induction on what is no variable")
    head = read_head(scope.declaration, read_body(scope.declaration))
    return _Induction(compiler, scope, head, position, alternatives).run


class _Induction:
    def __init__(
        self,
        compiler: Compiler,
        scope: LocalScope,
        head: Head,
        position: int,
        alternatives: Sequence[tuple[Step, Step]],
    ) -> None:
        self._compiler = compiler
        self._names = tuple(parameter.name for parameter in head.parameters)
        if scope.names[: len(self._names)] != self._names or position >= len(self._names):
            raise NotEvaluatedError("the tactic induction on what is no parameter of the declaration")
        self._types = [
            compiler.later(p.type, LocalScope(scope.declaration, self._names[:at])) if p.type else None
            for at, p in enumerate(head.parameters)
        ]
        self._goal = compiler.later(head.result or Hole(), LocalScope(scope.declaration, self._names))
        self._places = _generalised(head, position)
        self._cases = dict(self._case(*one, scope) for one in alternatives)

    def _case(self, pattern: Step, body: Step, scope: LocalScope) -> tuple[str, _Case]:
        term = TermReader(pattern).whole()
        head, arguments = (term.function, term.arguments) if isinstance(term, Application) else (term, ())
        names = tuple(_name(argument.value) for argument in arguments)
        if not isinstance(head, Var):
            raise NotEvaluatedError("an alternative that is no constructor")
        code = self._compiler.compile(TacticBlock(body), scope.binding(*names))
        return head.name, _Case(head.explicit, names, code)

    def run(self, environment: Environment, _: LeanValue) -> Typed:
        """The subject as the environment has it."""
        return self._at(environment)

    def _at(self, environment: Environment) -> Typed:
        subject, type_ = environment[self._places.subject]
        value = force(subject)
        if value.__class__ is not Constructed:
            raise NotEvaluatedError("the tactic induction on a value without constructors")
        case = self._cases.get(value.name.rpartition(".")[2])
        if case is None:
            raise NotEvaluatedError(f"the tactic induction without an alternative for {value.name}")
        fields = fields_with_types(self._compiler, value, type_)
        bound = [typed for parameter, typed in fields if case.explicit or parameter.kind == EXPLICIT]
        bound += [self._hypothesis(environment, typed) for _, typed in fields if _is_part(typed, type_)]
        if len(bound) != len(case.names):
            raise NotEvaluatedError(f"an alternative with {len(case.names)} names for {len(bound)}")
        return case.code((*environment, *bound), self._goal_at(environment))

    def _goal_at(self, environment: Environment) -> LeanValue:
        return Delayed(lambda: self._goal(environment[: len(self._names)], None)[0])

    def _hypothesis(self, environment: Environment, part: Typed) -> Typed:
        """The result for a part of the subject, as a function of what depends on the subject."""
        inner = list(environment)
        inner[self._places.subject] = part
        count = len(force(part[1]).arguments) - len(self._places.indices)
        for number, position in enumerate(self._places.indices):
            inner[position] = (force(part[1]).arguments[count + number], environment[position][1])
        return self._generalise(tuple(inner), self._places.dependent)

    def _generalise(self, environment: Environment, left: tuple[int, ...]) -> Typed:
        if not left:
            return Delayed(lambda: self._at(environment)[0]), self._goal_at(environment)
        position, rest = left[0], left[1:]
        code = self._types[position]
        domain = Delayed(lambda: code(environment[:position], None)[0]) if code else Sought("")

        def given(argument: LeanValue) -> Typed:
            inner = (*environment[:position], (argument, domain), *environment[position + 1 :])
            return self._generalise(inner, rest)

        type_ = FunctionType(self._names[position], "(", domain, lambda argument: given(argument)[1])
        return (lambda argument: force(given(argument)[0])), type_


def _name(term: Expression) -> str:
    match term:
        case Var(name):
            return name
        case Hole():
            return "_"
    raise NotEvaluatedError("an alternative with a pattern for a name")


def _is_part(typed: Typed, type_: LeanValue) -> bool:
    """Whether a field is of the type that the induction is on."""
    found, whole = force(typed[1]), force(type_)
    return isinstance(found, LeanType) and found.head == whole.head


def _generalised(head: Head, position: int) -> _Generalised:
    """What changes with the subject: the variables that index its type, and the parameters that depend on either."""
    names = [parameter.name for parameter in head.parameters]
    subject = head.parameters[position]
    last = subject.type.arguments[-1].value if isinstance(subject.type, Application) else None
    moved = {names[position]}
    indices = [names.index(last.name)] if isinstance(last, Var) and last.name in names else []
    moved |= {names[at] for at in indices}
    dependent: list[int] = []
    for at, parameter in enumerate(head.parameters):
        if at != position and at not in indices and free_names(parameter.type) & moved:
            moved.add(parameter.name)
            dependent.append(at)
    return _Generalised(position, tuple(indices), tuple(dependent))
