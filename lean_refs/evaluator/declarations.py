"""Declarations of a source as targets: definitions, theorems, types, their constructors and fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lean_refs.evaluator.arithmetic import applied
from lean_refs.evaluator.coercions import NUMBERS, coerced
from lean_refs.evaluator.compiler import Code, Compiler, Environment, LocalScope
from lean_refs.evaluator.errors import NotEvaluatedError, UnknownError
from lean_refs.evaluator.free import free_names
from lean_refs.evaluator.instances import class_field
from lean_refs.evaluator.kept import KeptFunction
from lean_refs.evaluator.lifted import lifted, type_of
from lean_refs.evaluator.machine import Delayed, force, is_open, peek
from lean_refs.evaluator.moves import ELSEWHERE, Moves
from lean_refs.evaluator.patterns import equations
from lean_refs.evaluator.propositions import head_of, is_proposition
from lean_refs.evaluator.reading import (
    ReadParameter,
    leading,
    patterns_of,
    read_body,
    read_head,
    read_term,
)
from lean_refs.evaluator.structures import StructureType, read_record, record
from lean_refs.evaluator.syntax import Binding, BoundName, Expression, Match, Var
from lean_refs.evaluator.targets import LeanParameter, Target
from lean_refs.evaluator.values import (
    PROOF,
    TYPE,
    Constructed,
    FunctionType,
    LeanType,
    LeanValue,
    StructureValue,
    is_plain,
)
from lean_refs.reader.records import LeanDeclaration, Member

_FUNCTION = type(lambda: None)
_TYPES = ("structure", "inductive", "class")


class Builder:
    """Builds targets with a compiler, whose names are those of the source."""

    def __init__(self, compiler: Compiler) -> None:
        self._compiler = compiler

    def target(self, declaration: LeanDeclaration) -> Target:
        """The target of a declaration; raises `NotEvaluatedError` if its text is not understood."""
        try:
            if declaration.kind in _TYPES:
                return self._former(declaration)
            return self._definition(declaration)
        except NotEvaluatedError as refusal:
            raise refusal.located(declaration.name, declaration.file, declaration.line) from None

    def parameters(self, read: Sequence[ReadParameter], scope: LocalScope) -> tuple[list[LeanParameter], LocalScope]:
        """Parameters one after the other, each in the scope of those before it."""
        found: list[LeanParameter] = []
        for one in read:
            found.append(self._parameter(one, scope))
            scope = scope.binding(one.name)
        return found, scope

    def _parameter(self, read: ReadParameter, scope: LocalScope) -> LeanParameter:
        compiler = self._compiler
        type_ = compiler.later(read.type, scope) if read.type else None
        default = compiler.later(read.default, scope) if read.default else None
        proof = read.type is not None and is_proposition(read.type, scope, compiler.library)
        mentions = frozenset(free_names(read.type))
        return LeanParameter(read.name, read.kind, type_, default, proof, head_of(read.type), mentions=mentions)

    # ---- definitions and theorems

    def _definition(self, declaration: LeanDeclaration) -> Target:
        body = None if declaration.is_theorem else read_body(declaration)
        head = read_head(declaration, body)
        scope = LocalScope(declaration)
        parameters, inner = self.parameters(head.parameters, scope)
        own = sum(parameter.declared for parameter in head.parameters)
        result = self._compiler.later(head.result, inner) if head.result else None
        predicate = isinstance(head.result, Var) and head.result.name == "Prop"
        if declaration.is_theorem:
            return Target(declaration.name, parameters, result or _untyped, _unrun, proof=True)
        if body is None:
            raise NotEvaluatedError(f"{declaration.kind} without a body")
        run = self._body(declaration, body, parameters, own, result)
        return Target(declaration.name, parameters, result or run.typed, run, predicate=predicate)

    def _body(
        self,
        declaration: LeanDeclaration,
        body: Expression,
        parameters: Sequence[LeanParameter],
        own: int,
        result: Code | None,
    ) -> Body:
        names = tuple(parameter.name for parameter in parameters[:own])
        count = patterns_of(body)
        if isinstance(body, Match) and count:
            return Equations(self._compiler, declaration, body, parameters, own, count, result)
        hidden = 0
        while own + hidden < len(parameters) and parameters[own + hidden].kind != "(" and not _binds(body):
            # Lean binds the implicit arguments of the type itself.
            hidden += 1
        scope = LocalScope(declaration, (*names, *("·",) * hidden))
        return Body(self._compiler, declaration, self._compiler.later(body, scope), parameters, own + hidden, result)

    # ---- types

    def _former(self, declaration: LeanDeclaration) -> Target:
        parameters, _ = self._type_parameters(declaration)
        name = declaration.name
        sort = read_term(declaration, declaration.result) if declaration.result else None
        predicate = isinstance(leading(sort)[1], Var) and getattr(leading(sort)[1], "name", "") == "Prop"
        return Target(
            name,
            parameters,
            lambda _, __: (TYPE, TYPE),
            lambda environment: LeanType(name, tuple(value for value, _ in environment)),
            predicate=predicate,
        )

    def _type_parameters(self, declaration: LeanDeclaration) -> tuple[list[LeanParameter], LocalScope]:
        """The parameters and indices of a type, and the scope that its members see."""
        head = read_head(declaration, None)
        return self.parameters(head.parameters, LocalScope(declaration))

    def type_parameters(self, declaration: LeanDeclaration) -> int:
        """How many parameters a type has, without its indices."""
        return sum(parameter.declared for parameter in read_head(declaration, None).parameters)

    def member(self, declaration: LeanDeclaration, name: str) -> Target:
        """The target of a constructor or of a field."""
        member = next(member for member in declaration.members if member.name == name)
        try:
            if declaration.kind == "inductive":
                return self._constructor(declaration, member)
            return self._field(declaration, member)
        except NotEvaluatedError as refusal:
            raise refusal.located(f"{declaration.name}.{name}", declaration.file, declaration.line) from None

    def _read_member(
        self, declaration: LeanDeclaration, member: Member
    ) -> tuple[list[ReadParameter], Expression | None]:
        shell = replace(declaration, binders=member.binders, result=member.type)
        head = read_head(shell, None)
        return list(head.parameters), head.result

    def _constructor(self, declaration: LeanDeclaration, member: Member) -> Target:
        own = [p for p in read_head(declaration, None).parameters if p.declared]
        parameters, scope = self.parameters([replace(p, kind="{") for p in own], LocalScope(declaration))
        read, result = self._read_member(declaration, member)
        fields, inner = self.parameters(read, scope)
        name, count = f"{declaration.name}.{member.name}", len(parameters)
        former = Var(declaration.name, 0)
        type_ = self._compiler.later(result or former, inner)
        return Target(
            name,
            [*parameters, *fields],
            type_,
            lambda environment: Constructed(name, tuple([_field(*typed) for typed in environment[count:]])),
        )

    def structure(self, declaration: LeanDeclaration) -> StructureType:
        """The structure (or class) that a declaration makes."""
        parameters, scope = self._type_parameters(declaration)
        fields: list[LeanParameter] = []
        for member in declaration.members:
            read, result = self._read_member(declaration, member)
            default = read_term(declaration, member.default) if member.default else None
            fields.append(self._parameter(ReadParameter(member.name, "(", _type(read, result), default), scope))
            scope = scope.binding(member.name)
        return StructureType(declaration.name, parameters, fields, record(declaration.name), read_record)

    def _field(self, declaration: LeanDeclaration, member: Member) -> Target:
        """`StructureType.field value`; for a class, the field of the instance that its type has."""
        structure = self.structure(declaration)
        own = [replace(parameter, kind="{") for parameter in structure.parameters]
        count, name = len(own), member.name
        if declaration.kind == "class":
            return class_field(self._compiler, structure, own, name)

        def type_of(environment: Environment) -> LeanType:
            return LeanType(structure.name, tuple(value for value, _ in environment[:count]))

        subject = LeanParameter("self", "(", lambda e, _: (type_of(e), TYPE), head=structure.name)
        return Target(
            f"{structure.name}.{name}",
            [*own, subject],
            lambda e, _: (structure.type_of(type_of(e), name, lambda field: structure.value(e[count][0], field)), TYPE),
            lambda e: structure.value(e[count][0], name),
            proof=any(field.name == name and field.proof for field in structure.fields),
        )

    def local_function(self, declaration: LeanDeclaration, name: str) -> Target | None:
        """The function that a `let rec` in a definition makes; None where there is none of that name."""
        found = lifted(self._compiler, declaration, name)
        if found is None:
            return None
        parameters, scope = self.parameters(found.parameters, LocalScope(declaration))
        code = self._compiler.later(found.term, scope)
        type_ = self._compiler.later(type_of(found.term), scope)
        full = f"{declaration.name}.{name}"
        return Target(full, parameters, type_, lambda environment: code(environment, None)[0])


def _field(value: LeanValue, type_: LeanValue) -> LeanValue:
    """The argument of a constructor: the values of functions are kept."""
    value = peek(value)
    return KeptFunction(value, type_) if value.__class__ is _FUNCTION else value


def _type(read: Sequence[ReadParameter], result: Expression | None) -> Expression | None:
    """A member's type as one term, with its own binders in front."""
    if not read or result is None:
        return result
    return Binding("∀", tuple(BoundName(p.name, p.kind, p.type) for p in read), result)


def _binds(body: Expression) -> bool:
    """Whether a body binds implicit arguments itself."""
    return isinstance(body, Binding) and body.keyword == "fun" and body.bound[0].kind not in ("", "(")


def _untyped(_: Environment, __: LeanValue) -> tuple[LeanValue, LeanValue]:
    raise NotEvaluatedError("a theorem without a statement")


def _unrun(_: Environment) -> LeanValue:
    return PROOF


# These remember which definitions gave them, with which arguments: Lean's unification looks at that first.
_NAMED = frozenset((LeanType, StructureValue))
_MOST_KNOWN = 5000
# Graphs, nodes and tensors: what is computed of one is computed again and again.
_WORTHWHILE = frozenset((Constructed, StructureValue))


def remembered_as(values: Sequence[LeanValue]) -> tuple[LeanValue, ...] | None:
    """What a call is remembered by: plain arguments themselves, the identity of others; None if it is not worth it."""
    plain = [is_plain(value) for value in values]
    if not all(plain):
        kinds = {value.__class__ for value, is_one in zip(values, plain, strict=True) if not is_one}
        if any(map(is_open, values)) or not kinds & _WORTHWHILE:
            return None
    return tuple([value if is_one else (id(value),) for value, is_one in zip(values, plain, strict=True)])


class Body:
    """What a definition by one term does with its parameters, of which the first `own` are in its scope."""

    def __init__(
        self,
        compiler: Compiler,
        declaration: LeanDeclaration,
        code: Code | None,
        parameters: Sequence[LeanParameter],
        own: int,
        result: Code | None,
    ) -> None:
        self._world = compiler.world
        self._declaration = declaration
        self._code = code
        self._parameters = parameters
        self._own = own
        self._result = result
        self._known: dict[tuple[int, tuple[LeanValue, ...]], tuple[LeanValue, list[LeanValue]]] = {}
        self._moves = Moves(compiler.world, parameters, self._ran)

    def __call__(self, environment: Environment) -> LeanValue:
        values = [peek(value) for value, _ in environment]
        remembered = remembered_as(values)
        # What is found from the same numbers at more bits is narrower.
        key = None if remembered is None else (self._world.scalars.bits(), remembered)
        if key is not None and key in self._known:
            return self._known[key][0]
        value = self._moves(values)
        if value is ELSEWHERE:
            value = self._ran(environment)
        if key is not None:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            # The values are kept, so that no other value gets their identity.
            self._known[key] = value, values
        return value

    def _ran(self, environment: Environment) -> LeanValue:
        declaration = self._declaration
        try:
            with self._world.calling(declaration.name):
                value = self._value(environment[: self._own])
                for argument, _ in environment[self._own :]:
                    value = applied(value, argument)
        except UnknownError:
            raise
        except NotEvaluatedError as refusal:
            raise refusal.located(declaration.name, declaration.file, declaration.line) from None
        value = peek(value)
        if value.__class__ in NUMBERS and self._result is not None:
            value = coerced(self._world, (value, None), self._result(environment, None)[0])[0]
        if value.__class__ in _NAMED:
            named = (declaration.name, tuple(argument for argument, _ in environment))
            return replace(value, via=(named, *value.via))
        return value

    def _value(self, environment: Environment) -> LeanValue:
        return self._typed(environment)[0]

    def _typed(self, environment: Environment) -> tuple[LeanValue, LeanValue]:
        assert self._code is not None
        return self._code(environment, self.expected(environment, self._own))

    def typed(self, environment: Environment, _: LeanValue) -> tuple[LeanValue, LeanValue]:
        """The type of the result, where none is declared: that of the body."""
        return force(self._typed(environment)[1]), TYPE

    def expected(self, environment: Environment, count: int) -> LeanValue:
        """The type that a definition has after its first `count` parameters; None where none is declared."""
        if self._result is None:
            return None
        result = self._result
        if count == len(self._parameters):
            return Delayed(lambda: result(environment, None)[0])
        parameter = self._parameters[count]
        code = parameter.type
        type_ = Delayed(lambda: code(environment, None)[0]) if code else Delayed(lambda: force(None))
        return FunctionType(
            parameter.name,
            parameter.kind,
            type_,
            lambda argument: self.expected((*environment, (argument, type_)), count + 1),
        )


class Equations(Body):
    """A definition by equations: its first `own` parameters are in scope, the next `count` are matched."""

    def __init__(
        self,
        compiler: Compiler,
        declaration: LeanDeclaration,
        body: Match,
        parameters: Sequence[LeanParameter],
        own: int,
        count: int,
        result: Code | None,
    ) -> None:
        super().__init__(compiler, declaration, None, parameters, own + count, result)
        self._scoped = own
        names = tuple(parameter.name for parameter in parameters[:own])
        self._rows = equations(compiler, body, LocalScope(declaration, names))

    def _typed(self, environment: Environment) -> tuple[LeanValue, LeanValue]:
        scoped, matched = environment[: self._scoped], environment[self._scoped :]
        return self._rows(scoped, matched, self.expected(environment, self._own))
