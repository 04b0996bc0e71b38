"""Instances to time: drawn beforehand, so that generating them is no part of the time."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, given, seed, settings

from mirror.arithmetic import rational_vector
from mirror.dims import Dims
from mirror.linear_map import basis_vector
from theorems.engine.case import DIFFERENCES, Case
from theorems.engine.registry import get
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.blocks import decoder_blocks
from theorems.engine.theorem import Theorem

DIMS = Dims(seq_len=3, d_model=4, num_heads=2, head_dim=2, d_ff=5)
THEOREM = "Proofs.Autograd.Transformer.decoderCore_backpropVec_eq_adjoint_fderiv_at"


@dataclass(frozen=True, slots=True)
class BlockCases:
    """Instances of the decoder block's theorem that satisfy its hypotheses, each with two directions.

    One moves every input unevenly, the other is one-hot. `full` are some of the instances once more, each with
    every one-hot direction. No quotient of differences is taken.
    """

    theorem: Theorem
    cases: list[Case]
    full: list[Case]


def block_cases(count: int, full: int = 0, start: int = 0) -> BlockCases:
    """`count` instances at (n, H, d, D, F) = (3, 2, 2, 4, 5) from the theorem's own strategy and a seed."""
    theorem = get(THEOREM)
    found: list[Case] = []

    @seed(start)
    @settings(
        max_examples=2 * count,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )
    @given(decoder_blocks(Sizes(), DIMS))
    def collect(case: Case) -> None:
        if len(found) < count and not theorem.failed_hypotheses(case):
            found.append(_two_directions(case, len(found)))

    collect()
    return BlockCases(theorem, found, [_every_direction(case) for case in found[:full]])


def _two_directions(case: Case, position: int) -> Case:
    n = len(case["x"])
    uneven = rational_vector([j % 7 - 3 or 4 for j in range(n)])
    return {**case, "directions": (uneven, basis_vector(n, position % n)), DIFFERENCES: False}


def _every_direction(case: Case) -> Case:
    n = len(case["x"])
    return {**case, "directions": tuple(basis_vector(n, j) for j in range(n))}
