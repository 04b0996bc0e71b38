"""The arithmetic that a kernel is said to compute in: declared by who knows it, never guessed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from flint import fmpq

from mirror.arithmetic.rounded import (
    JAX_BFLOAT16,
    JAX_FLOAT32,
    JAX_FLOAT64,
    NUMPY_FLOAT32,
    NUMPY_FLOAT64,
    SAFETY,
    TORCH_FLOAT32,
    TORCH_FLOAT64,
    Backend,
)


class SumOrder(StrEnum):
    """How the terms of a sum may be added."""

    ANY = "any"
    TREE = "tree"
    SEQUENTIAL = "sequential"


# The significand of tf32, in which matrix units take float32 operands.
TF32 = replace(JAX_FLOAT32, name="tf32", bits=11)
FLOAT16 = replace(JAX_FLOAT32, name="float16", bits=11, lowest=-14, highest=15)
BFLOAT16 = replace(JAX_BFLOAT16, name="bfloat16")

# What each library computes in on CPUs, by the names of dtypes.
LIBRARIES = {
    "jax": {"float32": JAX_FLOAT32, "float64": JAX_FLOAT64},
    "numpy": {"float32": NUMPY_FLOAT32, "float64": NUMPY_FLOAT64},
    "torch": {"float32": TORCH_FLOAT32, "float64": TORCH_FLOAT64},
}
_SUMS = {
    SumOrder.ANY: "sums and products of n terms by n·u/(1 - n·u) in any order",
    SumOrder.TREE: "sums and products of n terms by (ceil(log2 n) + 1)·u, added in a tree",
    SumOrder.SEQUENTIAL: "sums and products of n terms by n·u/(1 - n·u), added one after the other",
}


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

    @property
    def assumes(self) -> str:
        """What a bound in this arithmetic takes for granted, in one sentence."""
        b = self.accumulate
        said = [
            f"{b.name}: + - * / and sqrt are off by at most u = 2^-{b.bits}, {_SUMS[self.order]}, "
            f"{self._elementary}, underflow is {'flushed to 0' if b.flushes else 'gradual'}"
        ]
        if self.operand:
            said.append(f"the operands of products of matrices are rounded to {_named(self.operand)}")
        if self.weights:
            said.append(f"softmax's weights and their cotangents are rounded to {_named(self.weights)}")
        if self.stored.bits != b.bits:
            said.append(f"results are stored in {_dtype(self.stored)}")
        return "; ".join(said)

    @property
    def _elementary(self) -> str:
        b, measured, own = self.accumulate, f" ({SAFETY} times the largest error measured)", " (as declared)"
        exp = measured if self.exp_ulps == SAFETY * b.exp else own
        tanh = measured if self.tanh_ulps == SAFETY * b.tanh else own
        both = exp if exp == tanh else ""  # said once where it is so of both
        return f"exp by {self.exp_ulps}·u{'' if both else exp} and tanh by {self.tanh_ulps}·u{both or tanh}"


def _dtype(backend: Backend) -> str:
    """The dtype of a backend such as `jax float32 on CPU`."""
    return backend.name.split()[1]


def _named(backend: Backend) -> str:
    return f"{backend.name} (u = 2^-{backend.bits})"


def declared_for(dtype: str, library: str = "jax") -> FloatArithmetic:
    """What is assumed where nothing is declared: a library on a CPU, any order; bfloat16 is computed in float32."""
    computed = LIBRARIES[library]
    accumulate = computed["float32" if dtype == "bfloat16" else dtype]
    stored = JAX_BFLOAT16 if dtype == "bfloat16" else accumulate
    exp, tanh = SAFETY * accumulate.exp, SAFETY * accumulate.tanh
    return FloatArithmetic(stored, accumulate, None, None, SumOrder.ANY, exp, tanh)
