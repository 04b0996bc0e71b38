"""Folds over a tensor's entries. Twin of `NN/Proofs/Tensor/Basic/Folds.lean`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

from mirror.arithmetic import EXACT, Arithmetic, Scalar
from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor.core import Tensor
from mirror.spec.core.tensor_reduction_shape.reductions import sum_spec, tensor_foldl_go, tensor_foldl_spec
from theorems.engine.evidence.verdicts import Claim, Equal
from theorems.engine.families import Family
from theorems.engine.lean_values import FoldStep, ListOfNumbers
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.mixture import mixed_fills
from theorems.engine.strategies.shapes import dimensions, shapes, slices, tensor_of
from theorems.engine.theorem import Hypothesis, theorem

# What "any f : β → α → β" is tried on: none of them forgives another order of the entries.
FOLDS: dict[str, Callable[[Any, Scalar], Any]] = {
    "Horner": lambda acc, x: 3 * acc + x,
    "difference": lambda acc, x: x - acc,
    "listing": lambda acc, x: (*acc, x),
}
_ANY_F = "α is ℚ, and f one of three folds whose result depends on the order of the entries"


def _accumulator(acc: Any) -> Any:
    """What a fold begins with, as Lean has it."""
    return ListOfNumbers(acc) if isinstance(acc, tuple) else acc


_IN_LEAN = {
    "f": lambda f, acc: FoldStep(FOLDS[f], _accumulator(acc)),
    "acc": _accumulator,
    "s": lambda values: values[0].shape if values else Shape(),  # any where there is no slice
}


def _loops(reaches: Callable[[int], st.SearchStrategy[int]], least: int) -> Callable[[Sizes], Any]:
    """Slices, a fold with its start, and a loop position k drawn by `reaches` from their number."""

    @st.composite
    def loops(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
        fill, s, n = draw(mixed_fills()), draw(shapes(sizes, rank=2)), draw(dimensions(sizes, least))
        f = draw(st.sampled_from(list(FOLDS)))
        acc = tuple(fill.vector(2)) if f == "listing" else fill.number()
        return {"f": f, "values": slices(fill, n, s), "k": draw(reaches(n)), "acc": acc}

    return loops


def hk_of_lt(ar: Arithmetic, values: tuple[Tensor, ...], k: int) -> bool:
    return k < len(values)


def hk_of_not_lt(ar: Arithmetic, values: tuple[Tensor, ...], k: int) -> bool:
    return not k < len(values)


@theorem(
    "Spec.tensor_foldl_spec_go_of_lt",
    formula="go f values k acc = go f values (k+1) (foldl f acc (values k))   for k < n",
    says="One step of the fold's loop folds slice k into the accumulator.",
    binders="{α β} (f) {n s} (values) {k} (acc) (hk)",
    family=Family.VECTORS,
    instances=_loops(lambda n: st.integers(0, n - 1), least=1),
    hypotheses=(Hypothesis("hk", "k is the number of a slice", hk_of_lt),),
    arithmetic=EXACT,
    covers_not=_ANY_F,
    in_lean=_IN_LEAN,
)
def tensor_foldl_spec_go_of_lt(ar: Arithmetic, f: str, values: tuple[Tensor, ...], k: int, acc: Any) -> Iterator[Claim]:
    fold, rest = FOLDS[f], list(values)
    stepped = tensor_foldl_go(fold, rest, k + 1, tensor_foldl_spec(fold, acc, values[k]))
    yield Equal("go k acc = go (k+1) (foldl acc (values k))", tensor_foldl_go(fold, rest, k, acc), stepped)


@theorem(
    "Spec.tensor_foldl_spec_go_of_not_lt",
    formula="go f values k acc = acc   for ¬ k < n",
    says="The fold's loop ends with the accumulator once no slice is left.",
    binders="{α β} (f) {n s} (values) {k} (acc) (hk)",
    family=Family.VECTORS,
    instances=_loops(lambda n: st.integers(n, n + 2), least=0),
    hypotheses=(Hypothesis("hk", "k is past the last slice", hk_of_not_lt),),
    arithmetic=EXACT,
    covers_not=_ANY_F,
    in_lean=_IN_LEAN,
)
def tensor_foldl_spec_go_of_not_lt(
    ar: Arithmetic, f: str, values: tuple[Tensor, ...], k: int, acc: Any
) -> Iterator[Claim]:
    yield Equal("go k acc = acc", tensor_foldl_go(FOLDS[f], list(values), k, acc), acc)


@st.composite
def sums(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A start acc and a tensor t."""
    fill = draw(mixed_fills())
    return {"acc": fill.number(), "t": tensor_of(fill, draw(shapes(sizes)))}


@theorem(
    "Spec.tensor_foldl_spec_add_init",
    formula="tensorFoldlSpec (+) acc t = acc + sumSpec t",
    says="Folding with + from acc is acc plus the sum of all entries.",
    binders="{s} (acc) (t)",
    family=Family.VECTORS,
    instances=sums,
    arithmetic=EXACT,
)
def tensor_foldl_spec_add_init(ar: Arithmetic, acc: Scalar, t: Tensor) -> Iterator[Claim]:
    yield Equal("foldl (+) acc t = acc + sum t", tensor_foldl_spec(lambda a, x: a + x, acc, t), acc + sum_spec(ar, t))
