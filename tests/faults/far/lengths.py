"""Faults that show only in long entries: of more than 12 numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from mirror.spec.core.shape import Shape, size
from mirror.spec.core.tensor.core import Tensor
from tests.faults.fault import fault

_CORE = "Proofs.Autograd."
_NODES = _CORE + "TapeNodes."
_FAR = "tests.far_out."
LENGTH = 12  # the last that small instances reach
_SHAPE_CHANGE = "spec.core.tensor_reduction_shape.shape_change"


def backwards(t: Tensor) -> Tensor:
    return Tensor(t.shape, t.entries.reshape(-1)[::-1].reshape(t.shape))


def _long_vector_unflattened_backwards(original: Any) -> Any:
    def unflatten(shape: Shape, v: Tensor) -> Tensor:
        t = original(shape, v)
        return backwards(t) if len(shape) == 1 and size(shape) > LENGTH else t

    return unflatten


def _long_unflattened_backwards(original: Any) -> Any:
    def unflatten(shape: Shape, v: Tensor) -> Tensor:
        t = original(shape, v)
        return backwards(t) if size(shape) > LENGTH else t

    return unflatten


def _long_flattened_backwards(original: Any) -> Any:
    def flatten(t: Tensor) -> Tensor:
        flat = original(t)
        return backwards(flat) if size(t.shape) > LENGTH else flat

    return flatten


def _long_backwards(original: Any) -> Any:
    """A fault of a function whose result is an array: too long a one comes out backwards."""

    def faulty(*args: Any) -> Any:
        out = original(*args)
        return out.reshape(-1)[::-1].reshape(out.shape) if np.size(out) > LENGTH else out

    return faulty


FAULTS = (
    fault(
        "a vector longer than 12 unflattened backwards",
        "Spec.Tensor.unflattenSpec",
        _FAR + "test_lengths::test_a_long_entry_is_read_row_major",
        _SHAPE_CHANGE + ":unflatten_spec",
        _long_vector_unflattened_backwards,
    ),
    fault(
        "more than 12 entries unflattened backwards",
        "Spec.Tensor.unflattenSpec",
        "Proofs.Autograd.Node.correct_inner",
        _SHAPE_CHANGE + ":unflatten_spec",
        _long_unflattened_backwards,
    ),
    fault(
        "more than 12 entries flattened backwards",
        "Spec.Tensor.flattenSpec",
        "Proofs.Autograd.Node.correct_inner",
        _SHAPE_CHANGE + ":flatten_spec",
        _long_flattened_backwards,
    ),
    fault(
        "heads: more than 12 entries backwards",
        _NODES + "Batched.heads",
        _FAR + "test_lengths::test_many_long_rows_are_stretches",
        "nodes.batched:heads",
        _long_backwards,
    ),
    fault(
        "rows: more than 12 entries backwards",
        _NODES + "SoftmaxLastAxis.rows",
        "Proofs.Autograd.MultiHeadAttention.maskedCore_backpropVec_eq_adjoint_fderiv",
        "nodes.softmax:rows",
        _long_backwards,
    ),
)
