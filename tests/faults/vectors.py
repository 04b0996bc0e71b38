"""Faults of the vector and tensor lemmas: casts, folds, sums, typed lists, linear maps that only read or move."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from mirror.algebra.soundness import TList
from mirror.linear_map import LinearFunction
from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor.core import Tensor
from tests.faults.fault import fault

_CORE = "Proofs.Autograd."
_FOLDS = "spec.core.tensor_reduction_shape.reductions:"


def _one_more(original: Any) -> Any:
    return lambda *args: original(*args) + 1


def _backwards(original: Any) -> Any:
    return lambda *args: original(*args)[::-1]


def _map_backwards(original: Any) -> Any:
    """A linear map whose result, or whose argument where the result is one number, is taken backwards."""

    def faulty(*args: Any) -> LinearFunction:
        right = original(*args)

        def apply(ar: Any, v: Any) -> Any:
            # One run for each: a map that is made of such maps would take twice as long for each of them.
            return right.apply(ar, v)[::-1] if right.codomain > 1 else right.apply(ar, v[::-1])

        return LinearFunction(right.domain, right.codomain, apply, right.apply_adjoint)

    return faulty


def _without_the_last(original: Any) -> Any:
    return lambda ar, *vectors: original(ar, *(v[:-1] for v in vectors))


def _first_entry_lost(original: Any) -> Any:
    def flatten(t: Tensor) -> Any:
        v = original(t).copy()
        v[:1] = v[:1] * 0
        return v

    return flatten


def _last_entry_lost(original: Any) -> Any:
    """A fault of what takes tensors: of their entries the last counts as 0."""

    def shortened(t: Tensor) -> Tensor:
        entries = t.entries.reshape(-1).copy()
        entries[-1:] = entries[-1:] * 0
        return Tensor(t.shape, entries.reshape(t.shape))

    return lambda ar, *tensors: original(ar, *map(shortened, tensors))


def _second_part_lost(original: Any) -> Any:
    return lambda ar, a, b: original(ar, a, b * 0)


def _in_front(original: Any) -> Any:
    return lambda ar, front, end: original(ar, end, front)


def _list_in_front(_: Any) -> Any:
    return lambda xs, t: TList((t, *xs.tensors))


def _entries_one_more(original: Any) -> Any:
    def cast(context: Any, xs: TList) -> TList:
        return TList(
            tuple(Tensor(t.shape, (t.entries.reshape(-1) + 1).reshape(t.shape)) for t in original(context, xs))
        )

    return cast


def _left_twice(original: Any) -> Any:
    return lambda a, b: original(a, a)


def _filled_with_one_more(original: Any) -> Any:
    return lambda ar, value, shape: original(ar, value + 1, shape)


def _outermost_forgotten(original: Any) -> Any:
    return lambda shape: original(Shape(*shape[1:]))


def _from_the_first_slice(original: Any) -> Any:
    return lambda f, values, k, acc: original(f, values, 0, acc)


def _half_the_argument(original: Any) -> Any:
    return lambda ar, a: original(ar, a * fmpq(1, 2))


FAULTS = (
    fault("castVec: every entry 1 more", _CORE + "castVec", _CORE + "castVec_add", "core.fderiv:cast_vec", _one_more),
    fault(
        "castCtxVec: every entry 1 more",
        _CORE + "castCtxVec",
        _CORE + "inner_castCtxVec",
        "core.fderiv:cast_ctx_vec",
        _one_more,
    ),
    fault("toVecE backwards", _CORE + "toVecE", _CORE + "toVecE_ofVecE", "core.vectorization:to_vec_e", _backwards),
    fault(
        "toVec backwards",
        "Proofs.TensorAlgebra.toVec",
        "Proofs.TensorAlgebra.toVec_ofVec",
        "tensor.algebra:to_vec",
        _backwards,
    ),
    fault(
        "inner forgets the last coordinate",
        "inner",
        _CORE + "inner_eq_sum_mul",
        "core.vectorization:inner",
        _without_the_last,
    ),
    fault(
        "evalCLM backwards", _CORE + "evalCLM", _CORE + "evalCLM_apply", "fderiv.elementwise:eval_clm", _map_backwards
    ),
    fault(
        "toVecT: the first entry lost",
        _CORE + "toVecT",
        _CORE + "toVecT_ofVecT",
        "core.fderiv:to_vec_t",
        _first_entry_lost,
    ),
    fault(
        "sumSpec: the last entry lost",
        "Spec.Tensor.sumSpec",
        _CORE + "sum_spec_dim",
        _FOLDS + "sum_spec",
        _last_entry_lost,
    ),
    fault(
        "dot: the last entry lost",
        "Spec.dot",
        _CORE + "dot_eq_inner_toVecT",
        "tensor.basic.folds:dot",
        _last_entry_lost,
    ),
    fault(
        "appendVec: the second part lost",
        _CORE + "appendVec",
        _CORE + "inner_append",
        "core.fderiv:append_vec",
        _second_part_lost,
    ),
    fault("ctxSize 1 more", _CORE + "ctxSize", _CORE + "ctxSize_append", "core.fderiv:ctx_size", _one_more),
    fault(
        "ctxSize: every size twice",
        _CORE + "ctxSize",
        _CORE + "ctxSize_snoc",
        "core.fderiv:ctx_size",
        lambda original: lambda context: 2 * original(context),
    ),
    fault("snocCtx in front", _CORE + "snocCtx", _CORE + "unsnocCtx_snocCtx", "core.fderiv:snoc_ctx", _in_front),
    fault(
        "TList.cast: every entry 1 more",
        _CORE + "Algebra.TList.cast",
        _CORE + "TList.dotList_cast_left",
        "algebra.soundness:cast",
        _entries_one_more,
    ),
    fault(
        "TList.add: the left side twice",
        _CORE + "Algebra.TList.add",
        _CORE + "TList.dotList_add_right",
        "algebra.soundness:add",
        _left_twice,
    ),
    fault(
        "TList.snoc in front",
        _CORE + "Algebra.TList.snoc",
        _CORE + "TList.unsnoc_snoc",
        "algebra.soundness:snoc",
        _list_in_front,
    ),
    fault(
        "fill with 1 more",
        "Spec.fill",
        _CORE + "TList.dot_fill_zero_right",
        "spec.core.tensor.core:fill",
        _filled_with_one_more,
    ),
    *(
        fault(f"{lean} backwards", f"{_CORE}{lean}", f"{_CORE}{lean}_apply", target, _map_backwards)
        for lean, target in (
            ("TapeNodes.Batched.headsCLM", "nodes.batched:heads_clm"),
            ("TapeNodes.Batched.unheadsCLM", "nodes.batched:unheads_clm"),
            ("CtxVec.headCLM", "nodes.context:head_clm"),
            ("CtxVec.tailCLM", "nodes.context:tail_clm"),
            ("CtxVec.getCLMRaw", "nodes.context:get_clm_raw"),
        )
    ),
    fault(
        "getRaw backwards",
        _CORE + "CtxVec.getRaw",
        _CORE + "CtxVec.inner_getRaw_singleRaw",
        "nodes.context:get_raw",
        _backwards,
    ),
    fault(
        "size: the outermost dimension forgotten",
        "Spec.Shape.size",
        _CORE + "TapeNodes.Batched.size3_eq",
        "spec.core.shape:size",
        _outermost_forgotten,
    ),
    fault(
        "vecSize 1 more",
        _CORE + "TapeNodes.Matmul.vecSize",
        _CORE + "TapeNodes.Matmul.vecSize_eq",
        "nodes.matrix:vec_size",
        _one_more,
    ),
    fault(
        "tanh of half the argument",
        "MathFunctions.tanh",
        "Proofs.mathfunc_tanh_eq_rtanh",
        "arithmetic.rigorous:Ball.tanh",
        _half_the_argument,
    ),
    fault(
        "exp of half the argument",
        "MathFunctions.exp",
        "Proofs.tanh_exp_eq",
        "arithmetic.rigorous:Ball.exp",
        _half_the_argument,
    ),
    fault(
        "the fold's loop begins anew at the first slice",
        "Spec.tensorFoldlSpec",
        "Spec.tensor_foldl_spec_go_of_not_lt",
        _FOLDS + "tensor_foldl_go",
        _from_the_first_slice,
    ),
)
