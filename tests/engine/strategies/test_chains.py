"""Drawn blocks and chains: every kind of pack, ε and mask occurs, hypotheses hold, instances survive as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from flint import fmpq
from hypothesis.strategies import SearchStrategy

from tests.engine.strategies.sampling import sample
from theorems.engine.codec import decode, encode
from theorems.engine.maps import Differential
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.blocks import feed_forwards, layer_norms, masked_cores
from theorems.engine.strategies.chains import (
    projected_attentions,
    projected_cores,
    projected_decoder_attentions,
    residuals_then_norm,
    two_sublayers,
)
from theorems.engine.strategies.maps import KINDS
from theorems.engine.strategies.masks import MASKS
from theorems.engine.strategies.packs import structured
from theorems.engine.theorem import Theorem
from theorems.ops.attention import masked_multi_head_self_attention as attention
from theorems.ops.norm import layer_norm
from theorems.ops.transformer import post_norm

SIZES = Sizes()
Strategy = Callable[[Sizes], SearchStrategy[dict[str, Any]]]


@cache
def drawn(strategy: Strategy) -> list[dict[str, Any]]:
    return sample(strategy(SIZES), 150)


def occurring(strategy: Strategy, key: str) -> set[Any]:
    return {case[key].kind if "pack" in key else case[key] for case in drawn(strategy)}


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    ("strategy", "key", "real"),
    [
        (projected_cores, "project_pack", "projection"),
        (projected_attentions, "merge_pack", "merge"),
        (projected_decoder_attentions, "merge_pack", "residual"),
        (residuals_then_norm, "residual_pack", "residual"),
        (two_sublayers, "attn_pack", "residual"),
        (two_sublayers, "ffn_pack", "residual"),
    ],
)
def test_the_real_pack_and_every_kind_of_smooth_map_occur(strategy: Strategy, key: str, real: str) -> None:
    assert occurring(strategy, key) == {real, *KINDS}


def test_every_mask_occurs_before_and_after_a_projection() -> None:
    assert occurring(masked_cores, "mask") == occurring(projected_attentions, "mask") == set(MASKS)


@pytest.mark.parametrize(
    ("strategy", "key"),
    [(layer_norms, "eps"), (residuals_then_norm, "eps"), (two_sublayers, "eps1"), (two_sublayers, "eps2")],
)
def test_epsilon_is_positive_zero_and_negative(strategy: Strategy, key: str) -> None:
    assert {(e > 0) - (e < 0) for e in occurring(strategy, key)} == {-1, 0, 1}


def test_rows_without_spread_occur() -> None:
    lengths = {case["n"] for case in drawn(layer_norms) if case["m"]}
    assert {0, 1} < lengths


@pytest.mark.parametrize(
    "theorem",
    [
        layer_norm.backprop_eq_adjoint_fderiv_layer_norm_at,
        attention.projected_masked_attention_has_fderiv_at,
        post_norm.residual_then_post_norm_has_fderiv_at,
        post_norm.two_sublayer_post_norm_block_has_fderiv_at,
    ],
)
def test_every_instance_satisfies_every_hypothesis(theorem: Theorem) -> None:
    assert [theorem.failed_hypotheses(case) for case in drawn(theorem.instances)[:40]] == [[]] * 40


STRATEGIES = [
    feed_forwards,
    layer_norms,
    masked_cores,
    projected_decoder_attentions,
    residuals_then_norm,
    two_sublayers,
]


@pytest.mark.unmeasured
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_an_instance_survives_as_json(strategy: Strategy) -> None:
    for case in drawn(strategy)[:10]:
        data = encode(case)
        assert encode(decode(json.loads(json.dumps(data)))) == data


# ---- hypotheses that are broken on purpose are noticed


def whole_instance(theorem: Theorem) -> dict[str, Any]:
    """An instance with rows of two or more entries, and inputs to move."""
    return next(
        case
        for case in drawn(theorem.instances)
        if case["seq_len"] and case["d_model"] > 1 and case["values"] == "fractions" and case["x"].size
    )


def broken(theorem: Theorem, **changes: Any) -> list[str]:
    """The hypotheses that fail after some values of an instance are replaced."""
    return theorem.failed_hypotheses({**whole_instance(theorem), **changes})


def test_an_epsilon_below_the_variance_breaks_the_domain_hypotheses() -> None:
    one = post_norm.residual_then_post_norm_has_fderiv_at
    assert broken(one, eps=fmpq(-(10**9))) == ["hVarEpsPos", "hStdNe0"]
    two = post_norm.two_sublayer_post_norm_block_has_fderiv_at
    assert broken(two, eps2=fmpq(-(10**9))) == ["hNorm2VarEpsPos", "hNorm2StdNe0"]


@pytest.mark.parametrize(("binder", "hypothesis"), [("attn_pack", "hAttnPack"), ("ffn_pack", "hFfnPack")])
def test_another_maps_derivative_breaks_its_hypothesis(binder: str, hypothesis: str) -> None:
    theorem = post_norm.two_sublayer_post_norm_block_has_fderiv_at
    case = whole_instance(theorem)
    pack = case[binder]
    moved = replace(pack, linear=structured(pack.codomain, pack.domain, {(0, 0): fmpq(10**9)}))
    assert theorem.failed_hypotheses({**case, f"d_{binder}": Differential(moved)}) == [hypothesis]
