"""One instance: a counterexample is one, and an exception is the mirror's or that of what checks."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from mirror.arithmetic import EXACT, Arithmetic, Array, AtBoundary, Undecided, rational_vector
from mirror.core.soundness import Idx
from mirror.core.vectorization import inner
from mirror.spec.core.shape import Shape
from theorems.engine.asking import LackingValue
from theorems.engine.assessing import assess, fails, fails_alike
from theorems.engine.case import BOUNDARY
from theorems.engine.checking import check
from theorems.engine.evidence.verdicts import Claim, Equal, Holds, Verdict
from theorems.engine.lean_values import ProofOf
from theorems.engine.theorem import Hypothesis, Theorem, theorem
from theorems.fderiv.elementwise import has_fderiv_at_elemwise_vec
from theorems.nodes.context import inner_get_single
from theorems.nodes.elementwise import has_deriv_at_sqrt_clamp_of_pos, is_positive

CASE = {"idx": Idx((Shape(2),), 0, Shape(2)), "x": rational_vector([3, 5]), "v": rational_vector([0, 4])}
Raises = Callable[[Array], Any]


def concluding(raises: Raises) -> Theorem:
    def conclusion(ar: Arithmetic, x: Array) -> Iterator[Claim]:
        yield Holds("a claim that passes", True)
        yield Holds("a claim that raises", bool(raises(x)))

    return dataclasses.replace(inner_get_single, conclusion=conclusion)


def supposing(raises: Raises) -> Theorem:
    hypothesis = Hypothesis("h", "it raises", lambda ar, x: bool(raises(x)))
    return dataclasses.replace(inner_get_single, hypotheses=(hypothesis,))


def of_another_length(x: Array) -> Any:
    return inner(EXACT, x, x[:1])


def beyond_a_context(x: Array) -> Any:
    return Idx((), 0, Shape())


def irrational(x: Array) -> Any:
    return EXACT.exp(x)


def numpy_below_the_mirror(x: Array) -> Any:
    return EXACT.concat([object()])  # type: ignore[list-item]


@pytest.mark.parametrize("makes", [concluding, supposing])
@pytest.mark.parametrize(
    ("raises", "said"),
    [
        (of_another_length, "ValueError in mirror.core.vectorization.inner: inner product of vectors"),
        (beyond_a_context, "IndexError in mirror.core.soundness.Idx.__post_init__: index 0 into"),
        (irrational, "Irrational in mirror.arithmetic.rigorous."),
        (numpy_below_the_mirror, "ValueError in mirror.arithmetic.rigorous."),
    ],
)
def test_an_exception_of_the_mirror_is_raised(makes: Callable[[Raises], Theorem], raises: Raises, said: str) -> None:
    found = assess(makes(raises), CASE)
    assert found.verdict is Verdict.RAISED
    assert found.mismatch is not None
    assert found.mismatch.left.startswith(said)


def beyond_the_end(x: Array) -> Any:
    return x[7]


def divides_by_zero(x: Array) -> Any:
    return 1 // 0


def called_wrongly(x: Array) -> Any:
    return inner(x)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


class Huge:
    def __mul__(self, other: object) -> object:
        raise MemoryError


def out_of_memory(x: Array) -> Any:
    numbers = np.asarray([Huge()], dtype=object)
    return inner(EXACT, numbers, numbers)


@pytest.mark.parametrize("makes", [concluding, supposing])
@pytest.mark.parametrize(
    ("raises", "kind"),
    [
        (beyond_the_end, IndexError),
        (called_wrongly, TypeError),
        (divides_by_zero, ZeroDivisionError),
        (out_of_memory, MemoryError),  # in the mirror, which cannot help it
    ],
)
def test_an_exception_of_what_checks_is_no_verdict(
    makes: Callable[[Raises], Theorem], raises: Raises, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        assess(makes(raises), CASE)


def test_a_fault_of_what_checks_ends_a_run_at_once() -> None:
    looked_at: list[Array] = []

    def broken(x: Array) -> Any:
        looked_at.append(x)
        raise KeyError("boo")

    with pytest.raises(KeyError, match="boo"):
        check(concluding(broken), examples=50)
    assert len(looked_at) == 1  # nothing is shrunk


# ---- names


def test_a_misspelt_name_is_found_with_the_first_instance_and_said() -> None:
    def misspelt(ar: Arithmetic, idx: Idx, X: Array) -> Iterator[Claim]:
        raise AssertionError("it was called")

    theorem = dataclasses.replace(
        inner_get_single, conclusion=misspelt, hypotheses=(Hypothesis("h", "?", lambda ar, idx, X, w: True),)
    )
    with pytest.raises(LackingValue) as found:
        assess(theorem, CASE)
    missing = "X (asked for by the conclusion, h), w (asked for by h)"
    assert str(found.value) == f"{theorem.name}: its instances lack {missing}; they have idx, x, v"
    with pytest.raises(LackingValue):
        check(theorem, examples=1)


def test_what_lean_takes_is_of_a_binder_and_of_values_that_there_are() -> None:
    known = has_fderiv_at_elemwise_vec
    said = {"formula": known.formula, "says": known.says, "binders": known.binders, "family": known.family}
    entries = {"g": lambda f: f, "f": lambda f: f, "g'": lambda f: f}
    with pytest.raises(ValueError, match=r"in_lean is about g, g'; Lean binds n, f, f', x, hf"):
        theorem(known.name, **said, instances=known.instances, in_lean=entries)(known.conclusion)
    misspelt = dataclasses.replace(known, in_lean={"f": lambda eff: eff, "hf": ProofOf("P", "h")})
    assert misspelt.lacking({"f": "tanh", "f_prime": "tanh", "x": (), "directions": ()}) == {"eff": ["f in Lean"]}


def test_names_are_read_once_a_theorem(monkeypatch: pytest.MonkeyPatch) -> None:
    made = concluding(lambda x: True)
    monkeypatch.delattr("inspect.signature")
    assert assess(made, CASE).verdict is Verdict.EQUAL


@pytest.mark.parametrize("function", [lambda x: True, lambda: True], ids=["another", "nothing"])
def test_the_arithmetic_comes_first(function: Callable[..., Any]) -> None:
    with pytest.raises(TypeError, match=r"<lambda>\(x?\) should take the arithmetic `ar`, then values of the instance"):
        Hypothesis("h", "?", function)
    with pytest.raises(TypeError, match="should take the arithmetic `ar`"):
        dataclasses.replace(inner_get_single, conclusion=function)


def test_only_a_mark_may_have_a_default() -> None:
    marked = Hypothesis("h", "?", lambda ar, x, boundary=False: not boundary)
    theorem = dataclasses.replace(inner_get_single, hypotheses=(marked,))
    assert assess(theorem, CASE).verdict is Verdict.EQUAL
    assert assess(theorem, {**CASE, BOUNDARY: True}).verdict is Verdict.UNSATISFIED
    with pytest.raises(TypeError, match=r"ar, boundry\): boundry is no mark \(boundary, .*\), so it has no default"):
        Hypothesis("h", "?", lambda ar, boundry=False: not boundry)


# ---- hypotheses

TRUE = Hypothesis("true", "it holds", lambda ar: True)
FALSE = Hypothesis("false", "it does not hold", lambda ar: False)
NEVER = Hypothesis("never", "nor does it", lambda ar: False)


def no_answer(ar: Arithmetic) -> bool:
    raise Undecided("for a test")


def at_a_boundary(ar: Arithmetic) -> bool:
    raise AtBoundary("for a test")


OPEN = Hypothesis("open", "it cannot be decided", no_answer)
CORNER = Hypothesis("corner", "it stands at a boundary", at_a_boundary)


@pytest.mark.parametrize(
    ("hypotheses", "said"),
    [
        ((TRUE, TRUE), "equal"),
        ((TRUE, FALSE), "unsatisfied: hypothesis false: false against true"),
        ((FALSE, TRUE, NEVER, OPEN), "unsatisfied: hypotheses false, never: false against true"),
        ((TRUE, OPEN), "undecided: hypothesis open: cannot be decided against true"),
        ((OPEN, CORNER), "undecided: hypotheses open, corner: cannot be decided against true"),
    ],
)
def test_hypotheses_that_an_instance_does_not_satisfy_are_named(hypotheses: tuple[Hypothesis, ...], said: str) -> None:
    theorem = dataclasses.replace(inner_get_single, hypotheses=hypotheses)
    found = assess(theorem, CASE)
    assert (f"{found.verdict}: {found.mismatch}" if found.mismatch else str(found)) == said
    assert theorem.failed_hypotheses(CASE) == [h.name for h in hypotheses if h is not TRUE]
    assert [theorem.satisfies(h, CASE) for h in (TRUE, FALSE, OPEN)] == [True, False, None]


def test_an_instance_that_fails_a_hypothesis_refutes_nothing() -> None:
    theorem = dataclasses.replace(concluding(lambda x: False), hypotheses=(FALSE,))
    assert assess(theorem, CASE).verdict is Verdict.UNSATISFIED


def test_a_strategy_that_leaves_the_hypotheses_is_named_with_its_instance() -> None:
    def points(sizes: Any) -> Any:
        return st.integers(-1, 9).map(lambda n: {"x": rational_vector([n])[0]})

    report = check(dataclasses.replace(has_deriv_at_sqrt_clamp_of_pos, instances=points), examples=100)
    assert (report.verdict, report.passed) == (Verdict.UNSATISFIED, False)
    assert report.failure is not None
    assert not is_positive(EXACT, report.failure.case["x"])
    assert "hypothesis hx" in str(report.failure.judgement)


# ---- what ends a run, and as what


def test_only_what_is_undecided_at_a_named_boundary_is_excused() -> None:
    undecided = assess(dataclasses.replace(inner_get_single, hypotheses=(OPEN,)), CASE)
    false = assess(concluding(lambda x: False), CASE)
    assert not fails({BOUNDARY: True}, undecided)
    assert fails({BOUNDARY: False}, undecided)
    assert fails({}, undecided)
    assert fails({BOUNDARY: True}, false)
    assert not fails({}, assess(inner_get_single, CASE))


def test_failures_are_alike_by_verdict_hypotheses_and_exception() -> None:
    by_exception = [assess(concluding(raises), CASE) for raises in (of_another_length, irrational)]
    by_hypothesis = [assess(dataclasses.replace(inner_get_single, hypotheses=(h,)), CASE) for h in (FALSE, NEVER)]
    false = assess(concluding(lambda x: False), CASE)
    kinds = [*by_exception, *by_hypothesis, false]
    for one in kinds:
        assert [fails_alike(CASE, other, one) for other in kinds] == [other is one for other in kinds]
    assert not fails_alike(CASE, assess(inner_get_single, CASE), false)


def unequal(ar: Arithmetic, x: Array) -> Iterator[Claim]:
    """It raises for a plain instance, and is false for one that is not."""
    yield Equal("x = 0", x if any(abs(entry) > 1 for entry in x) else inner(ar, x, x[:0]), 0 * x)


def test_the_shrinker_does_not_leave_the_kind_of_failure() -> None:
    integers = st.integers(2, 99).map(lambda n: {"x": rational_vector([n])})
    theorem = dataclasses.replace(inner_get_single, conclusion=unequal, instances=lambda sizes: integers)
    report = check(theorem, examples=10)
    assert report.failure is not None
    assert (report.verdict, list(report.failure.case["x"])) == (Verdict.REFUTED, [2])
