"""Operators between terms: arithmetic, relations, lists, and the types that are written with a symbol."""

from __future__ import annotations

from collections.abc import Callable

from lean_refs.evaluator.arithmetic import MOST_DIGITS, combined, inverse, numeral, power, scaled
from lean_refs.evaluator.coercions import applicable, coerced
from lean_refs.evaluator.compiler import Code, Compiler, Environment, LocalScope, Typed, form
from lean_refs.evaluator.data import item_of
from lean_refs.evaluator.errors import NotEvaluatedError, UnknownError
from lean_refs.evaluator.machine import Delayed, Sought, attempted, expectation, force, is_open, peek
from lean_refs.evaluator.propositions import LINEAR
from lean_refs.evaluator.syntax import Expression, Infix, Number, Prefix
from lean_refs.evaluator.unify import append
from lean_refs.evaluator.values import NAT, PROP, REAL, TYPE, FunctionType, LeanType, LeanValue, arrow
from lean_refs.evaluator.vocabulary.notation import OPERATORS
from lean_refs.evaluator.world import World

_RELATIONS = {"=": "Eq", "≠": "Ne", "<": "LT", "≤": "LE", ">": "LT", "≥": "LE"}
_CONNECTIVES = {"∧": "And", "∨": "Or", "↔": "Iff"}
_ARITHMETIC = frozenset("+-*/%")
_TYPES = {"×": "Prod", "≃": "Equiv"}


@form(Number)
def _number(compiler: Compiler, term: Number, _: LocalScope) -> Code:
    if len(term.text) > MOST_DIGITS:
        raise NotEvaluatedError(f"a numeral of {len(term.text)} digits, more than {MOST_DIGITS}")
    whole, decimals = [*term.text.split("."), ""][:2]
    if not (whole + decimals).isdigit():
        raise NotEvaluatedError(f"the numeral {term.text}")
    world = compiler.world

    def run(_: Environment, expected: LeanValue) -> Typed:
        known = expectation(expected)
        type_ = NAT if known is None or is_open(known) else known
        if not decimals:
            return numeral(world, int(whole), type_), type_
        if type_.__class__ is not LeanType or type_.head != "Real":
            raise NotEvaluatedError(f"the numeral {term.text} where no real number is expected")
        return world.scalars.of_rational(int(whole + decimals), 10 ** len(decimals)), REAL

    return run


@form(Prefix)
def _prefix(compiler: Compiler, term: Prefix, scope: LocalScope) -> Code:
    inner = compiler.compile(term.term, scope)
    world = compiler.world
    if term.operator == "¬":
        return lambda environment, _: (LeanType("Not", (inner(environment, None)[0],)), PROP)
    if term.operator == "↑":
        return lambda environment, expected: coerced(world, inner(environment, None), expected)

    def run(environment: Environment, expected: LeanValue) -> Typed:
        value, type_ = _typed(world, inner, environment, expected)
        if term.operator == "-":
            if force(type_) == NAT:
                raise NotEvaluatedError("the negative of a natural number")
            return attempted(lambda: scaled(world, world.scalars.of_rational(-1, 1), type_, value)), type_
        if force(type_) != REAL:
            raise NotEvaluatedError("⁻¹ of what is no real number")
        return attempted(lambda: inverse(world, force(value))), type_

    return run


def _typed(world: World, code: Code, environment: Environment, expected: LeanValue) -> Typed:
    """A term, where its own type may be a coercion away from what is expected."""
    known = expectation(expected)
    return coerced(world, code(environment, expected), known) if known is not None else code(environment, None)


@form(Infix)
def _infix(compiler: Compiler, term: Infix, scope: LocalScope) -> Code:
    sign = term.operator
    if sign not in OPERATORS:
        raise NotEvaluatedError(f"the operator {sign}")
    left, right = compiler.compile(term.left, scope), compiler.compile(term.right, scope)
    if sign in _ARITHMETIC:
        return _arithmetic(compiler.world, sign, (left, _is_numeral(term.left)), (right, _is_numeral(term.right)))
    if sign in _RELATIONS:
        pair = _pair(compiler.world, (left, _is_numeral(term.left)), (right, _is_numeral(term.right)))
        return _relation(sign, pair)
    if sign in _CONNECTIVES:
        return _applied(_CONNECTIVES[sign], left, right, PROP)
    if head := _TYPES.get(sign) or next((LINEAR[mark] for mark in LINEAR if sign.startswith(mark + "[")), ""):
        return _applied(head, left, right, TYPE)
    return _OTHER[sign](compiler.world, left, right)


def _applied(head: str, left: Code, right: Code, sort: LeanValue) -> Code:
    return lambda environment, _: (
        LeanType(head, (Delayed(lambda: left(environment, None)[0]), Delayed(lambda: right(environment, None)[0]))),
        sort,
    )


def _is_numeral(term: Expression) -> bool:
    """Whether a term has no type of its own: it is made of numerals."""
    match term:
        case Number():
            return True
        case Infix(operator, left, right):
            return operator in "+-*/^%" and _is_numeral(left) and _is_numeral(right)
        case Prefix(_, inner):
            return _is_numeral(inner)
    return False


Side = tuple[Code, bool]
_Sides = Callable[[Environment], tuple[LeanValue, LeanValue, LeanValue]]


def _pair(world: World, left: Side, right: Side) -> _Sides:
    """Both sides at one type, which those tell that have one; `Fin n` gives way to ℕ, and ℕ to ℝ."""

    def run(environment: Environment) -> tuple[LeanValue, LeanValue, LeanValue]:
        if left[1] and not right[1]:
            b, type_ = right[0](environment, None)
            return type_, coerced(world, left[0](environment, type_), type_)[0], b
        a, type_ = left[0](environment, None)
        if right[1]:
            return type_, a, coerced(world, right[0](environment, type_), type_)[0]
        b, other = right[0](environment, type_)
        if _rank(other) > _rank(type_):
            return other, coerced(world, (a, type_), other)[0], b
        return type_, a, coerced(world, (b, other), type_)[0]

    return run


def _rank(type_: LeanValue) -> int:
    """Where a type stands in `Fin n`, ℕ, ℝ: of two, the later one is that of both sides."""
    known = peek(type_)
    return _RANKS.get(known.head, 0) if isinstance(known, LeanType) else 0


_RANKS = {"Nat": 1, "Real": 2}


def _arithmetic(world: World, sign: str, left: Side, right: Side) -> Code:
    pair = _pair(world, left, right)

    def run(environment: Environment, expected: LeanValue) -> Typed:
        known = expectation(expected)
        if known is None or is_open(known):
            if sign == "/" and left[1] and right[1]:
                raise NotEvaluatedError("a quotient of numerals whose type is not known")
            type_, a, b = pair(environment)
        else:
            type_ = known
            a = coerced(world, left[0](environment, type_), type_)[0]
            b = coerced(world, right[0](environment, type_), type_)[0]
        return attempted(lambda: combined(world, sign, type_, a, b)), type_

    return run


def _relation(sign: str, pair: _Sides) -> Code:
    turned = sign in ">≥"

    def run(environment: Environment, _: LeanValue) -> Typed:
        sides = Delayed(lambda: pair(environment))
        a, b = Delayed(lambda: sides.get()[1]), Delayed(lambda: sides.get()[2])
        type_ = Delayed(lambda: sides.get()[0])
        return LeanType(_RELATIONS[sign], (type_, b, a) if turned else (type_, a, b)), PROP

    return run


def _joined(_: World, left: Code, right: Code) -> Code:
    def run(environment: Environment, expected: LeanValue) -> Typed:
        try:
            a, type_ = left(environment, expected)
        except UnknownError:
            b, type_ = right(environment, expected)
            return append(left(environment, type_)[0], b), type_
        return append(a, right(environment, type_)[0]), type_

    return run


def _cons(_: World, left: Code, right: Code) -> Code:
    def run(environment: Environment, expected: LeanValue) -> Typed:
        known = expectation(expected)
        item = item_of(known)
        head, type_ = left(environment, item)
        whole = known if known.__class__ is LeanType else LeanType("List", (type_,))
        return append((head,), right(environment, whole)[0]), whole

    return run


def _scaled(world: World, left: Code, right: Code) -> Code:
    def run(environment: Environment, expected: LeanValue) -> Typed:
        x, type_ = right(environment, expected)
        factor = coerced(world, left(environment, None), REAL)[0]
        return attempted(lambda: scaled(world, force(factor), type_, x)), type_

    return run


def _power(world: World, left: Code, right: Code) -> Code:
    def run(environment: Environment, expected: LeanValue) -> Typed:
        base, type_ = _typed(world, left, environment, expected)
        exponent, kind = right(environment, NAT)
        if force(kind) != NAT:
            raise NotEvaluatedError("^ with an exponent that is no natural number")
        return attempted(lambda: power(world, type_, force(base), force(exponent))), type_

    return run


def _composed(world: World, left: Code, right: Code) -> Code:
    def run(environment: Environment, expected: LeanValue) -> Typed:
        inner, inner_type = _function(world, right(environment, None))
        outer, outer_type = _function(world, left(environment, None))
        type_ = arrow(inner_type.domain, outer_type.codomain(Sought("_")))
        return (lambda x: outer(inner(x))), type_

    return run


def _function(world: World, typed: Typed) -> tuple[Callable[[LeanValue], LeanValue], FunctionType]:
    value, type_ = force(typed[0]), force(typed[1])
    return (value, type_) if isinstance(type_, FunctionType) else applicable(world, (value, type_))


def _rewritten(_: World, __: Code, right: Code) -> Code:
    """`h ▸ e` is e, at another type."""

    def run(environment: Environment, expected: LeanValue) -> Typed:
        value, type_ = right(environment, None)
        return value, expected if expected is not None else type_

    return run


_OTHER: dict[str, Callable[[World, Code, Code], Code]] = {
    "++": _joined, "::": _cons, "•": _scaled, "^": _power, "∘": _composed, "▸": _rewritten,
}  # fmt: skip
