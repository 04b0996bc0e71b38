"""A candidate that is wrong is not timed.

Two gates. At a small shape every result must lie in the ball enclosure of what its format can arrive at for the
mirror's block (`theorems.engine.evidence.floats`). At the size that is timed, where balls are too slow, the largest
error against a float64 evaluation is reported, and a candidate far off is turned away: that limit was chosen and is no
evidence, it only keeps a wrong result from being called fast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mirror.arithmetic import BALL, Arithmetic, Array, precision, rational, rational_vector
from mirror.arithmetic.rounded import Backend
from mirror.core.fderiv import backprop_vec, ctx_size, eval_vec
from mirror.dims import Dims
from mirror.linear_map import PositionWise, merge_heads
from mirror.ops.transformer.decoder_block import Parameters, decoder_core_graph, saved_decoder_core
from theorems.engine.evidence.floats import BITS, FloatJudgement, enclosure, judge_floats
from theorems.tools.bench.problem import Problem

# The largest error of an output over the largest entry, by format: some ten, or three, times the worst peer's.
LIMITS = {"float32": 1e-5, "bfloat16": 0.1}


def error(results: Sequence[np.ndarray], expected: Sequence[np.ndarray]) -> float:
    """The largest difference over the largest entry, of the worst result; infinite for NaN or a shape."""
    if [r.shape for r in results] != [e.shape for e in expected]:
        return float("inf")
    worst = max(float(np.abs(r - e).max() / np.abs(e).max()) for r, e in zip(results, expected, strict=True))
    return worst if np.isfinite(worst) else float("inf")


@dataclass(frozen=True, slots=True, eq=False)
class Enclosed:
    """What a backend can arrive at for a problem of one example, and the real values: `Candidate.results`, flat."""

    backend: Backend
    balls: np.ndarray
    real: np.ndarray

    @classmethod
    def of(cls, p: Problem, backend: Backend) -> Enclosed:
        """Evaluate the mirror's block and its reverse run; for small problems, about a second."""
        dims, fixed = _mirrored(p)
        graph, x, cotangent = decoder_core_graph(dims, fixed), _rationals(*p.context), _rationals(p.cotangent)
        unseeded = len(x) + ctx_size(saved_decoder_core(dims)) - len(cotangent)  # every entry but the output

        def program(ar: Arithmetic, x: Array, cotangent: Array) -> Array:
            seed = ar.concat([ar.zeros(unseeded), cotangent])
            out = eval_vec(ar, graph, x)[unseeded:]
            return ar.concat([out, out, backprop_vec(ar, graph, x, seed)])

        with precision(BITS):
            real = np.asarray(program(BALL, x, cotangent), dtype=object).reshape(-1)
            return cls(backend, enclosure(program, (x, cotangent), backend), real)

    def judge(self, results: Sequence[np.ndarray]) -> FloatJudgement:
        """Whether all results lie in their enclosures."""
        with precision(BITS):
            return judge_floats(np.concatenate([r.reshape(-1) for r in results]), self.balls, self.real, self.backend)


def _rationals(*arrays: np.ndarray) -> np.ndarray:
    return rational_vector(np.concatenate([a.reshape(-1) for a in arrays]).astype(np.float64))


def _mirrored(p: Problem) -> tuple[Dims, Parameters]:
    """The problem's dimensions and fixed arguments for the mirror."""
    if p.size.batch != 1:
        raise ValueError(f"the mirror's block has no batch axis, got a batch of {p.size.batch}")
    dims, w = p.size.dims, p.weights
    n = dims.seq_len
    parameters = Parameters(
        merge=merge_heads(dims.num_heads, PositionWise(n, dims.d_model, len(w.merge), tuple(_rationals(w.merge.T)))),
        merge_bias=_rationals(np.tile(w.merge_bias, n)),
        fc1=PositionWise(n, dims.d_ff, dims.d_model, tuple(_rationals(w.fc1.T))),
        b1=_rationals(np.tile(w.b1, n)),
        fc2=PositionWise(n, dims.d_model, dims.d_ff, tuple(_rationals(w.fc2.T))),
        b2=_rationals(np.tile(w.b2, n)),
        c=rational(w.scale),
        eps1=rational(w.eps),
        eps2=rational(w.eps),
        bias=_rationals(p.bias),
    )
    return dims, parameters
