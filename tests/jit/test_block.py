"""The jitted block as a JAX function: batches, vmap, gradients, recompilation and memory."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mirror.jit import BiasPlan, BlockContext, BlockParameters, Dense, block, decoder_core, masked_attention, panels
from mirror.jit.arrays import QKV
from mirror.jit.formulas import backward_rows
from mirror.jit.numbers import CACHE_BYTES, Jitted, numbers_for

B, H, N, D, M, F = 2, 2, 4, 3, 5, 6
# A gap that is never skipped: skipping has its own tests, and a program that may skip compiles twice as long.
MASK = np.where(np.tril(np.ones((N, N))) > 0, 0.0, -9.0)
PLAN = BiasPlan.of(MASK, heads=H, seq_len=N)
DRAW = np.random.default_rng(0)


def normal(*shape: int) -> jax.Array:
    return jnp.asarray(DRAW.normal(size=shape), jnp.float32)


MERGE, FC1, FC2 = normal(H, D, M), normal(M, F), normal(F, M)
PARAMETERS = BlockParameters(MERGE, normal(M), FC1, normal(F), FC2, normal(M), 0.5, eps1=1e-5, eps2=1e-5)
CONTEXT = BlockContext(
    normal(B, H, N, D), normal(B, H, D, N), normal(B, H, N, D), normal(B, N, M), *[normal(B, M) for _ in range(4)]
)
COTANGENT = normal(B, N, M)


ATTENTION: Any = CONTEXT.qkv


def with_vjp(context: BlockContext, cotangent: Any, parameters: BlockParameters = PARAMETERS) -> tuple[Any, ...]:
    out, pullback = jax.vjp(lambda c: decoder_core(c, parameters, PLAN), context)
    return out, *pullback(cotangent)[0]


def close(a: Any, b: Any) -> None:
    """The same up to float32: whether it is right is what test_accuracy.py asks."""
    for x, y in zip(jax.tree.leaves(a), jax.tree.leaves(b), strict=True):
        np.testing.assert_allclose(x, y, rtol=2e-4, atol=2e-5)


@cache
def whole() -> tuple[Any, ...]:
    """What the whole batch gives; compiled by a test, not by whoever collects them."""
    return jax.jit(with_vjp)(CONTEXT, COTANGENT)


def test_a_batch_is_its_examples() -> None:
    single = jax.jit(with_vjp)
    for k in range(B):
        close(single(jax.tree.map(lambda a: a[k], CONTEXT), COTANGENT[k]), [a[k] for a in whole()])  # noqa: B023


def test_several_batch_axes() -> None:
    split = lambda a: a.reshape(1, B, *a.shape[1:])  # noqa: E731
    close(with_vjp(jax.tree.map(split, CONTEXT), split(COTANGENT)), [split(a) for a in whole()])


def test_under_vmap() -> None:
    close(jax.vmap(with_vjp)(CONTEXT, COTANGENT), whole())


def test_a_shared_gamma_gets_the_sum_of_its_cotangents() -> None:
    shared = CONTEXT._replace(gamma1=CONTEXT.gamma1[0], beta2=CONTEXT.beta2[0])
    each = CONTEXT._replace(gamma1=jnp.stack([CONTEXT.gamma1[0]] * B), beta2=jnp.stack([CONTEXT.beta2[0]] * B))
    found, apart = BlockContext(*with_vjp(shared, COTANGENT)[1:]), BlockContext(*with_vjp(each, COTANGENT)[1:])
    assert (found.gamma1.shape, apart.gamma1.shape) == ((M,), (B, M))
    close((found.gamma1, found.beta2), (apart.gamma1.sum(0), apart.beta2.sum(0)))


def test_numpy_arrays_and_tuples_will_do() -> None:
    plain = tuple(np.asarray(a) for a in CONTEXT)
    close(decoder_core(plain, PARAMETERS, PLAN), whole()[0])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "flat"),
    [
        ("merge", np.einsum("st,hdm->smhtd", np.eye(N), MERGE).reshape(N * M, H * N * D)),
        ("fc1", np.einsum("st,mf->sftm", np.eye(N), FC1).reshape(N * F, N * M)),
        ("fc2", np.einsum("st,fm->smtf", np.eye(N), FC2).reshape(N * M, N * F)),
    ],
)
def test_a_matrix_of_all_positions(field: str, flat: np.ndarray) -> None:
    dense = replace(PARAMETERS, **{field: Dense(jnp.asarray(flat, jnp.float32))})
    close(with_vjp(CONTEXT, COTANGENT, dense), whole())


def test_a_merge_with_heads_side_by_side_and_biases_by_position() -> None:
    same = replace(
        PARAMETERS,
        merge=MERGE.reshape(H * D, M),
        merge_bias=jnp.stack([PARAMETERS.merge_bias] * N),
        b1=jnp.stack([PARAMETERS.b1] * N),
        b2=jnp.stack([PARAMETERS.b2] * N),
    )
    close(with_vjp(CONTEXT, COTANGENT, same), whole())


# ---- what is not differentiated


def test_a_gradient_of_the_parameters_is_refused_and_never_0() -> None:
    with pytest.raises(TypeError, match="no cotangent for the parameters or the mask: the theorem differentiates"):
        jax.grad(lambda p: decoder_core(CONTEXT, p, PLAN).sum(), allow_int=True)(PARAMETERS)


def test_a_gradient_of_the_mask_is_refused() -> None:
    with pytest.raises(TypeError, match="no cotangent for the mask"):
        jax.grad(lambda plan: masked_attention(*ATTENTION, plan=plan, scale=0.5).sum())(PLAN)


def test_with_stop_gradient_the_rest_can_be_differentiated() -> None:
    def loss(both: Any) -> Any:
        context, parameters = both
        return decoder_core(context, jax.lax.stop_gradient(parameters), PLAN).sum()

    found, none = jax.grad(loss)((CONTEXT, PARAMETERS))
    close(found, with_vjp(CONTEXT, jnp.ones_like(COTANGENT))[1:])
    assert all((np.asarray(a) == 0).all() for a in jax.tree.leaves(none))


@pytest.mark.parametrize(("n", "dim"), [(128, 32), (5, 1)])
def test_what_is_not_finite_does_not_come_out_as_a_number(n: int, dim: int) -> None:
    """Wherever softmax written plainly has no number, neither have we: XLA's CPU library drops NaNs in some fusions."""
    plan = BiasPlan.of(None, heads=H, seq_len=n)
    plain = lambda q, kt, v: jax.nn.softmax(q @ kt * 0.5) @ v  # noqa: E731
    ours = lambda q, kt, v: masked_attention(q, kt, v, plan, 0.5)  # noqa: E731

    def both(function: Any) -> Any:
        def run(q: Any, kt: Any, v: Any, g: Any) -> Any:
            out, pullback = jax.vjp(function, q, kt, v)
            return out, *pullback(g)

        return jax.jit(run)

    programs = both(ours), both(plain)
    given = [normal(H, n, dim), normal(H, dim, n), normal(H, n, dim), normal(H, n, dim)]
    for which, bad in itertools.product(range(4), (jnp.nan, jnp.inf)):
        spoilt = [*given]
        spoilt[which] = given[which].at[1, 0, 0].set(bad)
        lost, expected = ([~np.isfinite(a) for a in run(*spoilt)] for run in programs)
        assert any(a.any() for a in expected)
        assert all((a >= b).all() for a, b in zip(lost, expected, strict=True))


@pytest.mark.parametrize("entry", range(8))
def test_a_nan_in_the_context_is_in_the_output_of_its_example_alone(entry: int) -> None:
    spoilt = [*CONTEXT]
    spoilt[entry] = spoilt[entry].at[(1,) + (0,) * (spoilt[entry].ndim - 1)].set(jnp.nan)
    out = decoder_core(BlockContext(*spoilt), PARAMETERS, PLAN)
    assert np.isnan(out).any(axis=(1, 2)).tolist() == [False, True]


# ---- compiling


def test_new_values_compile_nothing() -> None:
    decoder_core(CONTEXT, PARAMETERS, PLAN)
    compiled = block._decoder_core._cache_size()  # type: ignore[attr-defined]
    fresh = BiasPlan.of(MASK, heads=H, seq_len=N)
    decoder_core(
        jax.tree.map(lambda a: 2 * a, CONTEXT), replace(PARAMETERS, b1=PARAMETERS.b2[0] * PARAMETERS.b1), fresh
    )
    assert block._decoder_core._cache_size() == compiled  # type: ignore[attr-defined]


def test_masks_with_the_same_panels_share_a_program() -> None:
    distance = np.subtract.outer(np.arange(N), np.arange(N))
    masks = [MASK, np.where(distance < 0, -20.0, 0), np.where(abs(distance) > 1, -1e9, 0), DRAW.normal(size=(N, N))]
    plans = [BiasPlan.of(mask, heads=H, seq_len=N) for mask in masks]
    assert len({plan.family for plan in plans}) == 3
    decoder_core(CONTEXT, PARAMETERS, plans[0])
    compiled = block._decoder_core._cache_size()  # type: ignore[attr-defined]
    for plan in plans:
        decoder_core(CONTEXT, PARAMETERS, plan)
    assert block._decoder_core._cache_size() == compiled  # type: ignore[attr-defined]


@pytest.mark.parametrize("bias", [MASK, DRAW.normal(size=(H, N, N))], ids=["shared", "by head"])
@pytest.mark.parametrize(("bytes_", "together"), [(1, 9), (1 << 20, 1)], ids=["head by head", "in a loop"])
def test_groups_of_heads_and_loops_of_panels_change_nothing(
    monkeypatch: pytest.MonkeyPatch, bias: np.ndarray, bytes_: int, together: int
) -> None:
    plan = BiasPlan.of(bias, heads=H, seq_len=N, tile=2)
    strips = tuple(jnp.asarray(s, jnp.float32) for s in plan.strips)
    scale = jnp.float32(0.5)
    q, kt, v, g = (normal(H * B, *s) for s in ((N, D), (D, N), (N, D), (N, D)))
    qkv = QKV(q, kt, v)

    def run(ar: Jitted) -> Any:
        saved = panels.forward(ar, plan.layout, True, scale, qkv, strips)
        return saved, panels.pullback(ar, plan.layout, True, scale, qkv, strips, backward_rows(ar, saved, g))

    before = jax.jit(lambda: run(numbers_for("float32")))()
    monkeypatch.setattr(panels, "TOGETHER", together)
    close(jax.jit(lambda: run(Jitted("float32", "float32", bytes_)))(), before)


def test_accelerators_take_bfloat16_operands() -> None:
    there, here = numbers_for("bfloat16", "gpu"), numbers_for("bfloat16", "cpu")
    assert ((there.dtype, there.operand), (here.dtype, here.operand)) == (
        ("float32", "bfloat16"),
        ("float32", "float32"),
    )
    a = jnp.asarray([[1 + 2.0**-10, 1.0]], jnp.float32)
    assert there.matmul(a, a.T).dtype == jnp.float32
    assert (float(there.matmul(a, a.T)[0, 0]), float(here.matmul(a, a.T)[0, 0])) == (2.0, 2 + 2.0**-9 + 2.0**-20)


@pytest.mark.parametrize("platform", ["cuda", "rocm", "tpu"])
def test_the_same_program_is_lowered_for_accelerators(platform: str) -> None:
    """In portable operations alone; that says nothing of how it runs there."""
    lowered = jax.jit(with_vjp).trace(CONTEXT, COTANGENT).lower(lowering_platforms=(platform,)).as_text()
    assert "dot_general" in lowered
    assert "custom_call" not in lowered


def test_float64_in_float64() -> None:
    wide: Any = [jnp.asarray(a, jnp.float64) for a in ATTENTION]
    assert masked_attention(*wide, plan=PLAN, scale=0.5).dtype == jnp.float64


# ---- what is compiled


def compiled(function: Any, n: int, tile: int = 16) -> Any:
    """The program of forward and VJP of an attention, two heads of dimension 8."""
    q, kt = (jax.ShapeDtypeStruct(s, jnp.float32) for s in ((2, n, 8), (2, 8, n)))
    plan = BiasPlan.of(np.where(np.tril(np.ones((n, n))) > 0, 0.0, -1e9), heads=2, seq_len=n, tile=tile)

    def both(q: Any, kt: Any, v: Any, g: Any, plan: BiasPlan) -> Any:
        return jax.vjp(lambda *x: function(*x, plan), q, kt, v)[1](g)

    return jax.jit(both).lower(q, kt, q, q, plan).compile()


def temporaries(function: Any, n: int) -> int:
    """Bytes that the compiled forward and VJP hold besides arguments and results."""
    return compiled(function, n, tile=32).memory_analysis().temp_size_in_bytes


def naive(q: Any, kt: Any, v: Any, plan: BiasPlan) -> Any:
    return jax.nn.softmax(q @ kt) @ v


def ours(*x: Any) -> Any:
    return masked_attention(*x, scale=1.0, skip=False)


def test_no_product_contracts_the_weights_over_their_rows() -> None:
    """Of the transpose of a product XLA makes one, where it sees it, and computes it at less than half the rate."""
    slow = re.compile(r"f32\[2,64,8\]\S* dot\(.*lhs_contracting_dims=\{1\}")  # weights (2, n, n) to (2, n, 8)
    assert slow.search(compiled(naive, 64).as_text())
    assert not slow.search(compiled(ours, 64, tile=64).as_text())


def test_memory_grows_with_the_positions_and_not_with_their_square(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice the positions: about twice the memory, where the naive program takes four times as much."""
    monkeypatch.setattr(panels, "TOGETHER", 1)  # few panels are quick to compile; they go through the loop of many
    assert temporaries(ours, 128) <= 2.2 * temporaries(ours, 64)
    assert temporaries(naive, 128) >= 3.5 * temporaries(naive, 64)


def test_tanh_computed_again_is_the_same_to_the_bit() -> None:
    ar = numbers_for("float32")
    a = jnp.concatenate([jnp.asarray([0.0, -0.0, jnp.inf, 1e-45, -1e38, jnp.nan]), 3 * normal(CACHE_BYTES // 4)])
    again, once = jax.jit(ar.tanh_recomputed)(a), jax.jit(ar.tanh)(a)
    np.testing.assert_array_equal(np.asarray(again).view(np.int32), np.asarray(once).view(np.int32))


def test_no_more_than_two_arrays_of_hidden_features_are_held() -> None:
    """GELU's argument is kept, its tanh is not, and what depends on the argument is written over its cotangent."""
    n, hidden = 64, 8192
    shapes = {"q": (H, n, D), "kt": (H, D, n), "v": (H, n, D), "residual": (n, M)}
    like = lambda *shape: jax.ShapeDtypeStruct(shape, jnp.float32)  # noqa: E731
    context = BlockContext(*(like(2, *s) for s in shapes.values()), *[like(M) for _ in range(4)])
    wide = replace(PARAMETERS, fc1=like(M, hidden), b1=like(hidden), fc2=like(hidden, M))
    plan = BiasPlan.of(None, heads=H, seq_len=n)

    def both(context: BlockContext, cotangent: Any, parameters: BlockParameters) -> Any:
        out, pullback = jax.vjp(lambda c: decoder_core(c, parameters, plan), context)
        return out, pullback(cotangent)

    program: Any = jax.jit(both).lower(context, like(2, n, M), wide).compile()
    assert program.memory_analysis().temp_size_in_bytes < 2.25 * (2 * n * hidden * 4)
