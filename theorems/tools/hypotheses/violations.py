"""Instances on which one hypothesis, or a class of equivalent ones, fails while the others hold.

Each way starts from an instance that satisfies every hypothesis and changes what the one speaks of: another map's
derivative, an ε that takes var + ε to 0 or below, a point at a corner. Where that cannot be had (no rows, an empty
space) the instance stays as it is; the search counts what each turned out to be.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from flint import fmpq
from hypothesis import strategies as st

from mirror.spec.core.shape import size
from theorems.engine.case import Case
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.shapes import dimensions, shapes, slices
from theorems.engine.strategies.values import fills
from theorems.engine.theorem import Theorem
from theorems.fderiv.elementwise import AWAY_FROM_ZERO, FUNCTIONS
from theorems.tools.hypotheses.other_graphs import with_uncertified_node
from theorems.tools.hypotheses.other_norms import (
    decoder_first_norm,
    decoder_second_norm,
    first_norm,
    norm,
    second_norm,
)
from theorems.tools.hypotheses.other_packs import with_another_derivative

Violation = Callable[[st.DrawFn, Case], Case]


def violations(theorem: Theorem, names: Sequence[str], sizes: Sizes) -> st.SearchStrategy[Case | None]:
    """Instances of the theorem that are to fail those hypotheses alone; None where Lean's types admit no instance.

    Raises `LookupError` for a hypothesis that nothing here says how to violate.
    """
    if names[0] == "hmpos":
        return _slices_of_any_size(sizes)
    if names[0] not in _CHANGES:
        raise LookupError(f"nothing says how to violate {names[0]} of {theorem.name}")
    return _changed(theorem.instances(sizes), _CHANGES[names[0]])


@st.composite
def _changed(draw: st.DrawFn, instances: st.SearchStrategy[Case], change: Violation) -> Case:
    return change(draw, draw(instances))


@st.composite
def _slices_of_any_size(draw: st.DrawFn, sizes: Sizes) -> Case | None:
    """All that Lean's types let through: slices of any shape, and a place in one, which an empty shape has not."""
    s, n = draw(shapes(sizes, rank=2)), draw(dimensions(sizes, least=1))
    if size(s) == 0:
        return None
    i, j = draw(st.integers(0, n - 1)), draw(st.integers(0, size(s) - 1))
    return {"s": s, "f": slices(draw(fills()), n, s), "p": (i, j), "i": i, "j": j}


def _another_function(draw: st.DrawFn, case: Case) -> Case:
    """Another function's derivative, or a function with a corner or jump at 0 where a coordinate is 0."""
    if draw(st.booleans()):
        return {**case, "f_prime": draw(st.sampled_from([name for name in FUNCTIONS if name != case["f"]]))}
    f, x = draw(st.sampled_from(list(AWAY_FROM_ZERO))), case["x"].copy()
    x[:1] = fmpq(0)
    return {**case, "f": f, "f_prime": f, "x": x}


def _not_positive(draw: st.DrawFn, case: Case) -> Case:
    return {**case, "x": draw(st.sampled_from((fmpq(0), -case["x"])))}


def _earlier(draw: st.DrawFn, case: Case) -> Case:
    """A loop position before the end, where there is a slice."""
    n = len(case["values"])
    return {**case, "k": draw(st.integers(0, n - 1))} if n else case


def _wrong(pack: str) -> Violation:
    return partial(with_another_derivative, name=pack)


# By the first hypothesis of a class, under Lean's name.
_CHANGES: dict[str, Violation] = {
    "hf": _another_function,
    "hg": with_uncertified_node,
    "hx": _not_positive,
    "hk": _earlier,
    "hProject": _wrong("project_pack"),
    "hMerge": _wrong("merge_pack"),
    "hAttentionPack": _wrong("merge_pack"),
    "hResidual": _wrong("residual_pack"),
    "hAttnPack": _wrong("attn_pack"),
    "hMaskedAttentionPack": _wrong("attn_pack"),
    "hFfnPack": _wrong("ffn_pack"),
    "hVarEpsPos": norm,
    "hNorm1VarEpsPos": first_norm,
    "hNorm2VarEpsPos": second_norm,
    "hNorm1": decoder_first_norm,
    "hNorm2": decoder_second_norm,
}
