"""Row-major flattening. Twin of `NN/Spec/Core/TensorReductionShape/ShapeChange.lean`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from mirror.arithmetic import EXACT, Arithmetic
from mirror.spec.core.shape import Shape, size
from mirror.spec.core.tensor.core import Tensor
from mirror.spec.core.tensor_reduction_shape.shape_change import flatten_spec, unflatten_spec
from theorems.engine.evidence.typed import same_tensor
from theorems.engine.evidence.verdicts import Claim, Equal
from theorems.engine.families import Family
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.mixture import mixed_fills
from theorems.engine.strategies.shapes import dim, dimensions, shapes, slices, tensor_of
from theorems.engine.theorem import Hypothesis, theorem


@st.composite
def slices_and_position(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """At least one slice `f` of a nonempty shape s, the number i of one and a position j in it."""
    s, n = draw(shapes(sizes, least=1)), draw(dimensions(sizes, least=1))
    fill = draw(mixed_fills())
    i, j = draw(st.integers(0, n - 1)), draw(st.integers(0, size(s) - 1))
    return {"s": s, "f": slices(fill, n, s), "i": i, "j": j}


def hmpos(ar: Arithmetic, s: Shape) -> bool:
    return size(s) > 0


def hidx(ar: Arithmetic, s: Shape, f: tuple[Tensor, ...], i: int, j: int) -> bool:
    return i * size(s) + j < len(f) * size(s)


@theorem(
    "Spec.Tensor.Private.flattenSpec_dim_apply",
    formula="(flattenSpec (dim f))[i·size s + j] = (flattenSpec (f i))[j]",
    says="Position i·size s + j of a flattened stack of slices is position j of slice i, flattened.",
    binders="{α} [Inhabited α] {n s} (f) (i) (j) (hmpos) (hidx)",
    family=Family.VECTORS,
    instances=slices_and_position,
    hypotheses=(
        Hypothesis("hmpos", "the slices have at least one entry", hmpos),
        Hypothesis("hidx", "i·size s + j is a position of the flattened stack", hidx),
    ),
    arithmetic=EXACT,
    covers_not="α is ℚ here; Lean states it for any inhabited type",
)
def flatten_spec_dim_apply(ar: Arithmetic, s: Shape, f: tuple[Tensor, ...], i: int, j: int) -> Iterator[Claim]:
    stack, one = flatten_spec(dim(s, f)), flatten_spec(f[i])
    yield Equal("(flatten (dim f))[i·size s + j] = (flatten (f i))[j]", stack.entries[i * size(s) + j], one.entries[j])


@st.composite
def flat_tensors(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A shape s and a one-dimensional tensor v of its size."""
    s = draw(shapes(sizes))
    return {"s": s, "v": tensor_of(draw(mixed_fills()), Shape(size(s)))}


@theorem(
    "Spec.Tensor.unflatten_flatten_inverse",
    formula="flattenSpec (unflattenSpec s v) = v",
    says="Giving a vector a shape and flattening it again changes nothing.",
    binders="{α} [Inhabited α] {s} (v)",
    family=Family.VECTORS,
    instances=flat_tensors,
    arithmetic=EXACT,
    covers_not="α is ℚ here; Lean states it for any inhabited type",
)
def unflatten_flatten_inverse(ar: Arithmetic, s: Shape, v: Tensor) -> Iterator[Claim]:
    return same_tensor("flatten (unflatten v) = v", flatten_spec(unflatten_spec(s, v)), v)
