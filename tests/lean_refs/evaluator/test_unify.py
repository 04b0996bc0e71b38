"""Unification: what it finds, what it says differs, and what it leaves open."""

import pytest

from lean_refs.evaluator import (
    NAT,
    PROOF,
    REAL,
    Constructed,
    Fin,
    FunctionType,
    LeanType,
    Pair,
    StructureValue,
    arrow,
    euclidean,
)
from lean_refs.evaluator.errors import UnknownError
from lean_refs.evaluator.machine import Blocked, Delayed, Sought, force, peek
from lean_refs.evaluator.unify import Unifier, append


def same(a, b):
    return Unifier().same(a, b)


def named(type_, name, *arguments):
    return LeanType(type_.head, type_.arguments, ((name, arguments), *type_.via))


def blocked(name, *arguments):
    return Blocked(name, arguments, lambda: force(arguments[0]))


@pytest.mark.parametrize(
    ("a", "b", "answer"),
    [
        (euclidean(2), euclidean(2), True),
        (euclidean(2), euclidean(3), False),
        (NAT, REAL, False),
        (NAT, 3, False),
        (arrow(NAT, REAL), arrow(NAT, REAL), True),
        (arrow(NAT, REAL), arrow(NAT, NAT), False),
        (FunctionType("i", "(", NAT, lambda n: LeanType("Fin", (n,))), arrow(NAT, NAT), False),
        ((1, 2), (1, 2), True),
        ((1, 2), (1,), False),
        (Pair(1, 2), Pair(1, 3), False),
        (Fin(1, 2), Fin(1, 2), True),
        (Constructed("T.a", (1,)), Constructed("T.a", (2,)), False),
        (Constructed("T.a", ()), Constructed("T.b", ()), False),
        (StructureValue("S", {"x": 1}), StructureValue("S", {"x": 1}), True),
        (StructureValue("S", {"x": 1}), StructureValue("T", {"x": 1}), False),
        (lambda x: x, lambda x: x + 1, None),
        (abs, abs, True),
        ((abs, 1), (max, 1), None),
        ((abs, 1), (max, 2), False),
        (lambda x: x, 1, False),
        (PROOF, PROOF, True),
        (Delayed(lambda: 3), 3, True),
        (blocked("f", Sought("n")), 3, None),
        (3, blocked("f", Sought("n")), None),
        (Delayed(lambda: force(Sought("n"))), 3, None),
        ((blocked("f", Sought("n")), 1), (3, 1), None),
        ((blocked("f", Sought("n")), 1), (3, 2), False),
    ],
)
def test_known_values(a, b, answer):
    assert same(a, b) is answer


def test_what_is_unknown_is_set_on_either_side():
    n, m, chain = Sought("n"), Sought("m"), Sought("chain")
    assert same(euclidean(n), euclidean(2))
    assert same(euclidean(3), euclidean(m))
    assert same(chain, n)
    assert (force(n), force(m), force(chain)) == (2, 3, 2)
    with pytest.raises(UnknownError, match="the argument k cannot be found"):
        force(Sought("k"))


def test_a_type_remembers_what_named_it():
    Γ, wrong = Sought("Γ"), Sought("wrong")
    assert same(named(euclidean(blocked("size", Γ)), "Ctx", Γ), named(euclidean(5), "Ctx", (1, 4)))
    assert force(Γ) == (1, 4)
    # Names with other arguments tell nothing: the types themselves decide, and nothing is left set.
    assert same(named(euclidean(2), "Ctx", wrong, 1), named(euclidean(2), "Ctx", 7, 2))
    assert not wrong.found
    assert same(named(euclidean(2), "Ctx"), named(euclidean(2), "Vec"))


def test_functions_of_one_name_tell_what_is_unknown_beside_them_and_decide_nothing():
    n, m = Sought("n"), Sought("m")
    assert same(named(LeanType("T", (1,)), "Of", abs, n), named(LeanType("T", (2,)), "Of", max, 3)) is False
    assert force(n) == 3
    assert same(named(LeanType("T", (1,)), "Of", abs, m), named(LeanType("T", (1,)), "Of", max, 3)) is True
    assert force(m) == 3
    assert same(blocked("f", abs), blocked("f", max)) is None


def test_a_blocked_call_is_the_same_as_a_call_of_its_name():
    n, m, k = Sought("n"), Sought("m"), Sought("k")
    assert same(blocked("f", Sought("x"), n), blocked("f", Sought("y"), 4))
    assert same(named(LeanType("PUnit"), "Slopes", 5), blocked("Slopes", m))
    assert same(blocked("node", k), StructureValue("Node", {}, (("node", (6,)),)))
    assert (force(n), force(m), force(k)) == (4, 5, 6)


def test_a_list_is_split_where_one_part_is_unknown():
    Γ, τ, ss = Sought("Γ"), Sought("τ"), Sought("ss")
    assert same(append(Γ, (τ,)), (1, 2, 3))
    assert (force(Γ), force(τ)) == ((1, 2), 3)
    assert same(append((1,), append(ss, (4,))), append((1, 2), (3, 4)))
    assert force(ss) == (2, 3)
    assert force(append(Γ, (9,))) == (1, 2, 9)


def test_lists_that_differ_or_leave_too_much_open():
    a, b, c, d = (Sought(name) for name in "abcd")
    assert same(append(a, (1,)), append(b, (2,))) is not True
    assert same(append(c, d), (1, 2)) is None
    assert same(append(c, d), append(c, d))
    assert same(append((), append(c, ())), (1,))
    assert same(append((1,), Sought("x")), append((1,), (2,)))
    assert same(append(Delayed(lambda: force(Sought("y"))), (1,)), (2, 1)) is None
    empty = Sought("empty")
    assert same(append(empty, (1, 2)), (1, 2))
    assert force(empty) == ()
    assert same(append(Sought("z"), (5,)), ()) is not True
    assert peek(append(Sought("z"), (5,))).__class__ is Blocked


def test_what_depends_on_itself_is_not_known():
    loop: list[Delayed] = []
    loop.append(Delayed(lambda: force(loop[0])))
    with pytest.raises(UnknownError, match="what depends on itself"):
        force(loop[0])
