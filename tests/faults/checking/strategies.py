"""Faults of what is drawn: each spoils shares that two hundred instances have to hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flint import fmpq
from hypothesis import strategies as st

from mirror.dims import Dims
from mirror.linear_map import PositionWise, basis_vector
from tests.engine.strategies.shares import BLOCK, COUNT, PACK, SEEDS, SUBLAYERS, drawn, unmet, wanted
from tests.faults.checking.fault import CheckingFault, blunt
from theorems.engine.registry import get
from theorems.engine.strategies import blocks
from theorems.engine.strategies.epsilons import POSITIVE
from theorems.engine.strategies.mixture import Purpose
from theorems.engine.strategies.values import Fill

_STRATEGIES = "theorems.engine.strategies."
FEW = 30  # instances that show a share to be spoilt


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of a theorem's instances, by name; all of them are spoilt by the fault that they own."""

    theorem: str
    names: tuple[str, ...]

    def passes(self) -> bool:
        return not self._spoilt(COUNT)

    def notices(self) -> bool:
        return self._spoilt(FEW) == set(self.names)

    def _spoilt(self, count: int) -> set[str]:
        theorem = get(self.theorem)
        return unmet(wanted(theorem), drawn(theorem, SEEDS[0], count)).keys() & set(self.names)

    def __str__(self) -> str:
        return f"shares of {self.theorem.rpartition('.')[2]}: {'; '.join(self.names)}"


def shares_of(theorem: str, *names: str) -> Shares:
    """Those shares of the theorem's instances."""
    return Shares(theorem, names)


def _just(value: Any) -> Any:
    return lambda _: lambda *args: st.just(value)


def _same_dimensions(_: Any) -> Any:
    same = st.integers(0, 3).map(lambda n: Dims(seq_len=n, d_model=n, num_heads=n, head_dim=n, d_ff=n))
    return lambda sizes, purpose: same


def _on(entry: Callable[[int], int]) -> Any:
    """A vector that is 0 but in one entry."""
    return lambda _: lambda fill, n: basis_vector(n, entry(n))


def _emptied(original: Any) -> Any:
    def pack(*arguments: Any) -> Any:
        smooth = original(*arguments)
        nothing: PositionWise = blocks.cut(smooth.linear)
        return replace(smooth, linear=nothing, quadratic=None, hyperbolic=None)

    return pack


def _positive(_: Any) -> Any:
    return lambda *args: st.sampled_from(POSITIVE)


WHOLE = "no dimension 0, weights and scale not zero"
ACTIVE = "active in every input"
NOWHERE_ZERO = shares_of(BLOCK, "a seed without a zero")

STRATEGIES: tuple[CheckingFault, ...] = (
    blunt(
        "equal dimensions only",
        shares_of(BLOCK, "seq_len is not d_model", "num_heads is not head_dim"),
        _STRATEGIES + "blocks:block_dimensions",
        _same_dimensions,
    ),
    blunt(
        "one mask",
        shares_of(BLOCK, "mask: causal, gap -1", "mask: random"),
        _STRATEGIES + "blocks:mask_families",
        _just("none"),
    ),
    blunt("no seed", NOWHERE_ZERO, _STRATEGIES + "probes:nowhere_zero", lambda _: lambda fill, n: fill.vector(n) * 0),
    blunt("a seed on the last entry only", NOWHERE_ZERO, _STRATEGIES + "probes:nowhere_zero", _on(lambda n: n - 1)),
    *(
        blunt(
            f"every ε of {whose} positive",
            shares_of(theorem, "ε = 0", "ε < 0"),
            _STRATEGIES + "epsilons:epsilons",
            _positive,
        )
        for whose, theorem in (("the block", BLOCK), ("the sublayers", SUBLAYERS))
    ),
    blunt(
        "all values zero",
        shares_of(BLOCK, ACTIVE, "values: integers"),
        _STRATEGIES + "mixture:Fill",
        lambda _: lambda family, seed, *, dense: Fill("zeros", seed),
    ),
    blunt("weights zero", shares_of(BLOCK, ACTIVE, WHOLE), _STRATEGIES + "blocks:kept", lambda _: blocks.cut),
    blunt(
        "scale zero",
        shares_of(BLOCK, ACTIVE, WHOLE),
        _STRATEGIES + "blocks:scale",
        lambda _: lambda *args: fmpq(0),
    ),
    blunt(
        "packs zero",
        shares_of(PACK, ACTIVE, "no dimension 0, packs and scale not zero"),
        _STRATEGIES + "chains:pack",
        _emptied,
    ),
    blunt(
        "the basis direction is always the first",
        shares_of(BLOCK, "a basis direction beyond the first coordinate"),
        _STRATEGIES + "probes:basis_vector",
        lambda original: lambda n, j: original(n, 0),
    ),
    blunt("no dense direction", shares_of(BLOCK, "a dense direction"), _STRATEGIES + "probes:dense", _on(lambda n: 0)),
    blunt(
        "generic instances only",
        shares_of(BLOCK, "d_ff = 0", "seq_len > 4", "values: zeros"),
        _STRATEGIES + "mixture:purposes",
        _just(Purpose.GENERIC),
    ),
    blunt(
        "no generic instance",
        shares_of(BLOCK, ACTIVE, WHOLE, "every dimension at least 2"),
        _STRATEGIES + "mixture:purposes",
        _just(Purpose.ANYTHING),
    ),
)
