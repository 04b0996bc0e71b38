"""Pairs of vectors, tensors, typed lists and their sizes."""

from __future__ import annotations

from typing import Any

from mirror.algebra.soundness import TList
from mirror.core.soundness import dot_list
from mirror.spec.core.tensor_ops import add_spec
from mirror.spec.core.tensor_reduction_shape.reductions import tensor_foldl_spec
from tests.faults.catalogue import named
from tests.faults.pairs.pair import CORE, Edit, Pair, broken, core


def one_more(original: Any) -> Any:
    """The result and 1."""
    return lambda *args: original(*args) + 1


def _signs_alternate(original: Any) -> Any:
    def dot(ar: Any, xs: TList, ys: TList) -> Any:
        if not len(xs):
            return original(ar, xs, ys)
        first = original(ar, TList(xs.tensors[:1]), TList(ys.tensors[:1]))
        return first - dot_list(ar, TList(xs.tensors[1:]), TList(ys.tensors[1:]))

    return dot


def _last_doubled(original: Any) -> Any:
    return lambda xs, t: original(xs, add_spec(t, t))


def _added_dimensions(_: Any) -> Any:
    return lambda shape: 1 + sum(shape)


def _every_other_slice(original: Any) -> Any:
    return lambda f, values, k, acc: original(f, values[k::2], 0, acc)


def _ends_with_the_first(original: Any) -> Any:
    def go(f: Any, values: Any, k: int, acc: Any) -> Any:
        acc = original(f, values, k, acc)
        return tensor_foldl_spec(f, acc, values[0]) if values else acc

    return go


_FOLD = "spec.core.tensor_reduction_shape.reductions:"

PAIRS = (
    Pair(
        named("toVecT: the first entry lost"),
        (
            Edit(CORE + "toVecT", "toVecE (", "WithLp.toLp 2 fun i => if i.1 = 0 then (0 : ℝ) else toVecE ("),
            Edit(CORE + "toVecT", "(α := ℝ) t)", "(α := ℝ) t) i"),
        ),
        core(
            *("toVecT_ofVecT", "ofVecT_toVecT", "inner_toVecT_dim", "toVecT_dim_apply", "dot_eq_inner_toVecT"),
            *("unflattenCtx_flattenCtx", "flattenCtx_unflattenCtx", "dotList_eq_inner_flattenCtx"),
        ),
    ),
    Pair(
        named("column-major flattening"),
        (
            Edit("Spec.Tensor.flattenSpec", "i.val / (Shape.size s')", "i.val % n"),
            Edit("Spec.Tensor.flattenSpec", "i.val % (Shape.size s')", "i.val / n"),
        ),
        (
            "Spec.Tensor.Private.flattenSpec_dim_apply",
            "Spec.Tensor.unflatten_flatten_inverse",
            *core("unflattenCtx_flattenCtx", "flattenCtx_unflattenCtx", "toVecT_dim_apply"),
        ),
    ),
    Pair(
        named("toVec backwards"),
        (Edit("Proofs.TensorAlgebra.toVec", "match f i with", "match f ⟨n - 1 - i.1, by omega⟩ with"),),
        ("Proofs.TensorAlgebra.toVec_ofVec", *core("toVecE_ofVecE", "toVecT_ofVecT", "ofVecT_toVecT")),
    ),
    Pair(
        named("castVec: every entry 1 more"),
        (Edit(CORE + "castVec", "v (Fin.cast h.symm i)", "v (Fin.cast h.symm i) + 1"),),
        core(
            *("castVec_add", "castVec_smul", "castVec_castVec", "inner_castVec_castVec", "castCtxVec_cast"),
            *("inner_castCtxVec",),
        ),
    ),
    Pair(
        named("appendVec: the second part lost"),
        (Edit(CORE + "appendVec", "(Fin.append a b)", "(Fin.append a (0 : Vec n))"),),
        core("inner_append", "unsnocCtx_snocCtx", "snocCtx_unsnocCtx", "CtxVec.inner_getRaw_singleRaw"),
    ),
    Pair(
        broken(
            "sumSpec begins at 1",
            "Spec.Tensor.sumSpec",
            _FOLD + "sum_spec",
            one_more,
        ),
        (Edit("Spec.Tensor.sumSpec", "(· + ·) 0 t", "(· + ·) 1 t"),),
        (
            "Spec.tensor_foldl_spec_add_init",
            *core("sum_spec_dim", "dot_eq_inner_toVecT", "dotList_eq_inner_flattenCtx", "TList.dot_fill_zero_right"),
            *core("TList.dotList_zero_right", "TList.dotList_add_right", "TList.dotList_single"),
            CORE + "Graph.backprop_correct",
        ),
    ),
    Pair(
        broken(
            "dotList: signs alternate",
            CORE + "TList.dotList",
            "core.soundness:dot_list",
            _signs_alternate,
        ),
        (Edit(CORE + "TList.dotList", "dot a b + dotList", "dot a b - dotList"),),
        core("TList.dotList_snoc", "dotList_eq_inner_flattenCtx", "TList.dotList_single"),
    ),
    Pair(
        broken(
            "TList.snoc: the last tensor doubled",
            CORE + "Algebra.TList.snoc",
            "algebra.soundness:snoc",
            _last_doubled,
        ),
        (Edit(CORE + "Algebra.TList.snoc", "[], nil, t => cons t nil", "[], nil, t => cons (addSpec t t) nil"),),
        core("TList.unsnoc_snoc", "TList.snoc_unsnoc"),
        shown_by=CORE + "Graph.eval",
    ),
    Pair(
        named("TList.cast: every entry 1 more"),
        (
            Edit(CORE + "Algebra.TList.zero", "(0 : α)", "(1 : α)"),
            Edit(CORE + "TList.cast", "h xs", "h (add xs zero)"),
        ),
        core("TList.dotList_cast_left"),
        unshown="no counterpart of a definition casts a typed list",
    ),
    Pair(
        named("ctxSize 1 more"),
        (Edit(CORE + "ctxSize", "[] => 0", "[] => 1"),),
        core("ctxSize_append"),
    ),
    Pair(
        named("ctxSize: every size twice"),
        (Edit(CORE + "ctxSize", "Shape.size s + ctxSize ss", "2 * Shape.size s + ctxSize ss"),),
        core("ctxSize_snoc"),
    ),
    Pair(
        broken("size: dimensions added", "Spec.Shape.size", "spec.core.shape:size", _added_dimensions),
        (Edit("Spec.Shape.size", "n * size rest", "n + size rest"),),
        core("TapeNodes.Batched.size3_eq", "TapeNodes.Matmul.vecSize_eq"),
    ),
    Pair(
        broken("fold: every other slice", "Spec.Tensor.tensorFoldlSpec", _FOLD + "tensor_foldl_go", _every_other_slice),
        (Edit("Spec.Tensor.tensorFoldlSpec", "go (i + 1)", "go (i + 2)"),),
        ("Spec.tensor_foldl_spec_go_of_lt",),
    ),
    Pair(
        broken(
            "fold: the first slice again at the end",
            "Spec.Tensor.tensorFoldlSpec",
            _FOLD + "tensor_foldl_go",
            _ends_with_the_first,
        ),
        (
            Edit(
                "Spec.Tensor.tensorFoldlSpec",
                "else acc",
                "else if h : 0 < n then tensorFoldlSpec f acc (values ⟨0, h⟩) else acc",
            ),
        ),
        ("Spec.tensor_foldl_spec_go_of_not_lt",),
    ),
)
