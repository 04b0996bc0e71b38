"""The text and the mirror on the same arguments: the same, or different with the instance, or not evaluated by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flint import arb, ctx

from lean_refs.evaluator import CornerError, Evaluator, LinearMap, continuous, euclidean
from lean_refs.reader.records import Reading
from lean_refs.reader.scan import read_text
from mirror.arithmetic import Arithmetic, Array, Undecided, rational_vector
from mirror.core.soundness import Idx
from mirror.linear_map import dense
from mirror.rooms import links
from mirror.spec.core.shape import Shape
from tests.tools.audit.evaluated.texts import FILE, TEXT, changed, evaluator_of, extended
from theorems.engine.evidence.verdicts import Claim, Equal
from theorems.engine.strategies.values import Fill
from theorems.tools.audit.evaluated import same
from theorems.tools.audit.evaluated.arguments import DrawnArgument
from theorems.tools.audit.evaluated.numbers import RealNumbers
from theorems.tools.audit.evaluated.outcome import ComparisonEnding, FunctionComparison
from theorems.tools.audit.evaluated.same import BITS, compared
from theorems.tools.audit.evaluated.whose import is_of_counterpart
from theorems.tools.audit.pinned.making import made

CORE = "Proofs.Autograd."
LINE = 1 + TEXT[: TEXT.index("def sumExp")].count("\n")
EVERY = [name for name in links() if evaluator_of().library.declaration(name) is not None]


def outcome(evaluator: Evaluator, name: str, count: int = 2) -> FunctionComparison:
    return compared(evaluator, links()[name], count)


def test_the_text_has_a_definition_of_each_kind() -> None:
    assert len(EVERY) >= 28


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", EVERY)
def test_a_right_text_is_the_same_function(name: str) -> None:
    found = outcome(evaluator_of(), name)
    assert (found.ending, found.why) == (ComparisonEnding.SAME, ""), found.why


# Of graphs as types, values are drawn and nothing is called.
@pytest.mark.parametrize("name", [name for name in EVERY if name not in (CORE + "Graph", CORE + "DGraph")])
def test_every_argument_and_result_of_a_right_text_is_of_its_declared_type(name: str) -> None:
    with evaluator_of().under_contracts():
        found = outcome(evaluator_of(), name, 1)
    assert (found.ending, found.why) == (ComparisonEnding.SAME, ""), found.why


def test_a_text_whose_proof_does_not_hold_is_refused_under_contracts_alone() -> None:
    lying = changed("  h : Γ.get i = s\n", "  h : Γ.get i = .dim 99 s\n")
    name = CORE + "Idx.weaken"
    assert outcome(lying, name).ending is ComparisonEnding.SAME
    with lying.under_contracts():
        found = outcome(lying, name)
    assert found.ending is ComparisonEnding.ILL_TYPED
    assert "has a field h that proves Eq Spec.Shape … …, which does not hold" in found.why


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("Spec.Shape", "  | dim : Nat → Shape → Shape\n", "  | dim : Nat → Nat → Shape → Shape\n"),
        ("Spec.Shape", "  | scalar : Shape\n  | dim", "  | scalar : Shape\n  | other : Shape\n  | dim"),
        ("Spec.Shape.size", "n * size rest", "n + size rest"),
        ("Spec.Tensor.map2Spec", "Tensor.scalar (f x y)", "Tensor.scalar (f x x)"),
        ("MathFunctions", "exp := Real.exp", "exp := Real.tanh"),
        (
            CORE + "Vec",
            "abbrev Vec (n : Nat) := EuclideanSpace ℝ (Fin n)",
            "abbrev Vec (n : Nat) := EuclideanSpace ℝ (Fin (n + 1))",
        ),
        (CORE + "ctxSize", "Shape.size s + ctxSize rest", "ctxSize rest"),
        (CORE + "appendVec", "(Fin.append a b)", "fun k => 2 * Fin.append a b k"),
        (CORE + "elemwiseVec", "f (v k)", "f (f (v k))"),
        (CORE + "sumExp", "Real.exp (x k)", "Real.tanh (x k)"),
        (CORE + "Idx.weaken", "⟨⟨idx.i.1, by omega⟩", "⟨⟨0, by omega⟩"),
        (CORE + "Idx", "  i : Fin Γ.length\n", "  i : Nat\n"),
        (CORE + "Idx", "  h : Γ.get i = s\n", "  h : Γ.get i ≠ s\n"),
        (CORE + "LayerNorm.Inputs", "  gamma : Idx Γ (VecShape n)", "  gamma : Idx Γ (VecShape m)"),
        (CORE + "Node", "  vjp : TList Γ → Tensor ℝ τ → TList Γ\n", "  back : TList Γ → Tensor ℝ τ → TList Γ\n"),
        (CORE + "Node", "  correct : ∀ x, forward x = forward x\n", "  correct : ∀ x, forward x = jvp x x\n"),
        (CORE + "Node", "  correct : ∀ x, forward x = forward x\n", "  correct : ∀ x, vjp x (forward x) = x\n"),
        (
            CORE + "NodeFDerivCorrect",
            "  right : ∀ x, node.forward x = node.forward x\n",
            "  right : ∀ x y, node.jvp x y = node.jvp y x\n",
        ),
        (CORE + "NodeFDerivCorrectAt", "  right : xV = xV\n", "  right : xV = 2 • xV\n"),
        (CORE + "NodeFDerivCorrectAt", "  right : xV = xV\n", "  right : ∀ y : CtxVec Γ, xV = y\n"),
        (
            CORE + "NodeFDerivCorrectAt",
            "  right : xV = xV\n",
            "  right : HasFDerivAt (fun x => 2 • deriv x) deriv xV\n",
        ),
        (
            CORE + "NodeFDerivCorrectAt",
            "  right : xV = xV\n",
            "  right : DifferentiableAt ℝ (fun x : CtxVec Γ => deriv x) xV\n",
        ),
        (
            CORE + "NodeFDerivCorrect",
            "  right : ∀ x, node.forward x = node.forward x\n",
            "  right : ∀ xV, DifferentiableAt ℝ (fun x : CtxVec Γ => deriv xV x) xV\n",
        ),
        (CORE + "NodeFDerivCorrect.at", "⟨hn.deriv xV, rfl⟩", "⟨hn.deriv 0, rfl⟩"),
        (CORE + "LayerNorm.VecShape", ".dim k .scalar", ".dim k (.dim k .scalar)"),
        (CORE + "LayerNorm.ΓLN", "[MatShape m n, VecShape n, VecShape n]", "[MatShape m n, VecShape n, VecShape m]"),
        (CORE + "TapeNodes.Batched.unheads", "r (Fin.divNat", "2 * r (Fin.divNat"),
        (CORE + "TapeNodes.Batched.heads", "x (finProdFinEquiv (i, k))", "x (finProdFinEquiv (i, k)) + 1"),
    ],
)
def test_a_wrong_text_differs_at_an_instance(name: str, old: str, new: str) -> None:
    found = outcome(changed(old, new), name, 4)
    assert found.ending is ComparisonEnding.DIFFERS
    assert found.why


def test_what_is_outside_is_not_evaluated_by_name() -> None:
    found = outcome(changed("Real.exp (x k)", "Real.cosh (x k)"), CORE + "sumExp")
    assert found.ending is ComparisonEnding.NOT_EVALUATED
    assert "Real.cosh" in found.why
    gone = outcome(evaluator_of(), CORE + "dotCLM")
    assert gone.ending is ComparisonEnding.NOT_EVALUATED
    assert "there is no declaration Proofs.Autograd.dotCLM in the source" in gone.why


def test_a_derivative_that_is_zero_says_nothing_of_twice_it() -> None:
    constant = "  right : HasFDerivAt (fun _ : CtxVec Γ => (1 : ℝ)) (0 : CtxVec Γ →L[ℝ] ℝ) xV\n"
    found = outcome(changed("  right : xV = xV\n", constant), CORE + "NodeFDerivCorrectAt")
    assert found.ending is ComparisonEnding.SAME, found.why


def test_a_field_whose_proof_is_about_what_no_look_decides_is_not_evaluated() -> None:
    found = outcome(changed("correct : ∀ x, forward", "correct : ∃ x : TList Γ, forward"), CORE + "Node")
    assert (found.ending, found.why) == (
        ComparisonEnding.NOT_EVALUATED,
        f"{FILE}:82: Proofs.Autograd.Node: not evaluated: whether there is a value of an infinite type",
    )


def test_a_tensor_whose_arguments_are_exchanged_is_no_tensor() -> None:
    found = outcome(changed("vjp : TList Γ → Tensor ℝ τ", "vjp : TList Γ → Tensor τ ℝ"), CORE + "Node")
    assert (found.ending, found.why) == (ComparisonEnding.NOT_EVALUATED, "a tensor of what are no real numbers")


def test_a_context_that_has_no_such_entry_is_said() -> None:
    found = outcome(
        changed("(idx : Idx Γ s) (rest : List Shape)", "(idx : Idx [] s) (rest : List Shape)"), CORE + "Idx.weaken"
    )
    assert found.ending is ComparisonEnding.NOT_EVALUATED
    assert found.why.startswith("an index of an entry")


def test_hypotheses_that_nothing_satisfies_are_said() -> None:
    found = outcome(changed("castVec {n m : Nat} (h : n = m)", "castVec {n m : Nat} (h : n < n)"), CORE + "castVec")
    assert (found.ending, found.why) == (
        ComparisonEnding.NOT_EVALUATED,
        "no arguments were found that satisfy every hypothesis",
    )


def test_where_a_norm_reads_is_drawn_and_what_is_no_such_value_differs() -> None:
    more = """
namespace Proofs.Autograd.LayerNorm
open Spec
def packInputsCLM {Γ : List Shape} {m n : Nat} (inputs : Inputs Γ m n) : Idx Γ (MatShape m n) := inputs.x
end Proofs.Autograd.LayerNorm
"""
    found = outcome(extended(more), CORE + "LayerNorm.packInputsCLM")
    assert found.ending is ComparisonEnding.DIFFERS
    assert found.why.startswith("the kind of value: at position 0, LinearFunction in the mirror, not Idx")


def test_a_parameter_without_a_type_is_not_evaluated() -> None:
    found = outcome(changed("sumExp {n : Nat} (x : Vec n)", "sumExp {n : Nat} (y) (x : Vec n)"), CORE + "sumExp")
    assert (found.ending, found.why) == (ComparisonEnding.NOT_EVALUATED, "the argument y has no type in the text")


def claiming(monkeypatch: pytest.MonkeyPatch, make: Any) -> FunctionComparison:
    """The outcome of a comparison that claims what `make` gives."""

    def claims(*_: Any) -> Iterator[Claim]:
        yield make()

    monkeypatch.setattr(same, "claims", claims)
    return outcome(evaluator_of(), CORE + "sumExp")


def test_corners_and_what_stays_undecided_say_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def corner() -> Claim:
        raise CornerError("√ at 0")

    def rough() -> Claim:
        raise Undecided("the sign of x")

    for make, why in (
        (corner, "√ at 0"),
        (rough, "the sign of x"),
        (lambda: Equal("wide", [arb(0, 1)], [arb(0, 1)]), "wide: at position 0"),
        (lambda: Equal("none", [], []), "nothing was compared"),
    ):
        found = claiming(monkeypatch, make)
        assert found.ending is ComparisonEnding.NOT_EVALUATED
        assert found.why.startswith("no instance says anything: ")
        assert why in found.why


@pytest.mark.parametrize(
    ("term", "corner"),
    [
        ("Real.sqrt y", "√x at 0 is differentiated"),
        ("y⁻¹", "x⁻¹ at 0 is differentiated"),
        ("max y 0", "max x y is differentiated where x = y"),
    ],
)
def test_a_corner_is_refused_by_name_and_place(term: str, corner: str) -> None:
    found = outcome(changed("Real.exp (x k)", f"fderiv ℝ (fun y : ℝ => {term}) 0 1"), CORE + "sumExp")
    assert found.ending is ComparisonEnding.NOT_EVALUATED
    assert f"NN/Small.lean:{LINE}: Proofs.Autograd.sumExp: not evaluated: {corner}" in found.why


def test_a_corner_on_some_instances_is_named_beside_those_that_say_something(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def now_and_then() -> Claim:
        seen.append(1)
        if len(seen) == 2:
            raise CornerError("√x at 0 is differentiated")
        return Equal("fine", [1], [1])

    found = claiming(monkeypatch, now_and_then)
    assert (found.ending, found.instances) == (ComparisonEnding.SAME, 3)
    assert found.silent == ("not evaluated: √x at 0 is differentiated",)


def test_a_higher_precision_is_tried_where_one_does_not_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def later() -> Claim:
        seen.append(ctx.prec)
        if ctx.prec < BITS[-1]:
            raise Undecided("too rough")
        return Equal("fine", [1], [1])

    assert claiming(monkeypatch, later).ending is ComparisonEnding.SAME
    assert set(seen) == set(BITS)


def test_a_mirror_that_raises_says_so_with_what_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    found = claiming(monkeypatch, lambda: Idx((), 0, Shape()))
    assert found.ending is ComparisonEnding.RAISED
    assert "index 0 into a context of 0 entries" in found.why
    assert ", with n = " in found.why


def test_what_stands_in_for_a_counterpart_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    link = links()[CORE + "sumExp"]

    def other(ar: Arithmetic, x: Array) -> Array:
        raise TypeError("no such vector")

    monkeypatch.setattr(link.module + "." + link.qualname, other)
    found = outcome(evaluator_of(), CORE + "sumExp")
    assert found.ending is ComparisonEnding.RAISED
    assert found.why.startswith("TypeError: no such vector, with ")


@pytest.mark.parametrize(("error", "says"), [(KeyError("k"), "KeyError: 'k'"), (MemoryError(), "MemoryError")])
def test_a_mistake_of_what_compares_is_no_verdict_of_the_mirror(
    monkeypatch: pytest.MonkeyPatch, error: Exception, says: str
) -> None:
    def broken() -> Claim:
        raise error

    found = claiming(monkeypatch, broken)
    assert found.ending is ComparisonEnding.FAILED
    assert found.why.startswith(f"{says} (theorems/tools/audit/evaluated/same.py:")
    assert ", with n = " in found.why


def test_an_exception_from_nowhere_is_not_the_mirrors() -> None:
    assert not is_of_counterpart(KeyError("k"))


def test_a_map_into_maps_is_compared_at_a_drawn_vector() -> None:
    inner = continuous(euclidean(2), euclidean(1))
    product = LinearMap(
        euclidean(2),
        inner,
        lambda a: LinearMap(euclidean(2), euclidean(1), lambda b: (a[0] * b[0] + a[1] * b[1],)),
    )
    found, type_, arguments = same.uncurried(product, continuous(euclidean(2), inner), [], Fill("fractions", 1))
    a = arguments[0].mirror
    assert type_ == inner
    assert found((2, 3)) == (2 * a[0] + 3 * a[1],)
    assert same.uncurried(found, type_, arguments, Fill("fractions", 1)) == (found, type_, arguments)


def test_the_node_of_a_certificate_is_made_of_the_same_arguments() -> None:
    idx = Idx((Shape(2),), 0, Shape(2))
    given = [
        DrawnArgument("sOut", "{", Shape(1), None, None),
        DrawnArgument("idx", "(", idx, None, None),
        DrawnArgument("A", "(", dense([[1, 2]]), None, None),
        DrawnArgument("b", "(", rational_vector([1]), None, None),
    ]
    make = same.node_of(CORE + "TapeNodes.affineFderiv", given)
    assert make is not None
    node = make()
    assert (node.kind, node.shape) == ("affine", (1,))
    assert same.node_of(CORE + "DGraph.castNodeFDerivCorrect", given) is None


@pytest.mark.unmeasured
def test_what_is_moved_is_what_running_everything_anew_gives() -> None:
    reading = Reading({FILE: read_text(FILE, TEXT)})
    moving, running = (Evaluator(reading, RealNumbers(), moves=moves) for moves in (True, False))
    found = [link for name, link in links().items() if moving.library.declaration(name)]
    assert len(found) > 30
    assert [made(moving, link, "").data() for link in found] == [made(running, link, "").data() for link in found]
