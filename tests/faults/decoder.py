"""Faults of the decoder block: its indices and its parameters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mirror.core.soundness import Idx
from tests.faults.fault import fault

_BLOCK = "Proofs.Autograd.Transformer."
_DECODER = "ops.transformer.decoder_block"


def _index(i: int) -> Any:
    """An index constant of the decoder block that points to entry i, of the same shape."""

    def breaks(original: Any) -> Any:
        def index(*args: Any, **kwargs: Any) -> Idx:
            right = original(*args, **kwargs)
            return Idx(right.context, i, right.context[i])

        return index

    return breaks


def _first_norm_eps_twice(original: Any) -> Any:
    def graph(dims: Any, p: Any) -> Any:
        return original(dims, replace(p, eps2=p.eps1))

    return graph


def _merge_bias_lost(original: Any) -> Any:
    def graph(dims: Any, p: Any) -> Any:
        return original(dims, replace(p, merge_bias=p.merge_bias * 0))

    return graph


FAULTS = (
    fault(
        "residual index off",
        _BLOCK + "idxDecoderResidualInputAfterMerge",
        "tests.ops.transformer.test_decoder_block::test_an_index_is_a_position_in_its_context",
        f"{_DECODER}:idx_decoder_residual_input_after_merge",
        _index(13),
    ),
    fault(
        "γ1 off by one",
        _BLOCK + "idxDecoderNorm1Gamma",
        "tests.ops.transformer.test_decoder_block::test_an_input_index_works_before_any_results",
        f"{_DECODER}:idx_decoder_norm1_gamma",
        _index(5),
    ),
    fault(
        "β1 off by one",
        _BLOCK + "idxDecoderNorm1Beta",
        "tests.ops.transformer.test_decoder_block::test_an_input_index_works_before_any_results",
        f"{_DECODER}:idx_decoder_norm1_beta",
        _index(6),
    ),
    fault(
        "γ1 for γ2",
        _BLOCK + "idxDecoderNorm2Gamma",
        "tests.ops.transformer.test_decoder_block::test_an_input_index_works_before_any_results",
        f"{_DECODER}:idx_decoder_norm2_gamma",
        _index(4),
    ),
    fault(
        "β1 for β2",
        _BLOCK + "idxDecoderNorm2Beta",
        "tests.ops.transformer.test_decoder_block::test_an_input_index_works_before_any_results",
        f"{_DECODER}:idx_decoder_norm2_beta",
        _index(5),
    ),
    fault(
        "second residual skips the first norm",
        _BLOCK + "idxDecoderNorm1OutAfterFfn",
        "tests.ops.transformer.test_decoder_block::test_an_index_is_a_position_in_its_context",
        f"{_DECODER}:idx_decoder_norm1_out_after_ffn",
        _index(14),
    ),
    fault(
        "ε1 for ε2",
        _BLOCK + "decoderCoreGraph",
        "tests.ops.transformer.test_decoder_block::test_a_graph_is_its_nodes",
        f"{_DECODER}:decoder_core_graph",
        _first_norm_eps_twice,
    ),
    fault(
        "merge bias lost",
        _BLOCK + "decoderCoreGraph",
        "tests.ops.transformer.test_decoder_block::test_a_graph_is_its_nodes",
        f"{_DECODER}:decoder_core_graph",
        _merge_bias_lost,
    ),
)
