"""The arithmetic that a kernel is said to compute in: declared by who knows it, never guessed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from flint import fmpq

from mirror.arithmetic.rounded import JAX_BFLOAT16, JAX_FLOAT32, JAX_FLOAT64, SAFETY, Backend


class SumOrder(StrEnum):
    """How the terms of a sum may be added."""

    ANY = "any"
    TREE = "tree"
    SEQUENTIAL = "sequential"


# The significand of tf32, in which matrix units take float32 operands.
TF32 = replace(JAX_FLOAT32, name="tf32", bits=11)


@dataclass(frozen=True, slots=True)
class FloatArithmetic:
    """A kernel's own arithmetic.

    Inputs and results are `stored`. Everything is computed in `accumulate`, but for the operands of products of
    matrices, rounded to `operand`, and softmax's weights and their cotangents where they are such operands, rounded to
    `weights` (None: not rounded). exp and tanh are off by at most `exp_ulps` and `tanh_ulps` units of `accumulate`,
    relative.
    """

    stored: Backend
    accumulate: Backend
    operand: Backend | None
    weights: Backend | None
    order: SumOrder
    exp_ulps: fmpq
    tanh_ulps: fmpq


def declared_for(dtype: str) -> FloatArithmetic:
    """What is assumed where nothing is declared: JAX on a CPU, any order; bfloat16 is computed in float32."""
    stored = {"float64": JAX_FLOAT64, "float32": JAX_FLOAT32, "bfloat16": JAX_BFLOAT16}[dtype]
    accumulate = JAX_FLOAT32 if stored is JAX_BFLOAT16 else stored
    exp, tanh = SAFETY * accumulate.exp, SAFETY * accumulate.tanh
    return FloatArithmetic(stored, accumulate, None, None, SumOrder.ANY, exp, tanh)
