"""Positions in a list that grows at its end. Twin of `NN/Proofs/Autograd/Tape/Util/Idx.lean`.

Lean proves both lemmas for lists of anything, to build `Idx.last` and `Idx.weaken`; here they are
tried on the positions that those two give.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from mirror.arithmetic import EXACT, Arithmetic
from mirror.core.soundness import Idx
from mirror.spec.core.shape import Context, Shape
from mirror.util.idx import last, weaken
from theorems.engine.evidence.verdicts import Claim, Equal, Holds
from theorems.engine.families import Family
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.shapes import contexts, indices, shapes
from theorems.engine.theorem import theorem

_SHAPES = "the lists are lists of shapes; Lean states it for lists of any type"


@st.composite
def lists_and_one(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A list of shapes and one shape more."""
    return {"l": draw(contexts(sizes)), "a": draw(shapes(sizes))}


@theorem(
    "Proofs.Autograd.Idx.get_append_last",
    formula="(l ++ [a])[length l] = a",
    says="The position after all of l, in l with a appended, holds a.",
    binders="{α} (l) (a)",
    family=Family.VECTORS,
    instances=lists_and_one,
    never_active="a position changes with the list alone",
    arithmetic=EXACT,
    covers_not=_SHAPES,
)
def get_append_last(ar: Arithmetic, l: Context, a: Shape) -> Iterator[Claim]:  # noqa: E741 (Lean's binder)
    longer, position = (*l, a), last(l, (), a).i
    yield Equal("the last position is length l", position, len(l))
    yield Holds("(l ++ [a])[length l] = a", longer[position] == a, f"{longer[position]} against {a}")


@st.composite
def lists_and_index(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A nonempty list of shapes, half of them alike, with a position i in it, and the list that is appended."""
    context = draw(st.one_of(contexts(sizes, least=1), _alike(sizes)))
    return {"i": draw(indices(context)), "l2": draw(contexts(sizes))}


def _alike(sizes: Sizes) -> st.SearchStrategy[Context]:
    """Lists of one shape: there another position holds the same."""
    return st.tuples(shapes(sizes), st.integers(2, sizes.entries)).map(lambda drawn: drawn[:1] * drawn[1])


@theorem(
    "Proofs.Autograd.Idx.get_append_left",
    formula="(l₁ ++ l₂)[i] = l₁[i]   for i < length l₁",
    says="Appending a list leaves what stood at the earlier positions.",
    binders="{α} (l₁ l₂) (i)",
    family=Family.VECTORS,
    instances=lists_and_index,
    arithmetic=EXACT,
    covers_not=_SHAPES,
)
def get_append_left(ar: Arithmetic, i: Idx, l2: Context) -> Iterator[Claim]:
    longer, position = (*i.context, *l2), weaken(i, l2).i
    yield Equal("weakening keeps the position", position, i.i)
    yield Holds("(l₁ ++ l₂)[i] = l₁[i]", longer[position] == i.shape, f"{longer[position]} against {i.shape}")
