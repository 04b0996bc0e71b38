"""A jitted block against its certified enclosure, and both against the value of Lean's function.

The enclosure runs the formulas of `mirror.jit`; the real value is the mirror's own graph and its reverse run in ball
arithmetic, so that what is called an error is the distance from what the theorem is about.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from flint import arb, fmpq

from mirror.arithmetic import BALL, Undecided, precision, rational
from mirror.arithmetic.matrices import BALL_MATRICES
from mirror.bounds.attention import attention_bounds
from mirror.bounds.block import block_bounds
from mirror.bounds.bounded import Bounded
from mirror.bounds.declared import FloatArithmetic
from mirror.core.fderiv import backprop_vec, ctx_size, eval_vec
from mirror.core.soundness import Graph
from mirror.dims import Dims
from mirror.jit import BlockContext, BlockParameters, Dense
from mirror.jit.arrays import QKV
from mirror.jit.enclosed import enclosed_attention, enclosed_core
from mirror.jit.enclosing import ENCLOSING, Enclosing
from mirror.linear_map import LinearMap, PositionWise, merge_heads
from mirror.ops.attention.masked_multi_head_self_attention import masked_core_dgraph
from mirror.ops.transformer import decoder_block
from mirror.spec.core.shape import size
from theorems.engine.evidence.floats import BITS, FloatJudgement, FloatVerdict, judge_floats
from theorems.engine.evidence.verdicts import Mismatch

# A row of a mask with no larger entry loses its logits in floats, more or less.
LOST = -1e3


class Instances(ABC):
    """A batch of instances of one program: inputs and cotangents with one batch axis, in one dtype."""

    inputs: Any
    cotangent: Any

    @cached_property
    def graph(self) -> Graph:
        """The mirror's graph, with the batch's fixed arguments."""
        return self._graph()

    @abstractmethod
    def _graph(self) -> Graph: ...

    @abstractmethod
    def enclosures(self, ar: Enclosing) -> list[np.ndarray]:
        """What the output and the cotangents of the inputs can arrive at: arrays of balls, with the batch axis."""

    @abstractmethod
    def bounds(self, k: int, arithmetic: FloatArithmetic) -> tuple[Bounded, ...]:
        """What `mirror.bounds` knows of the output and the cotangents of the k-th instance."""

    @property
    @abstractmethod
    def work(self) -> int:
        """About how many multiplications one instance takes forward."""

    @property
    def enclosing(self) -> Enclosing:
        """How the dtype is enclosed, on CPUs."""
        return ENCLOSING[self.cotangent.dtype.name]

    def real(self, k: int) -> np.ndarray:
        """The output and the cotangents of the k-th instance, flat, over the reals; raises `Undecided`."""
        graph, x, cotangent = self.graph, np.concatenate([_exact(a[k]) for a in self.inputs]), _exact(self.cotangent[k])
        unseeded = ctx_size((*graph.context, *graph.saved)) - len(cotangent)  # every entry but the output
        seed = np.concatenate([BALL.zeros(unseeded), cotangent])
        ar = BALL_MATRICES
        return np.concatenate([eval_vec(ar, graph, x)[unseeded:], backprop_vec(ar, graph, x, seed)])

    def _where(self, position: int) -> str:
        """Which result the position in all of them belongs to."""
        sizes = [size(shape) for shape in (self.graph.saved[-1], *self.graph.context)]
        k = int(np.searchsorted(np.cumsum(sizes), position, side="right"))
        return f"cotangent of {BlockContext._fields[k - 1]}" if k else "output"

    def judge(self, results: Sequence[Any], ar: Enclosing | None = None) -> Iterator[FloatJudgement]:
        """Judge the output and the cotangents that were computed, instance by instance."""
        ar = ar or self.enclosing
        with precision(BITS):
            balls = [a.reshape(len(a), -1) for a in self.enclosures(ar)]
        values = [np.asarray(r).astype(np.float64).reshape(len(r), -1) for r in results]
        for k in range(len(self.cotangent)):
            with precision(BITS):
                yield self._judged(k, np.concatenate([v[k] for v in values]), np.concatenate([b[k] for b in balls]), ar)

    def _judged(self, k: int, values: np.ndarray, balls: np.ndarray, ar: Enclosing) -> FloatJudgement:
        backend = ar.stored or ar.backend
        try:
            real = self.real(k)
        except Undecided as why:
            where = Mismatch("the real value is undecided", 0, str(why), "a decided value")
            return FloatJudgement(FloatVerdict.UNDECIDED, backend.assumes, mismatch=where)
        found = judge_floats(values, balls, real, backend)
        if found.mismatch is None:
            return _holding(found, real, balls)
        claim = f"{self._where(found.mismatch.position)}: {found.mismatch.claim}"
        return replace(found, mismatch=replace(found.mismatch, claim=claim))


@dataclass(frozen=True, eq=False)
class BlockInstances(Instances):
    """Instances of the decoder core. Parameters and mask (H, n, n), finite, are the batch's."""

    inputs: BlockContext
    parameters: BlockParameters
    bias: Any
    cotangent: Any

    @property
    def dims(self) -> Dims:
        """Lean's five dimensions."""
        _, heads, n, dim = np.shape(self.inputs.q)
        model, hidden = np.shape(self.inputs.residual)[-1], np.shape(self.parameters.b1)[-1]
        return Dims(seq_len=n, d_model=model, num_heads=heads, head_dim=dim, d_ff=hidden)

    def _graph(self) -> Graph:
        dims, p = self.dims, self.parameters
        n, model, hidden = dims.seq_len, dims.d_model, dims.d_ff
        exact = decoder_block.Parameters(
            merge=_merge(p.merge, dims),
            merge_bias=_at_positions(p.merge_bias, n),
            fc1=_position_wise(p.fc1, n, hidden, model),
            b1=_at_positions(p.b1, n),
            fc2=_position_wise(p.fc2, n, model, hidden),
            b2=_at_positions(p.b2, n),
            c=rational(p.scale),
            eps1=rational(p.eps1),
            eps2=rational(p.eps2),
            bias=_exact(self.bias),
        )
        return decoder_block.decoder_core_graph(dims, exact)

    def bounds(self, k: int, arithmetic: FloatArithmetic) -> tuple[Bounded, ...]:
        context = BlockContext(*(a[k] for a in self.inputs))
        return block_bounds(context, self.parameters, _held_to(self.bias), self.cotangent[k], arithmetic)

    @property
    def work(self) -> int:
        d = self.dims
        width = d.num_heads * d.head_dim
        return d.seq_len * (d.seq_len * width + d.d_model * (width + 2 * d.d_ff))

    def enclosures(self, ar: Enclosing) -> list[np.ndarray]:
        y, cotangents = enclosed_core(ar, self.inputs, self.parameters, self.bias, self.cotangent)
        return [a.balls for a in (y, *cotangents)]


@dataclass(frozen=True, eq=False)
class AttentionInstances(Instances):
    """Instances of the masked attention: inputs q, kt and v; scale and mask (H, n, n), finite, are the batch's."""

    inputs: QKV[Any]
    scale: float
    bias: Any
    cotangent: Any

    def _graph(self) -> Graph:
        _, heads, n, dim = np.shape(self.inputs[0])
        return masked_core_dgraph(n, heads, dim, rational(self.scale), _exact(self.bias)).g

    def bounds(self, k: int, arithmetic: FloatArithmetic) -> tuple[Bounded, ...]:
        q, kt, v = (a[k] for a in self.inputs)
        return attention_bounds(q, kt, v, _held_to(self.bias), self.scale, self.cotangent[k], arithmetic)

    @property
    def work(self) -> int:
        _, heads, n, dim = np.shape(self.inputs[0])
        return heads * n * n * dim

    def enclosures(self, ar: Enclosing) -> list[np.ndarray]:
        q, kt, v = self.inputs
        y, cotangents = enclosed_attention(ar, q, kt, v, self.bias, self.scale, self.cotangent)
        return [a.balls for a in (y, *cotangents)]


def _held_to(bias: Any) -> np.ndarray:
    """The mask that bounds are asked for: with nothing but large numbers in a row, relative to its largest one.

    A kernel adds the mask as it is, which such a row does not survive. It is held to Lean's function all the same.
    """
    exact = np.asarray(bias).astype(np.float64)
    top = exact.max(axis=-1, keepdims=True)
    return exact - np.where(np.isfinite(top) & (top < LOST), top, 0.0)


def _holding(found: FloatJudgement, real: np.ndarray, balls: np.ndarray) -> FloatJudgement:
    """The judgement, or outside where an enclosure does not hold the real value: then it says nothing about it."""
    for position, (value, ball) in enumerate(zip(real, balls, strict=True)):
        if not arb(ball).overlaps(arb(value)):
            where = Mismatch("the real value is outside", position, arb(value).str(20), arb(ball).str(20))
            return FloatJudgement(FloatVerdict.OUTSIDE, found.assumes, mismatch=where)
    return found


def _rational(x: float) -> fmpq:
    # Without Python's fractions, which take most of the time at the sizes of kernels.
    return fmpq(*x.as_integer_ratio())


def _exact(array: Any) -> np.ndarray:
    """The floats of an array as rationals, flat."""
    flat = np.asarray(array).astype(np.float64).reshape(-1)
    return np.asarray(np.frompyfunc(_rational, 1, 1)(flat), dtype=object)


def _at_positions(bias: Any, n: int) -> np.ndarray:
    """A bias (width,) or (n, width) at each of n positions, flat."""
    return _exact(np.broadcast_to(np.asarray(bias), (n, np.shape(bias)[-1])))


def _position_wise(weight: Any, n: int, out: int, into: int) -> PositionWise:
    """A weight (in, out) at each position, or any matrix (out, in) of the flattened arrays."""
    if isinstance(weight, Dense):
        return PositionWise(1, n * out, n * into, tuple(_exact(weight.matrix)))
    return PositionWise(n, out, into, tuple(_exact(np.asarray(weight).T)))


def _merge(weight: Any, dims: Dims) -> LinearMap:
    """A weight (H, d, D) or (H·d, D) at each position, or any matrix of the flattened arrays."""
    n, heads, width = dims.seq_len, dims.num_heads, dims.num_heads * dims.head_dim
    if isinstance(weight, Dense):
        return _position_wise(weight, n, dims.d_model, width)
    return merge_heads(heads, _position_wise(np.reshape(weight, (width, dims.d_model)), n, dims.d_model, width))
