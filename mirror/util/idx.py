"""Weakening an index, and the index of the last entry. Twin of `NN/Proofs/Autograd/Tape/Util/Idx.lean`."""

from __future__ import annotations

from mirror.core.soundness import Idx
from mirror.links import mirrors
from mirror.spec.core.shape import Context, Shape


@mirrors("Proofs.Autograd.Idx.weaken")
def weaken(idx: Idx, rest: Context) -> Idx:
    """The same number in a context that is longer at its end."""
    return Idx((*idx.context, *rest), idx.i, idx.shape)


@mirrors("Proofs.Autograd.Idx.last")
def last(context: Context, saved: Context, shape: Shape) -> Idx:
    """The last entry of `context ++ saved ++ [shape]`."""
    return Idx((*context, *saved, shape), len(context) + len(saved), shape)
