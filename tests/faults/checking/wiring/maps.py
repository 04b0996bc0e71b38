"""Faults of the map that a theorem speaks of: what it says of another map is as true, so that its run sees nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.faults.checking.fault import CheckingFault, blunt

_OPS = "theorems.ops."
_OF = "tests/engine/test_statements.py::test_a_theorem_speaks_of_the_map_that_its_name_stands_for"


def _exchanged(original: Any) -> Any:
    return lambda ar, **values: original(ar, **{**values, "eps1": values["eps2"], "eps2": values["eps1"]})


def _one_epsilon(original: Any) -> Any:
    return lambda dims, p: original(dims, replace(p, eps2=p.eps1))


MAPS: tuple[CheckingFault, ...] = (
    blunt(
        "the ε of a block's two norms are exchanged",
        f"{_OF}[*Block_hasFDerivAt]",
        _OPS + "transformer.post_norm:_two_sublayers",
        _exchanged,
    ),
    blunt(
        "the decoder block has one ε",
        f"{_OF}[decoderCore_backpropVec_eq_adjoint_fderiv_at]",
        _OPS + "transformer.decoder_block:_graph",
        _one_epsilon,
    ),
    *(
        blunt(
            f"the masked core is without its bias: {name}",
            f"{_OF}[{name}]",
            _OPS + "attention.masked_multi_head_self_attention:_core",
            lambda original: lambda n, heads, d, c, bias: original(n, heads, d, c, bias * 0),
        )
        for name in ("maskedCore_backpropVec_eq_adjoint_fderiv", "maskedCoreAfterProjection_hasFDerivAt")
    ),
    blunt(
        "the merge is left out of projected attention",
        f"{_OF}[projectedMasked*_hasFDerivAt]",
        _OPS + "attention.masked_multi_head_self_attention:projected_and_merged",
        lambda original: lambda ar, **values: original(ar, **values)[:-1],
    ),
    blunt(
        "the post-norm theorems speak of another ε",
        f"{_OF}[*ostNorm_backpropVec_eq_adjoint_fderiv_at]",
        _OPS + "transformer.post_norm:_post_norm",
        lambda original: lambda m, n, eps: original(m, n, eps + 1),
    ),
)
