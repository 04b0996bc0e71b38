"""Pairs of the names of Mathlib that a statement says itself: no definition stands below those theorems."""

from __future__ import annotations

from typing import Any

from lean_refs.evaluator import LinearMap
from lean_refs.evaluator.machine import force
from tests.faults.catalogue import named
from tests.faults.pairs.maps import doubled
from tests.faults.pairs.pair import Pair, PairedFault, Word, broken, core

_MATHLIB = "a name of Mathlib: no definition of TorchLean's"


def _without_the_last(run: Any) -> Any:
    return lambda world, field, space, x, y: run(world, field, space, force(x)[:-1], force(y)[:-1])


def _half_the_argument(run: Any) -> Any:
    return lambda world, x: run(world, force(x) * world.scalars.of_rational(1, 2))


def _map_doubled(run: Any) -> Any:
    def fderiv(world: Any, field: Any, E: Any, F: Any, f: Any, x: Any) -> LinearMap:
        right, two = run(world, field, E, F, f, x), world.scalars.of_rational(2, 1)
        return LinearMap(E, F, lambda h: right(tuple(two * force(v) for v in force(h))))

    return fderiv


PAIRS = (
    Pair(
        named("inner forgets the last coordinate"),
        (Word("inner", _without_the_last),),
        core("inner_eq_sum_mul"),
        unshown=_MATHLIB,
    ),
    Pair(
        named("exp of half the argument"),
        (Word("Real.exp", _half_the_argument),),
        ("Proofs.tanh_exp_eq",),
        unshown=_MATHLIB,
    ),
    Pair(
        broken(
            "the root of four times the argument",
            "Real.sqrt",
            "arithmetic.rigorous:Ball.sqrt",
            lambda original: lambda ar, a: original(ar, a * 4),
        ),
        (Word("Real.sqrt", lambda run: lambda world, x: run(world, force(x) * world.scalars.of_rational(4, 1))),),
        core("TapeNodes.hasDerivAt_sqrt_clamp_of_pos"),
        unshown=_MATHLIB,
    ),
    Pair(
        PairedFault("fderiv doubled", "fderiv", (("theorems.engine.evidence.derivatives:fderiv", doubled),)),
        (Word("fderiv", _map_doubled),),
        core(
            "MultiHeadAttention.maskedCoreAfterProjection_hasFDerivAt",
            "MultiHeadAttention.projectedMaskedAttention_hasFDerivAt",
            *(
                f"Transformer.{name}_hasFDerivAt"
                for name in (
                    "projectedMaskedDecoderAttentionPack",
                    "postNormGptDecoderBlock",
                    "postNormEncoderBlock",
                    "residualThenPostNorm",
                    "twoSublayerPostNormBlock",
                )
            ),
        ),
        unshown=_MATHLIB,
    ),
)
