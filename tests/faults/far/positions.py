"""Faults that show only far out in a context: from position 21 on."""

from __future__ import annotations

from typing import Any

from mirror.algebra.soundness import TList
from mirror.core.soundness import Idx
from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor.core import Tensor
from tests.faults.far.lengths import backwards
from tests.faults.fault import fault

_CORE = "Proofs.Autograd."
_FAR = "tests.far_out."
_SELDOM = "one context in 25 has so many entries"
POSITION = 21  # the first that small instances do not reach


def _offset_after_the_block(original: Any) -> Any:
    def post_init(idx: Idx) -> None:
        original(idx)
        if idx.i >= POSITION:
            length = idx.stop - idx.start
            stop = min(idx.stop + length, idx.total)
            object.__setattr__(idx, "start", stop - length)
            object.__setattr__(idx, "stop", stop)

    return post_init


def _neighbour(context: Any, i: int, shape: Shape) -> int:
    """Another position of the same shape, where a far position has one; else the position itself."""
    return next((k for k in range(i) if context[k] == shape), i) if i >= POSITION else i


def _far_weakened_to_another(_: Any) -> Any:
    return lambda idx, rest: Idx((*idx.context, *rest), _neighbour(idx.context, idx.i, idx.shape), idx.shape)


def _far_last_is_another(original: Any) -> Any:
    def last(context: Any, saved: Any, shape: Shape) -> Idx:
        idx = original(context, saved, shape)
        return Idx(idx.context, _neighbour(idx.context, idx.i, shape), shape)

    return last


def _far_entry_read_elsewhere(original: Any) -> Any:
    def read(xs: TList, idx: Idx) -> Tensor:
        return original(xs, Idx(idx.context, _neighbour(idx.context, idx.i, idx.shape), idx.shape))

    return read


def _far_entry_written_elsewhere(original: Any) -> Any:
    def written(ar: Any, idx: Idx, v: Any) -> Any:
        return original(ar, Idx(idx.context, _neighbour(idx.context, idx.i, idx.shape), idx.shape), v)

    return written


def _far_block_read_elsewhere(original: Any) -> Any:
    def read(context: Any, i: int, *rest: Any) -> Any:
        return original(context, _neighbour(context, i, context[i]), *rest)

    return read


def _far_raw_written_elsewhere(original: Any) -> Any:
    return lambda ar, context, i, v: original(ar, context, _neighbour(context, i, context[i]), v)


def _far_pairs_forgotten(original: Any) -> Any:
    return lambda ar, xs, ys: original(ar, TList(xs.tensors[:POSITION]), TList(ys.tensors[:POSITION]))


def _far_blocks_reversed(original: Any) -> Any:
    def unflatten(context: Any, v: Any) -> TList:
        tensors = original(context, v).tensors
        return TList(tuple(t if k < POSITION else backwards(t) for k, t in enumerate(tensors)))

    return unflatten


def _far_blocks_written_reversed(original: Any) -> Any:
    def flatten(ar: Any, xs: TList) -> Any:
        return original(ar, TList(tuple(t if k < POSITION else backwards(t) for k, t in enumerate(xs))))

    return flatten


def _far_blocks_uncounted(original: Any) -> Any:
    return lambda context: original(context[:POSITION])


FAULTS = (
    fault(
        "an index's offset wrong from position 21 on",
        _CORE + "Idx",
        _FAR + "test_positions::test_a_late_block_is_read_at_its_offset",
        "core.soundness:Idx.__post_init__",
        _offset_after_the_block,
    ),
    fault(
        "weaken: another entry from position 21 on",
        _CORE + "Idx.weaken",
        _FAR + "test_positions::test_a_late_index_keeps_its_position",
        "util.idx:weaken",
        _far_weakened_to_another,
    ),
    fault(
        "last: another entry from position 21 on",
        _CORE + "Idx.last",
        _FAR + "test_positions::test_a_late_index_keeps_its_position",
        "util.idx:last",
        _far_last_is_another,
    ),
    fault(
        "getIdx: another entry from position 21 on",
        _CORE + "getIdx",
        _FAR + "test_positions::test_a_late_block_is_written_at_its_offset",
        "core.soundness:get_idx",
        _far_entry_read_elsewhere,
    ),
    fault(
        "TList.single: another entry from position 21 on",
        _CORE + "TList.single",
        _FAR + "test_positions::test_a_late_block_is_written_at_its_offset",
        "core.soundness:single",
        _far_entry_written_elsewhere,
    ),
    fault(
        "single: another block from position 21 on",
        _CORE + "CtxVec.single",
        _FAR + "test_positions::test_a_late_block_is_written_at_its_offset",
        "nodes.context:single",
        _far_entry_written_elsewhere,
        seldom=_SELDOM,
    ),
    fault(
        "getRaw: another block from position 21 on",
        _CORE + "CtxVec.getRaw",
        _FAR + "test_positions::test_a_late_block_is_read_at_its_offset",
        "nodes.context:get_raw",
        _far_block_read_elsewhere,
    ),
    fault(
        "singleRaw: another block from position 21 on",
        _CORE + "CtxVec.singleRaw",
        _FAR + "test_positions::test_a_late_block_is_written_at_its_offset",
        "nodes.context:single_raw",
        _far_raw_written_elsewhere,
    ),
    fault(
        "getCLMRaw: another block from position 21 on",
        _CORE + "CtxVec.getCLMRaw",
        _FAR + "test_positions::test_a_late_block_is_read_at_its_offset",
        "nodes.context:get_clm_raw",
        _far_block_read_elsewhere,
    ),
    fault(
        "dotList: nothing from position 21 on",
        _CORE + "TList.dotList",
        _FAR + "test_positions::test_a_long_context_is_laid_end_to_end",
        "core.soundness:dot_list",
        _far_pairs_forgotten,
        seldom=_SELDOM,
    ),
    fault(
        "unflattenCtx: blocks backwards from position 21 on",
        _CORE + "unflattenCtx",
        _FAR + "test_positions::test_a_long_context_is_laid_end_to_end",
        "core.fderiv:unflatten_ctx",
        _far_blocks_reversed,
    ),
    fault(
        "flattenCtx: blocks backwards from position 21 on",
        _CORE + "flattenCtx",
        _FAR + "test_positions::test_a_long_context_is_laid_end_to_end",
        "core.fderiv:flatten_ctx",
        _far_blocks_written_reversed,
    ),
    fault(
        "ctxSize: nothing from position 21 on",
        _CORE + "ctxSize",
        _FAR + "test_positions::test_a_long_context_is_laid_end_to_end",
        "core.fderiv:ctx_size",
        _far_blocks_uncounted,
    ),
)
