"""Every jitted result lies in its certified enclosure, and what is wrong by more than that does not.

The programs are compiled for few shapes and run on many values. The last part is about where the value
of Lean's function and that of floats part.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given, settings

from benchmarks import accuracy
from benchmarks.accuracy import forward_and_reverse, judged
from mirror.arithmetic import EXACT, precision, rational_vector
from mirror.core.fderiv import node_vjp_vec
from mirror.core.soundness import Idx
from mirror.dims import Dims
from mirror.jit import BiasPlan, BlockContext, Dense, masked_attention
from mirror.jit.arrays import QKV
from mirror.jit.enclosing import ENCLOSING
from mirror.ops.norm.layer_norm import Inputs, context_ln, whole_node
from tests.measuring import one_of_each
from theorems.engine.evidence.block_floats import AttentionInstances, BlockInstances
from theorems.engine.evidence.floats import FloatJudgement, FloatVerdict
from theorems.engine.strategies.jitted import MASKS, SETTINGS, Setting, families, instances, jitted_instances, plan

DTYPES = ("float64", "float32", "bfloat16")
BY_NAME = {s.name: s for s in SETTINGS}
SMALL, TILES = BY_NAME["small"], BY_NAME["tiles"]
NARROW = BY_NAME["one head, head dimension 1, ε 0"]
INSIDE, OUTSIDE, UNDECIDED = FloatVerdict.INSIDE, FloatVerdict.OUTSIDE, FloatVerdict.UNDECIDED


def batch_of(
    setting: Setting, family: str = "causal, gap -1e4", dtype: str = "float32", size: int = 4
) -> BlockInstances:
    return instances(setting, family, dtype, size, np.random.default_rng(11))


def run(setting: Setting, batch: BlockInstances, schedule: str = "panels") -> list[np.ndarray]:
    found = forward_and_reverse(batch.inputs, batch.parameters, plan(setting, batch.bias), batch.cotangent, schedule)
    return [np.asarray(r) for r in found]


def verdicts(found: Sequence[FloatJudgement]) -> set[FloatVerdict]:
    return {j.verdict for j in found}


# ---- inside


@pytest.mark.unmeasured
@pytest.mark.parametrize("dtype", DTYPES)
def test_every_family_is_inside(dtype: str) -> None:
    for family in families(SMALL):
        found = list(judged(SMALL, family, dtype, "panels", 4, seed=1))
        assert verdicts([c.judgement for c in found]) == {INSIDE}, [str(c) for c in found]
        assert all(c.judgement.tightness >= 1 for c in found)


@pytest.mark.parametrize("dtype", one_of_each(DTYPES, lambda dtype: None))
def test_drawn_batches_are_never_outside(dtype: str) -> None:
    @settings(max_examples=5)
    @given(jitted_instances(NARROW, dtype, 4).filter(lambda drawn: drawn[0] != "no mask"))
    def judge(drawn: tuple[str, BlockInstances]) -> None:
        _, batch = drawn
        assert OUTSIDE not in verdicts(list(batch.judge(run(NARROW, batch))))

    judge()


@pytest.mark.unmeasured
@pytest.mark.parametrize("schedule", ["panels", "tiles"])
def test_skipped_tiles_are_inside(schedule: str) -> None:
    assert plan(TILES, batch_of(TILES).bias).layout.gap == 1e4
    for seed in range(3):
        found = judged(TILES, "causal, gap -1e4", "float32", schedule, 4, seed)
        assert verdicts([c.judgement for c in found]) == {INSIDE}


def test_one_program_serves_all_masks_of_a_single_tile_that_add_something() -> None:
    plans = {family: plan(SMALL, batch_of(SMALL, family).bias) for family in MASKS}
    assert [family for family, p in plans.items() if not p.strips] == ["no mask", "fully blocked rows"]
    assert len({(p.layout, *(s.shape for s in p.strips)) for p in plans.values()}) == 2


def test_any_linear_map_is_inside() -> None:
    small = Setting("any maps", Dims(seq_len=2, d_model=3, num_heads=1, head_dim=1, d_ff=1))
    batch = batch_of(small)
    draw = np.random.default_rng(3)

    def dense(out: int, into: int) -> Dense:
        return Dense(draw.standard_normal((out, into)).astype(np.float32))

    fc1 = dense(2, 6)
    p = replace(batch.parameters, merge=dense(6, 2), fc1=fc1, fc2=dense(6, 2))
    batch = replace(batch, parameters=p)
    results = run(small, batch)
    assert verdicts(list(batch.judge(results))) == {INSIDE}
    swapped = replace(batch, parameters=replace(p, fc1=Dense(fc1.matrix[::-1])))
    assert OUTSIDE in verdicts(list(swapped.judge(results)))


@cache
def _attention(scale: float) -> Any:
    def program(q: Any, kt: Any, v: Any, plan: BiasPlan, g: Any) -> tuple[Any, ...]:
        out, pullback = jax.vjp(lambda q, kt, v: masked_attention(q, kt, v, plan, scale), q, kt, v)
        return (out, *pullback(g))

    return jax.jit(program)


def attention(bias: np.ndarray, seed: int = 0, size: int = 8) -> AttentionInstances:
    draw = np.random.default_rng(seed)
    q, kt, v, g = (draw.standard_normal((size, 1, *s)).astype(np.float32) for s in ((3, 2), (2, 3), (3, 2), (3, 2)))
    return AttentionInstances(QKV(q, kt, v), 0.5, np.broadcast_to(bias, (1, 3, 3)), g)


def attended(batch: AttentionInstances) -> tuple[Any, ...]:
    return _attention(batch.scale)(*batch.inputs, BiasPlan.of(batch.bias, heads=1, seq_len=3), batch.cotangent)


def test_attention_alone_is_inside() -> None:
    batch = attention(np.where(np.tri(3) > 0, 0, -1.5))
    results = attended(batch)
    found = list(batch.judge(results))
    assert verdicts(found) == {INSIDE}
    assert max(j.bound for j in found) < 1e-4
    keys_swapped = replace(batch, inputs=(batch.inputs[0], batch.inputs[1][..., ::-1], batch.inputs[2]))
    assert verdicts(list(keys_swapped.judge(results))) == {OUTSIDE}


# ---- outside: each control is a fault that the bounds must not cover


def test_single_precision_is_outside_of_the_double_precision_bound() -> None:
    batch = batch_of(SMALL)
    assert verdicts(list(batch.judge(run(SMALL, batch), ENCLOSING["float64"]))) == {OUTSIDE}


def test_a_result_stored_twice_rounded_is_outside() -> None:
    batch = batch_of(SMALL)
    coarse = [r.astype(jnp.bfloat16).astype(np.float32) for r in run(SMALL, batch)]
    assert verdicts(list(batch.judge(coarse))) == {OUTSIDE}


@pytest.mark.parametrize("dtype", DTYPES)
def test_swapped_gammas_are_outside(dtype: str) -> None:
    batch = batch_of(SMALL, dtype=dtype)
    x = batch.inputs
    swapped = replace(batch, inputs=x._replace(gamma1=x.gamma2, gamma2=x.gamma1))
    found = list(batch.judge(run(SMALL, swapped)))
    assert verdicts(found) == {OUTSIDE}
    assert found[0].mismatch is not None
    assert found[0].mismatch.claim == "output: entry is outside"


def test_one_unit_beyond_the_bound_is_outside() -> None:
    batch = batch_of(SMALL)
    results = run(SMALL, batch)
    with precision(192):
        enclosures = batch.enclosures(batch.enclosing)
    for part, name in ((2, "kt"), (8, "beta2")):
        ball = enclosures[part][0].reshape(-1)[1]
        above = np.float32(float(ball.upper()))
        moved = [r.copy() for r in results]
        moved[part][0].reshape(-1)[1] = np.nextafter(above, np.float32(np.inf))
        found = next(batch.judge(moved))
        assert found.verdict is OUTSIDE
        assert found.mismatch is not None
        assert found.mismatch.claim == f"cotangent of {name}: entry is outside"


def test_a_tile_skipped_at_a_gap_of_20_is_outside() -> None:
    """A weight of e^-20 is not 0, and in double precision one sees it: what a heuristic that skips it would give."""
    batch = batch_of(TILES, dtype="float64")
    gentle = replace(batch, bias=batch.bias * (20 / 1e4))
    assert plan(TILES, gentle.bias).layout.gap is None
    skipped = run(TILES, batch)
    assert verdicts(list(gentle.judge(skipped))) == {OUTSIDE}
    assert verdicts(list(batch.judge(skipped))) == {INSIDE}


def test_a_formula_that_differs_from_leans_is_outside() -> None:
    """The real value is that of the mirror's graph: an enclosure that follows a wrong formula does not hold it."""
    batch = batch_of(SMALL)
    wrong = replace(batch, parameters=replace(batch.parameters, eps1=0.5))
    results = run(SMALL, wrong)

    class Deceived(BlockInstances):
        def enclosures(self, ar: Any) -> list[np.ndarray]:
            return wrong.enclosures(ar)

    found = list(Deceived(batch.inputs, batch.parameters, batch.bias, batch.cotangent).judge(results))
    assert verdicts(found) == {OUTSIDE}
    assert {j.mismatch.claim for j in found if j.mismatch} == {"the real value is outside"}


# ---- where Lean's value and that of floats part


ROW = Setting(
    "one row of length 7, ε 0", Dims(seq_len=1, d_model=7, num_heads=1, head_dim=1, d_ff=1), eps1=0.0, eps2=0.0
)


def one_row(*residuals: np.ndarray) -> tuple[BlockInstances, list[np.ndarray]]:
    """Examples whose first norm sees the given rows, and what is computed for them."""
    batch = batch_of(ROW, "zero-variance rows", size=len(residuals))
    batch = replace(batch, inputs=batch.inputs._replace(residual=np.array(residuals, np.float32)[:, None]))
    return batch, run(ROW, batch)


def test_a_constant_row_whose_mean_is_rounded_has_a_derivative_in_floats_alone() -> None:
    """Seven times 0.1 over 7 is not 0.1 in float32, so var is not 0; over the reals it is, and the pullback is 0.

    With ε = 0 no bound in terms of u exists (1/√var has none): `undecided`, never `inside`, and nothing is NaN.
    """
    constants = (0.1, 0.3, 0.7, 1.7)
    batch, results = one_row(*(np.full(7, c, np.float32) for c in constants))
    assert all(np.isfinite(r).all() for r in results)
    assert np.abs(results[4]).max() > 1e6
    context = context_ln(1, 7)
    node = whole_node(Inputs(*(Idx(context, i, s) for i, s in enumerate(context))), fmpq(0))
    x = rational_vector([float(np.float32(0.1))] * 7 + [1] * 14)
    assert not node_vjp_vec(EXACT, node, x, rational_vector(range(7))).any()
    assert verdicts(list(batch.judge(results))) == {UNDECIDED}


def test_a_row_whose_squares_underflow_is_constant_in_floats_alone() -> None:
    """Squares of 1e-25 are flushed to 0 in float32: the row counts as constant and gives β. Lean's is normalised.

    The enclosure holds the floats, not the real value, and the verdict says so.
    """
    row = np.float32(1e-25) * np.arange(7, dtype=np.float32)
    batch, results = one_row(row, row * np.float32(1e25))
    tiny, ordinary = batch.judge(results)
    assert ordinary.verdict is INSIDE
    assert tiny.verdict is OUTSIDE
    assert tiny.mismatch is not None
    assert tiny.mismatch.claim == "the real value is outside"
    with precision(192):
        real = batch.real(0)
    assert not results[4][0].any()  # the pullback to the residual stream
    assert all(np.isfinite(r).all() for r in results)
    assert max(float(abs(arb(x))) for x in real) > 1e20


def test_a_row_blocked_as_a_whole_keeps_its_logits() -> None:
    """Naive float32 loses every logit under -1e9 and is uniform; ours takes the mask relative to its rows.

    Lean's value is the softmax of the logits themselves.
    """
    blocked = np.zeros((3, 3))
    blocked[1] = -1e9
    batch = attention(blocked, size=64)
    results = attended(batch)
    assert verdicts(list(batch.judge(results))) == {INSIDE}
    q, kt, v = batch.inputs
    weights = jax.nn.softmax(jnp.float32(0.5) * (q @ kt) + batch.bias.astype(np.float32))
    assert jnp.allclose(weights[:, :, 1], 1 / 3)
    assert verdicts(list(batch.judge((weights @ v, *results[1:])))) == {OUTSIDE}
    ours = jax.nn.softmax(jnp.float32(0.5) * (q @ kt))
    assert 0.3 < float(jnp.abs(weights - ours)[:, :, 1].max()) < 2 / 3


def test_huge_logits_with_a_head_dimension_of_1_give_the_value_of_the_winning_key() -> None:
    """A score of one product was fused unrounded into exp, rounded into the maximum: no weight was 1, all were 0."""
    draw = np.random.default_rng(0)
    q, kt, v = (draw.standard_normal((256, 1, *s)).astype(np.float32) for s in ((2, 1), (1, 2), (2, 1)))
    free = BiasPlan.of(None, heads=1, seq_len=2)
    out, pullback = jax.vjp(lambda q, kt, v: masked_attention(q, kt, v, free, 0.7), q * 3e4, kt * 9e5, v)
    for result in (out, *pullback(jnp.ones_like(v))):
        assert bool(jnp.isfinite(result).all())
    scores = 0.7 * 3e4 * 9e5 * (q.astype(float) @ kt)
    clear = np.abs(scores[..., 0] - scores[..., 1]) > 1e7  # a unit of scores near 1e11 is 1e4
    winners = np.take_along_axis(v, scores.argmax(-1)[..., None], -2)
    assert clear.mean() > 0.9
    np.testing.assert_allclose(out[clear], winners[clear], rtol=1e-6)


def test_what_is_not_finite_is_never_inside() -> None:
    """Contexts up to the largest float: NaN and infinities appear only where the enclosure is unbounded."""
    batch = batch_of(SMALL, size=12)
    scales = np.float32(2) ** np.arange(-10, 120, 11, dtype=np.float32)
    scaled = BlockContext(*(a * scales.reshape(-1, *[1] * (a.ndim - 1)) for a in batch.inputs))
    batch = replace(batch, inputs=scaled)
    results = run(SMALL, batch)
    finite = [all(np.isfinite(r[k]).all() for r in results) for k in range(12)]
    found = [j.verdict for j in batch.judge(results)]
    assert OUTSIDE not in found
    assert all(ok or verdict is UNDECIDED for ok, verdict in zip(finite, found, strict=True))
    assert found[0] is INSIDE
    assert not finite[-1]


# ---- the compiler, and the table


def test_the_compiler_rewrites_nothing_that_the_bounds_do_not_cover() -> None:
    """One correctly rounded square root and one division for each inverse root; no constants divided by."""
    batch = batch_of(SMALL)
    lowered = forward_and_reverse.lower(
        batch.inputs, batch.parameters, plan(SMALL, batch.bias), batch.cotangent, "panels"
    )
    text = lowered.compile().as_text() or ""
    assert " rsqrt(" not in text
    assert text.count(" sqrt(") == 2
    # One for each norm and one for the normaliser of softmax.
    assert text.count(" divide(") == 3


def test_the_table_counts_what_was_judged(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    some = list(accuracy.cases(12, settings=[SMALL], dtypes=("float32",)))
    assert len(some) == 14
    table = list(accuracy.lines(some))
    assert [line.split()[1:5] for line in table if line.startswith("float32")] == [["14", "1", "0", "0"]]
    assert len(table) == table.index("the three worst cases:") + 4
    assert accuracy.exit_code(some, 10) == 0
    assert accuracy.exit_code(some, 14) == 2
    wrong = replace(some[3], judgement=FloatJudgement(OUTSIDE, ""))
    assert accuracy.exit_code([*some, wrong], 1) == 1
    assert math.isinf(wrong.used)
    assert next(iter(table[-3:])) != str(wrong)
    assert str(wrong) in list(accuracy.lines([*some, wrong]))[-3]
    monkeypatch.setattr(accuracy, "cases", lambda wanted, seed: iter(some))
    assert accuracy.main(["--cases", "10"]) == 0
    assert "14 cases in" in capsys.readouterr().out
