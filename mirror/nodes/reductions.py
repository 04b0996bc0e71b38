"""Splitting a concatenation. Twin of `NN/Proofs/Autograd/Tape/Nodes/Reductions.lean`."""

from __future__ import annotations

from mirror.core.vectorization import Vec
from mirror.links import mirrors


@mirrors("Proofs.Autograd.TapeNodes.takeLeftVec")
def take_left_vec(m: int, v: Vec) -> Vec:
    """The first m coordinates."""
    return v[:m]


@mirrors("Proofs.Autograd.TapeNodes.takeRightVec")
def take_right_vec(m: int, v: Vec) -> Vec:
    """The coordinates after the first m."""
    return v[m:]
