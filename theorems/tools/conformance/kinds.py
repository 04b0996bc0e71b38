"""The two functions that can be conformed to: how they are called, and instances of them.

An attention is `f(q, kt, v, bias, scale) -> (H, n, d)`: softmax(scale·q kt + bias)·v with q (H, n, d), kt (H, d, n),
v (H, n, d), bias (H, n, n) finite, and scale a float. A block is `f(context, parameters, bias) -> (n, D)` with
`mirror.jit`'s `BlockContext` and `BlockParameters`; its weights act at each position. Neither has a batch axis, all
arrays have one dtype, and the result has it too. A VJP of one's own takes the same arguments and then the cotangent of
the result; it gives the cotangents of q, kt and v, or of the eight entries of the context, in their order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import jax
import numpy as np

from mirror.jit import BlockContext
from mirror.jit.arrays import QKV
from theorems.engine.evidence.block_floats import AttentionInstances, BlockInstances
from theorems.engine.strategies.jitted import Setting, instances
from theorems.tools.conformance.masks import NAMES, family, is_infinite, with_minus_infinity
from theorems.tools.conformance.shapes import OF_ATTENTION, OF_BLOCK, ShapeClass
from theorems.tools.conformance.values import FAMILIES, ORDINARY, KernelInstances

# What one implementation is called with: the inputs that are differentiated, the fixed arguments, a cotangent.
Function = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class KernelCall:
    """One call: its inputs, one by one, its fixed arguments in the order of the signature, and a cotangent."""

    inputs: Any
    fixed: tuple[Any, ...]
    cotangent: Any


@dataclass(frozen=True, slots=True)
class Kind:
    """A function that can be conformed to.

    `parameters` are the names of its arguments, `inputs` of what is differentiated, `together` says that the inputs
    are one argument; `result` is the shape of what it returns, in letters. `unchecked` says which gradients no theorem
    is about.
    """

    name: str
    parameters: tuple[str, ...]
    inputs: tuple[str, ...]
    together: bool
    result: str
    unchecked: str
    classes: tuple[ShapeClass, ...]
    batch: Callable[[BlockInstances, np.random.Generator], KernelInstances]
    fixed: Callable[[Any], tuple[Any, ...]]

    @property
    def shapes(self) -> tuple[Setting, ...]:
        """The shapes of all classes."""
        return tuple(dict.fromkeys(shape for of in self.classes for shape in of.shapes))

    @property
    def values(self) -> tuple[str, ...]:
        """The families of values that some shape meets."""
        return tuple(dict.fromkeys(name for of in self.classes for name in of.values))

    def call(self, batch: Any, k: int) -> KernelCall:
        """The k-th instance of a batch, in NumPy arrays."""
        return KernelCall(jax.tree.map(lambda a: a[k], batch.inputs), self.fixed(batch), batch.cotangent[k])

    def arguments(self, inputs: Any, fixed: Sequence[Any]) -> tuple[Any, ...]:
        """The arguments of the function at these inputs."""
        return (inputs, *fixed) if self.together else (*inputs, *fixed)

    def signature(self, vjp: bool = False) -> str:
        """How the function, or its VJP, is called."""
        return f"f({', '.join((*self.parameters, *(['cotangent'] * vjp)))})"


def _block(plain: BlockInstances, draw: np.random.Generator) -> BlockInstances:
    return plain


def _attention(plain: BlockInstances, draw: np.random.Generator) -> AttentionInstances:
    q, kt, v = plain.inputs[:3]
    cotangent = draw.standard_normal(v.shape).astype(v.dtype)
    return AttentionInstances(QKV(q, kt, v), plain.parameters.scale, plain.bias, cotangent)


# What a user calls the dimensions, in the order that the seed of an instance has them in.
LETTERS = {"H": "num_heads", "n": "seq_len", "d": "head_dim", "D": "d_model", "F": "d_ff"}

BLOCK = Kind(
    name="block",
    parameters=("context", "parameters", "bias"),
    inputs=BlockContext._fields,
    together=True,
    result="(n, D)",
    unchecked="Gradients are those of the context's eight entries; those of weights, biases and mask are not checked.",
    classes=OF_BLOCK,
    batch=_block,
    fixed=lambda batch: (batch.parameters, batch.bias),
)
ATTENTION = Kind(
    name="attention",
    parameters=("q", "kt", "v", "bias", "scale"),
    inputs=("q", "kt", "v"),
    together=False,
    result="(H, n, d)",
    unchecked="Gradients are those of q, kt and v; the gradient of bias is not checked.",
    classes=OF_ATTENTION,
    batch=_attention,
    fixed=lambda batch: (batch.bias, batch.scale),
)
KINDS = {kind.name: kind for kind in (BLOCK, ATTENTION)}


def drawn(
    kind: Kind, setting: Setting, mask: str, dtype: str, size: int, seed: int, values: str = ORDINARY
) -> KernelInstances:
    """A batch of a shape, a mask and values: the same for the same seed, whatever else is examined.

    The mask is rounded to the dtype, so that the reference has the numbers that the implementation is given; −∞ is a
    wide gap here, which weighs as little.
    """
    own = [getattr(setting.dims, name) for name in LETTERS.values()]
    shape = [kind.shapes.index(setting)] if setting in kind.shapes else own
    others = [] if values == ORDINARY else [list(FAMILIES).index(values)]
    draw = np.random.default_rng((seed, *shape, NAMES.index(mask), *others))
    plain = instances(setting, "no mask", dtype, size, draw)
    dims = setting.dims
    bias = family(mask)(draw, dims.num_heads, dims.seq_len).astype(plain.cotangent.dtype)
    return FAMILIES[values](kind.batch(replace(plain, bias=bias), draw), draw)


def given(batch: KernelInstances, mask: str) -> KernelInstances:
    """The batch as the implementation is given it: with −∞ in the mask, where the mask has it."""
    return replace(batch, bias=with_minus_infinity(batch.bias)) if is_infinite(mask) else batch
