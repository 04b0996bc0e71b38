"""The referee: what a declared arithmetic can arrive at, in balls; for small shapes."""

from __future__ import annotations

from dataclasses import replace

from mirror.arithmetic.rounded import SAFETY, Backend
from mirror.bounds.declared import FloatArithmetic
from mirror.jit.enclosing import Enclosing


def enclosing_for(arithmetic: FloatArithmetic) -> Enclosing | None:
    """Enclosures of a declared arithmetic, with sums in any order; None where softmax's weights are rounded alone.

    For a declared order they are wider than need be, and hold.
    """
    if arithmetic.weights is not None and arithmetic.weights != arithmetic.operand:
        return None
    stored, computed = arithmetic.stored, arithmetic.accumulate
    measured = replace(computed, exp=arithmetic.exp_ulps / SAFETY, tanh=arithmetic.tanh_ulps / SAFETY)
    return Enclosing(measured, stored=None if _holds(stored, computed) else stored, operand=arithmetic.operand)


def _holds(stored: Backend, computed: Backend) -> bool:
    """Whether every number that is computed can be stored as it is."""
    return stored.bits >= computed.bits and stored.lowest <= computed.lowest and stored.highest >= computed.highest
