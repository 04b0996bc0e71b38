"""Lists, tuples, anonymous constructors and structure literals."""

from __future__ import annotations

from collections.abc import Sequence

from lean_refs.evaluator.coercions import coerced
from lean_refs.evaluator.compiler import Code, Compiler, Environment, LocalScope, Typed, form
from lean_refs.evaluator.errors import ContractError, NotEvaluatedError, UnknownError
from lean_refs.evaluator.machine import expectation, force
from lean_refs.evaluator.structures import StructureType
from lean_refs.evaluator.syntax import Expression, FieldList, Items
from lean_refs.evaluator.values import PROOF, UNIT, LeanType, LeanValue, Pair


@form(Items)
def _items(compiler: Compiler, term: Items, scope: LocalScope) -> Code:
    if term.bracket == "[":
        return _list([compiler.compile(item, scope) for item in term.items])
    if term.bracket == "(":
        return _tuple([compiler.compile(item, scope) for item in term.items])
    return _anonymous(compiler, term.items, scope)


def _list(codes: Sequence[Code]) -> Code:
    def run(environment: Environment, expected: LeanValue) -> Typed:
        item = item_of(expectation(expected))
        found = [code(environment, item) for code in codes]
        if item is None and not found:
            raise UnknownError("[] where the type that is expected is not known")
        return tuple(value for value, _ in found), LeanType("List", (found[0][1] if item is None else item,))

    return run


def item_of(known: LeanValue) -> LeanValue:
    """The type of the items of a list of the type that is expected, None where that is not known."""
    if known.__class__ is not LeanType:
        return None
    if known.head != "List":
        raise ContractError(f"a list of type {known.head}")
    return known.arguments[0]


def _tuple(codes: Sequence[Code]) -> Code:
    if not codes:
        return lambda environment, expected: (UNIT, LeanType("PUnit"))
    first, rest = codes[0], codes[1] if len(codes) == 2 else _tuple(codes[1:])

    def run(environment: Environment, expected: LeanValue) -> Typed:
        known = expectation(expected)
        is_pair = known.__class__ is LeanType and known.head == "Prod"
        a, b = known.arguments if is_pair else (None, None)
        (x, x_type), (y, y_type) = first(environment, a), rest(environment, b)
        return Pair(x, y), LeanType("Prod", (x_type, y_type))

    return run


def wanted(expected: LeanValue, what: str) -> LeanType:
    """The type that is expected, which must be known for a term of this form."""
    known = None if expected is None else force(expected)
    if not isinstance(known, LeanType):
        raise NotEvaluatedError(f"{what} where the type that is expected is not known")
    return known


def _anonymous(compiler: Compiler, items: Sequence[Expression], scope: LocalScope) -> Code:
    codes = [compiler.later(item, scope) for item in items]
    # ⟨a, b, c⟩ is ⟨a, ⟨b, c⟩⟩ where there are two fields.
    rests = [compiler.later(Items("⟨", tuple(items[at:])), scope) for at in range(len(items))]

    def run(environment: Environment, expected: LeanValue) -> Typed:
        type_ = wanted(expected, "⟨…⟩")
        if type_.head == "PUnit" and not codes:
            return UNIT, type_
        structure = compiler.library.structure(type_.head)
        if structure is None:
            raise NotEvaluatedError(f"⟨…⟩ of type {type_.head}")
        names = [field.name for field in structure.fields]
        if len(codes) < len(names):
            raise NotEvaluatedError(f"⟨…⟩ of type {type_.head} with {len(codes)} of {len(names)} fields")
        given = dict(zip(names, codes, strict=False))
        if len(codes) > len(names):
            given[names[-1]] = rests[len(names) - 1]
        return made(compiler, structure, type_, given, environment), type_

    return run


@form(FieldList)
def _fields(compiler: Compiler, term: FieldList, scope: LocalScope) -> Code:
    codes = {name: compiler.later(value, scope) for name, value in term.fields}

    def run(environment: Environment, expected: LeanValue) -> Typed:
        type_ = wanted(expected, "{ … }")
        structure = compiler.library.structure(type_.head)
        if structure is None:
            raise NotEvaluatedError(f"{{ … }} of type {type_.head}")
        return made(compiler, structure, type_, codes, environment), type_

    return run


def made(
    compiler: Compiler, structure: StructureType, type_: LeanType, given: dict[str, Code], environment: Environment
) -> LeanValue:
    """A value of a structure from the terms for its fields."""
    names = {field.name for field in structure.fields}
    if wrong := next((name for name in given if name not in names), ""):
        raise NotEvaluatedError(f"{structure.name} has no field {wrong}")
    values: dict[str, LeanValue] = {}
    inner = structure.environment(type_)
    for field, (_, field_type) in structure.opened(type_, values.__getitem__):
        code, where = given.get(field.name), environment
        if code is None:
            code, where = field.default, inner
        if field.proof:
            values[field.name] = PROOF
        elif code is None:
            raise NotEvaluatedError(f"{structure.name} without its field {field.name}")
        else:
            values[field.name] = coerced(compiler.world, code(where, field_type), field_type)[0]
        inner = (*inner, (values[field.name], field_type))
    return structure.make(type_, values)
