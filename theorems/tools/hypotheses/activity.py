"""Whether an instance could have failed: it moves what the theorem is about, by more than 2⁻⁶⁰."""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import arb, fmpq

from mirror.arithmetic import BALL, AtBoundary, Undecided, precision
from mirror.core.fderiv import ctx_size, eval_vec
from mirror.spec.core.shape import size
from theorems.engine.asking import given
from theorems.engine.case import DIFFERENCES, Case
from theorems.engine.evidence.derivatives import along
from theorems.engine.evidence.differentiability import every_input_moves
from theorems.engine.evidence.verdicts import Equal
from theorems.engine.graph_run import GraphRun
from theorems.engine.theorem import Theorem

LEAST = arb(2) ** -60
_BITS = 640


def active(theorem: Theorem, case: Case) -> bool:
    """Whether every input of each graph moves that graph's last result, and a number that is not 0 is compared."""
    with precision(_BITS):
        return all(map(_moved_by_all, theorem.graph_runs(case))) and _compares(theorem, case)


def _moved_by_all(run: GraphRun) -> bool:
    return all(_moved_by(run, k) for k in range(len(run.graph.context)))


def _moved_by(run: GraphRun, k: int) -> bool:
    """Whether the last result moves where the k-th input does."""
    context = run.graph.context
    start, stop = ctx_size(context[:k]), ctx_size(context[: k + 1])
    h = np.full(len(run.x), fmpq(0), dtype=object)
    h[start:stop] = every_input_moves(stop - start)
    last = size(run.graph.saved[-1]) if run.graph.saved else len(h)
    try:
        moved = along(lambda ar, z: eval_vec(ar, run.graph, z), run.x, h)[-last:] if last else ()
    except (AtBoundary, Undecided):
        return False
    return any(map(_large, moved))


def _compares(theorem: Theorem, case: Case) -> bool:
    claims = given(theorem.conclusion, {DIFFERENCES: False, **case}, BALL)
    return any(_large(v) for c in claims if isinstance(c, Equal) for v in np.asarray(c.left, dtype=object).reshape(-1))


def _large(x: Any) -> bool:
    return bool(arb(x).abs_lower() > LEAST)
