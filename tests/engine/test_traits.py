"""What is counted of instances, by family, and that a claim which no change reaches is told from one that follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from mirror.arithmetic import Arithmetic, Array, AtBoundary, Undecided, rational_vector
from mirror.core.soundness import Graph, Idx
from mirror.dims import Dims
from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor.core import tensor
from tests.engine.strategies.shares import BLOCK, drawn
from theorems.engine.asking import LackingValue
from theorems.engine.case import Case
from theorems.engine.codec import fingerprint
from theorems.engine.evidence.verdicts import AtMost, Claim, Equal, Holds
from theorems.engine.families import Family
from theorems.engine.graph_run import GraphRun
from theorems.engine.graphs import GraphSpec, NodeSpec
from theorems.engine.reacting import TRIALS, reacts
from theorems.engine.registry import get, theorems
from theorems.engine.theorem import Theorem
from theorems.engine.traits import (
    DIMENSION,
    EVERY_INPUT,
    IN_SOME,
    MEASURED,
    SAMPLED,
    measured,
    seen,
    traits,
    widths,
)


def of(**case: Any) -> set[str]:
    return set(seen(case))


# ---- what can be read off an instance


@pytest.mark.parametrize(
    ("dims", "traits"),
    [
        ((2, 3, 4, 2, 2), {"every dimension ≥ 2"}),
        ((1, 3, 4, 2, 2), set()),
        ((0, 3, 4, 2, 5), {"a dimension 0", "a dimension > 4"}),
    ],
)
def test_the_dimensions_of_a_block_are_told(dims: tuple[int, ...], traits: set[str]) -> None:
    names = ("seq_len", "d_model", "num_heads", "head_dim", "d_ff")
    assert of(dims=Dims(**dict(zip(names, dims, strict=True)))) == traits


def test_dimensions_are_named_or_else_those_of_shapes_or_else_lengths() -> None:
    assert of(m=2, n=5, x=rational_vector([0])) == {"every dimension ≥ 2", "a dimension > 4"}
    assert of(s=Shape(0, 2), x=rational_vector(range(9))) == {"a dimension 0"}
    assert of(context=(Shape(2), Shape(3)), x=rational_vector(range(5))) == {"every dimension ≥ 2"}
    assert of(a=tensor(Shape(1, 5), range(5))) == {"a dimension > 4"}
    assert of(idx=Idx((Shape(2), Shape(1)), 0, Shape(2)), x=rational_vector([1])) == set()
    assert of(g=GraphSpec((Shape(6),), ())) == {"every dimension ≥ 2", "a dimension > 4"}
    assert of(x=rational_vector([1, 2])) == {"every dimension ≥ 2"}
    assert of(x=fmpq(3), M=np.zeros((2, 2))) == set()


def test_families_and_epsilons_are_told() -> None:
    assert of(mask="block", values="tiny") == {"mask: block", "values: tiny"}
    # A typed list may go by the same name.
    assert of(values=(fmpq(1),)) == set()
    assert of(eps=fmpq(1)) == {"ε > 0"}
    assert of(eps1=fmpq(-1), eps2=fmpq(0)) == {"ε < 0", "ε = 0"}
    (case,) = drawn(get(BLOCK), 0, 1)
    assert of(parameters=case["parameters"]) == {"ε > 0"}
    node = NodeSpec("wholeNode", (0, 1, 2), {"ε": fmpq(-1)})
    assert of(node=node) == of(node=(node, NodeSpec("add", (0, 0)))) == of(g=GraphSpec((), (node,))) == {"ε < 0"}


# What an instance of each family has, and those of the families before it have not.
RECOGNISED: dict[Family, tuple[str, ...]] = {
    Family.DECODER: ("dims",),
    Family.PACKS: ("project_pack",),
    Family.SUBLAYERS: ("attn_pack", "residual_pack"),
    Family.CORE: ("num_heads",),
    Family.FEED_FORWARD: ("fc1",),
    Family.NORM: ("eps",),
    Family.GRAPHS: ("g", "graph", "first"),
    Family.NODES: ("node",),
    Family.ENTRYWISE: ("directions", "f_prime"),
}


def recognised(case: Case) -> Family:
    return next((f for f, names in RECOGNISED.items() if any(name in case for name in names)), Family.VECTORS)


def misfiled(everything: Iterable[Theorem]) -> list[str]:
    """The theorems whose instances are not those of the family that they say."""
    return [t.name for t in everything if t.family is not recognised(drawn(t, 0, 1)[0])]


def test_every_theorem_says_the_family_that_its_instances_show() -> None:
    everything = theorems().values()
    assert {t.family for t in everything} == set(Family)
    assert misfiled(everything) == []
    block, graph = get(BLOCK), get("Graph.backpropVec_eq_adjoint_fderiv_at")
    assert misfiled([replace(block, family=Family.VECTORS), graph]) == [BLOCK]


def test_each_dimension_is_counted_and_the_order_of_magnitude_of_a_width() -> None:
    case = {"dims": Dims(seq_len=2, d_model=0, num_heads=2, head_dim=7, d_ff=1)}
    found = traits(get(BLOCK), case | {"n": 9}, b"\1")
    assert {t: n for t, n in found.items() if t.startswith(DIMENSION)} == {
        "dimension: 2": 2, "dimension: 0": 1, "dimension: 7": 1, "dimension: 1": 1,
    }  # fmt: skip
    sizes = (2.5e-33, 1e-31, 0.0, float("inf"))
    assert [list(widths(size)) for size in sizes] == [["width: -33"], ["width: -31"], [], []]


def test_a_theorem_counts_in_the_family_that_it_says() -> None:
    (case,) = drawn(get(BLOCK), 0, 1)
    assert traits(replace(get(BLOCK), family=Family.NODES), case, b"\1")[Family.NODES] == 1


# ---- what has to be measured


def test_a_block_is_active_in_inputs_by_name_and_a_random_graph_in_some() -> None:
    block, graph = get(BLOCK), get("Graph.backpropVec_eq_adjoint_fderiv_at")
    of_blocks = counted(block)
    assert of_blocks[MEASURED] == 30
    assert 0 < of_blocks[EVERY_INPUT] <= of_blocks["active in Q"] <= of_blocks[IN_SOME] < 30
    assert list(of_blocks)[-8:] == [f"active in {name}" for name in block.inputs]
    assert set(counted(graph)) == {MEASURED, EVERY_INPUT, IN_SOME}


def counted(theorem: Theorem) -> Counter[str]:
    total: Counter[str] = Counter()
    for case in drawn(theorem, 0, 30):
        total.update(measured(theorem, case))
    return total


def test_what_has_no_derivative_is_active_in_all_or_in_nothing() -> None:
    of_equations = counted(get("CtxVec.inner_get_single"))
    assert 0 < of_equations[EVERY_INPUT] == of_equations[IN_SOME] < of_equations[MEASURED]


@cache
def reactions() -> dict[str, list[int]]:
    """Of each theorem without a derivative, which of a few instances are active."""
    cases = {name: drawn(t, 0, 8) for name, t in theorems().items() if not (t.runs or t.differentiates)}
    return {name: [_reacts(theorems()[name], case) for case in some] for name, some in cases.items()}


def _reacts(theorem: Theorem, case: Case) -> int:
    return measured(replace(theorem, never_active=""), case)[EVERY_INPUT]


@pytest.mark.unmeasured
def test_most_instances_of_lemmas_are_active() -> None:
    found = [active for name, some in reactions().items() for active in some if not theorems()[name].never_active]
    assert sum(found) > 0.75 * len(found) > 250


def test_a_theorem_without_an_active_instance_says_why() -> None:
    inert = {name for name, some in reactions().items() if not any(some)}
    assert inert == {t.name for t in theorems().values() if t.never_active}
    (zero,) = (name for name in inert if name.endswith("dot_fill_zero_right"))
    assert measured(theorems()[zero], drawn(theorems()[zero], 0, 1)[0]) == {}


def test_without_an_input_nothing_is_active() -> None:
    theorem = replace(get(BLOCK), runs=lambda ar: [GraphRun(Graph.nil(()), rational_vector([]))], inputs=())
    assert measured(theorem, {}) == {MEASURED: 1, EVERY_INPUT: 0, IN_SOME: 0}


def test_a_sample_is_measured_by_the_instances_own_digest() -> None:
    theorem = get("CtxVec.inner_get_single")
    cases = drawn(theorem, 0, 80)
    digests = [fingerprint(case) for case in cases]
    found = [traits(theorem, case, digest) for case, digest in zip(cases, digests, strict=True)]
    assert [MEASURED in f for f in found] == [d[0] % SAMPLED == 0 for d in digests]
    assert 1 <= sum(MEASURED in f for f in found) <= 30
    assert sum(found, Counter())["measured"] > sum(found, Counter())[EVERY_INPUT] > 0


def claiming(left: Any, right: Any) -> Any:
    """A theorem about a vector x that compares a left and a right side, each a function of x."""

    def conclusion(ar: Arithmetic, x: Array) -> Iterator[Claim]:
        yield Holds("not a number", True)
        yield Equal("left = right", left(x), right(x))

    return replace(get("CtxVec.inner_get_single"), conclusion=conclusion)


CASE = {"x": rational_vector([1, 2, 3])}


def test_both_sides_have_to_follow_a_change_and_a_number_but_zero_has_to_be_compared() -> None:
    assert reacts(claiming(lambda x: x, lambda x: x), CASE)
    assert not reacts(claiming(lambda x: x * 0, lambda x: x * 0), CASE)
    assert not reacts(claiming(lambda x: x, lambda x: CASE["x"]), CASE)
    assert not reacts(claiming(lambda x: CASE["x"], lambda x: x), CASE)
    assert not reacts(claiming(lambda x: x[:0], lambda x: x[:0]), CASE)


def test_what_is_not_decided_at_the_precision_of_the_measurement_does_not_react() -> None:
    def straddling(x: Array) -> Array:
        raise Undecided("which side")

    assert not reacts(claiming(straddling, straddling), CASE)


def test_a_change_that_a_theorem_does_not_admit_says_nothing() -> None:
    def refusing(x: Array) -> Array:
        if list(x) != [1, 2, 3]:
            raise ValueError("it has to be so")
        return x

    assert not reacts(claiming(refusing, refusing), CASE)


def test_a_change_that_leaves_the_arithmetic_undecided_says_nothing() -> None:
    def undecided(x: Array) -> Array:
        if list(x) != [1, 2, 3]:
            raise AtBoundary("elsewhere")
        return x

    assert not reacts(claiming(undecided, undecided), CASE)


@pytest.mark.parametrize("fault", [TypeError, NameError, AttributeError, LackingValue, RuntimeError, MemoryError])
def test_a_fault_of_what_checks_is_not_taken_for_a_change_that_does_not_fit(fault: type[Exception]) -> None:
    def broken(x: Array) -> Array:
        if x[1] != 2:
            raise fault("boo")
        return x

    with pytest.raises(fault, match="boo"):
        reacts(claiming(broken, broken), CASE)


def test_numbers_are_changed_before_counts() -> None:
    """A count that changes alone does not fit as a rule, and only so many values are changed."""
    counts = {f"n{k}": k for k in range(2 * TRIALS)}
    assert reacts(claiming(lambda x: x, lambda x: x), {**counts, **CASE})


def test_lone_numbers_counts_and_bounds_are_changed_too() -> None:
    def conclusion(ar: Arithmetic, a: Any, n: int) -> Iterator[Claim]:
        yield AtMost("a n ≤ a n", a * n, a * n, 1)

    theorem = replace(get("CtxVec.inner_get_single"), conclusion=conclusion)
    assert reacts(theorem, {"a": fmpq(1, 3), "n": 0 + 2, "flag": True})
    assert reacts(theorem, {"n": 2, "a": fmpq(5)})


def test_of_a_long_instance_only_so_many_values_are_changed() -> None:
    changed: list[Any] = []

    def noticing(x: Array) -> Array:
        changed.append(x)
        return CASE["x"]

    many = {f"v{k}": rational_vector([k]) for k in range(3 * TRIALS)}
    assert not reacts(claiming(noticing, noticing), {"empty": rational_vector([]), "mark": True, **many, **CASE})
    assert len(changed) == 2 * (1 + TRIALS)
