"""The derivative of row softmax. Twin of `NN/Proofs/Autograd/Tape/Nodes/Softmax.lean`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from mirror.arithmetic import Arithmetic, Array
from mirror.nodes.softmax import deriv_mn, forward_mn
from theorems.engine.activity import Differentiated
from theorems.engine.evidence.derivatives import has_fderiv_at
from theorems.engine.evidence.verdicts import Claim
from theorems.engine.families import Family
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.masks import mask, mask_families
from theorems.engine.strategies.mixture import mixed_fills
from theorems.engine.strategies.probes import probes
from theorems.engine.strategies.shapes import dimensions, mostly
from theorems.engine.theorem import theorem


@st.composite
def rows_of_logits(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """m rows of n logits; half of the time square scores under a mask."""
    fill, least = draw(mixed_fills()), draw(mostly(1))
    m, n = draw(dimensions(sizes, least)), draw(dimensions(sizes, least))
    if draw(st.booleans()):
        family = draw(mask_families())
        x = fill.vector(n * n) + mask(family, fill, n, 1).bias
        return {"m": n, "n": n, "x": x, "mask": family, "values": fill.family, **draw(probes(n * n, fill))}
    return {"m": m, "n": n, "x": fill.vector(m * n), "values": fill.family, **draw(probes(m * n, fill))}


@theorem(
    "Proofs.Autograd.TapeNodes.SoftmaxLastAxis.hasFDerivAt_forwardMN",
    formula="HasFDerivAt forwardMN (derivMN x) x",
    says="Softmax of every row is differentiable everywhere; its derivative is softmax's, row by row.",
    binders="{m n} (x)",
    family=Family.ENTRYWISE,
    instances=rows_of_logits,
    differentiates=lambda ar, m, n, x: Differentiated(lambda a, z: forward_mn(a, m, n, z), x),
)
def has_fderiv_at_forward_mn(
    ar: Arithmetic, m: int, n: int, x: Array, directions: tuple[Array, ...]
) -> Iterator[Claim]:
    linear = deriv_mn(ar, m, n, x)
    return has_fderiv_at(lambda a, z: forward_mn(a, m, n, z), x, lambda h: linear(ar, h), directions)
