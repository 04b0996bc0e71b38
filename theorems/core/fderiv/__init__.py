"""Contexts as flat vectors, and graphs on them. Twin of `NN/Proofs/Autograd/Tape/Core/FDeriv.lean`."""

from __future__ import annotations

from theorems.core.fderiv.graphs import (
    backprop_correct_inner,
    backprop_vec_eq_adjoint_fderiv,
    backprop_vec_eq_adjoint_fderiv_at,
    correct_inner,
    has_fderiv_at_eval_vec_and_jvp,
    has_fderiv_at_eval_vec_and_jvp_at,
    jvp_vec_eq_fderiv,
    jvp_vec_eq_fderiv_at,
)
from theorems.core.fderiv.inner_products import (
    dot_eq_inner_to_vec_t,
    dot_list_eq_inner_flatten_ctx,
    inner_append,
    inner_cast_ctx_vec,
    inner_cast_vec_cast_vec,
    inner_to_vec_t_dim,
    sum_spec_dim,
)
from theorems.core.fderiv.round_trips import (
    cast_ctx_vec_cast,
    cast_vec_add,
    cast_vec_cast_vec,
    cast_vec_smul,
    ctx_size_append,
    ctx_size_snoc,
    flatten_ctx_unflatten_ctx,
    of_vec_t_to_vec_t,
    snoc_ctx_unsnoc_ctx,
    to_vec_t_dim_apply,
    to_vec_t_of_vec_t,
    unflatten_ctx_flatten_ctx,
    unsnoc_ctx_snoc_ctx,
)

__all__ = [
    "backprop_correct_inner",
    "backprop_vec_eq_adjoint_fderiv",
    "backprop_vec_eq_adjoint_fderiv_at",
    "cast_ctx_vec_cast",
    "cast_vec_add",
    "cast_vec_cast_vec",
    "cast_vec_smul",
    "correct_inner",
    "ctx_size_append",
    "ctx_size_snoc",
    "dot_eq_inner_to_vec_t",
    "dot_list_eq_inner_flatten_ctx",
    "flatten_ctx_unflatten_ctx",
    "has_fderiv_at_eval_vec_and_jvp",
    "has_fderiv_at_eval_vec_and_jvp_at",
    "inner_append",
    "inner_cast_ctx_vec",
    "inner_cast_vec_cast_vec",
    "inner_to_vec_t_dim",
    "jvp_vec_eq_fderiv",
    "jvp_vec_eq_fderiv_at",
    "of_vec_t_to_vec_t",
    "snoc_ctx_unsnoc_ctx",
    "sum_spec_dim",
    "to_vec_t_dim_apply",
    "to_vec_t_of_vec_t",
    "unflatten_ctx_flatten_ctx",
    "unsnoc_ctx_snoc_ctx",
]
