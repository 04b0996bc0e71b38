"""The jitted block under other people's JAX: their settings, their transformations, their meshes.

Most of it shows when a program is traced; nothing is compiled where that is enough. Other tests of this room run the
same lines, but for what takes arrays from meshes with explicit axes: that alone is measured.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flint import fmpq
from jax import export
from jax.sharding import AxisType, NamedSharding, PartitionSpec

from mirror.jit import BiasPlan, BlockContext, BlockParameters, Dense, decoder_core, masked_attention
from mirror.jit.formulas import layer_norm, layer_norm_pullback
from mirror.jit.numbers import Jitted, barrier

B, H, N, D, M, F = 2, 2, 4, 3, 5, 6
DRAW = np.random.default_rng(0)


def draw(*shape: int) -> np.ndarray:
    return DRAW.standard_normal(shape).astype(np.float32)


# γ1 and β1 differ by example, γ2 and β2 are shared by the batch.
CONTEXT = BlockContext(
    draw(B, H, N, D), draw(B, H, D, N), draw(B, H, N, D), draw(B, N, M), draw(B, M), draw(B, M), draw(M), draw(M)
)
PARAMETERS = BlockParameters(
    draw(H, D, M), draw(M), draw(M, F), draw(F), draw(F, M), draw(M), scale=0.5, eps1=1e-5, eps2=1e-5
)
CAUSAL = np.where(np.tri(N) > 0, 0.0, -1e9)
PLANS = {
    "causal": BiasPlan.of(CAUSAL, heads=H, seq_len=N, tile=2),
    "dense": BiasPlan.of(DRAW.standard_normal((H, N, N)), heads=H, seq_len=N, tile=2),
}
QUICK = {"xla_backend_optimization_level": 0}


def loss(context: BlockContext, parameters: BlockParameters = PARAMETERS, plan: str = "dense", **options: Any) -> Any:
    return decoder_core(context, parameters, PLANS[plan], **options).sum()


# ---- settings


@pytest.mark.parametrize(("plan", "schedule"), [("causal", "panels"), ("dense", "panels"), ("causal", "tiles")])
@pytest.mark.unmeasured
def test_no_rank_and_no_dtype_is_promoted(plan: str, schedule: str) -> None:
    """What `jax_numpy_rank_promotion="raise"` and strict dtype promotion forbid is written out."""
    by_position = replace(
        PARAMETERS, merge_bias=draw(N, M), b1=draw(N, F), b2=draw(N, M), fc1=Dense(draw(N * F, N * M))
    )
    one = BlockContext(*(a[0] if a.ndim > 1 else a for a in CONTEXT))
    narrow = BlockContext(*(jnp.asarray(a, jnp.bfloat16) for a in CONTEXT))
    with jax.numpy_rank_promotion("raise"), jax.numpy_dtype_promotion("strict"):
        for context, parameters in ((CONTEXT, by_position), (one, PARAMETERS), (narrow, PARAMETERS)):
            jax.eval_shape(lambda c: jax.grad(loss)(c, parameters, plan, schedule=schedule), context)  # noqa: B023


@pytest.mark.parametrize("first", [False, True])
@pytest.mark.unmeasured
def test_a_program_that_holds_numpy_arrays_outlives_a_change_of_the_64_bit_mode(first: bool) -> None:
    """JAX reads such arrays by the mode, once where it traces and again where it makes the program."""
    dense = replace(PARAMETERS, fc1=Dense(DRAW.standard_normal((N * F, N * M))), b2=DRAW.standard_normal(M))
    programs = [
        jax.jit(lambda c: decoder_core(c, dense, PLANS["dense"])),
        jax.jit(lambda c: masked_attention(c.q, c.kt, c.v, PLANS["dense"], 0.5)),
    ]
    for program in programs:
        for mode in (first, not first):
            with jax.enable_x64(mode):
                assert program.lower(CONTEXT).out_info.dtype == np.float32


@pytest.mark.unmeasured
def test_the_checker_of_nans_stops_at_none_of_ours() -> None:
    """It looks at constants too, where it runs a program once more, operation by operation."""
    with jax.debug_nans(True), jax.disable_jit():
        np.testing.assert_array_equal(barrier(jnp.ones(2)), np.ones(2))


@pytest.mark.unmeasured
def test_no_rank_is_promoted_on_an_accelerator_either() -> None:
    ar, gamma, beta = Jitted("float32", "float32", cache_bytes=None), jnp.ones(M), jnp.ones(M)

    def both(x: jax.Array) -> Any:
        y, saved = layer_norm(ar, x, gamma, beta, fmpq(1, 10))
        return layer_norm_pullback(ar, saved, gamma, y)

    with jax.numpy_rank_promotion("raise"):
        jax.eval_shape(both, CONTEXT.residual)


# ---- transformations


def of_residual(residual: Any) -> Any:
    return decoder_core(CONTEXT._replace(residual=residual), PARAMETERS, PLANS["causal"])


TWICE = jnp.stack([CONTEXT.residual] * 2)
TRANSFORMED: dict[str, tuple[Callable[[Any], Any], Any, tuple[int, ...]]] = {
    "vmap of vmap": (jax.vmap(jax.vmap(of_residual)), jnp.stack([TWICE] * 3), (3, 2, B, N, M)),
    "fori_loop": (lambda x: jax.lax.fori_loop(0, 3, lambda _, y: of_residual(y), x), TWICE[0], (B, N, M)),
    "while_loop": (
        lambda x: jax.lax.while_loop(lambda y: y.sum() < 0, of_residual, x),
        TWICE[0],
        (B, N, M),
    ),
    "gradient of a scan of checkpoints": (
        jax.grad(lambda x: jax.lax.scan(jax.checkpoint(lambda y, _: (of_residual(y), None)), x, length=2)[0].sum()),
        TWICE[0],
        (B, N, M),
    ),
    "jacrev": (jax.jacrev(of_residual), TWICE[0], (B, N, M, B, N, M)),
    "donated": (
        jax.jit(lambda x: x - jax.grad(lambda y: of_residual(y).sum())(x), donate_argnums=0),
        TWICE[0],
        (B, N, M),
    ),
}


@pytest.mark.parametrize("name", TRANSFORMED)
@pytest.mark.unmeasured
def test_it_is_transformed_like_any_function(name: str) -> None:
    function, given, shape = TRANSFORMED[name]
    assert jax.eval_shape(function, given).shape == shape


@pytest.mark.unmeasured
def test_a_second_derivative_is_that_of_an_ordinary_softmax() -> None:
    q, kt, v = (DRAW.standard_normal(shape) for shape in ((1, N, 2), (1, 2, N), (1, N, 2)))
    mask = np.where(np.tri(N) > 0, 0.0, -2.0)
    plan = BiasPlan.of(mask, heads=1, seq_len=N)
    ours: Any = lambda q, kt: jnp.sum(masked_attention(q, kt, v, plan, 0.5) ** 2)  # noqa: E731
    plain: Any = lambda q, kt: jnp.sum((jax.nn.softmax(0.5 * q @ kt + mask) @ v) ** 2)  # noqa: E731
    both = jax.jit(lambda q, kt: (jax.hessian(ours)(q, kt), jax.hessian(plain)(q, kt)), compiler_options=QUICK)
    np.testing.assert_allclose(*both(q, kt), rtol=1e-10, atol=1e-12)


@pytest.mark.unmeasured
def test_a_derivative_forward_alone_is_refused_by_jax() -> None:
    with pytest.raises(TypeError, match="forward-mode"):
        jax.jit(lambda x: jax.jvp(of_residual, (x,), (x,))).lower(TWICE[0])


def refused(call: Callable[[], Any]) -> None:
    with pytest.raises(TypeError, match="no cotangent for the parameters or the mask: the theorem differentiates"):
        call()


def looped(context: BlockContext, parameters: BlockParameters) -> Any:
    """The block twice, in a loop of JAX's."""

    def step(residual: jax.Array, _: None) -> tuple[jax.Array, None]:
        return decoder_core(context._replace(residual=residual), parameters, PLANS["dense"]), None

    return jax.lax.scan(step, context.residual, None, length=2)[0].sum()


def chosen(context: BlockContext, parameters: BlockParameters) -> Any:
    return jax.lax.cond(context.residual[0, 0, 0] > 0, loss, lambda c, p: jnp.float32(0), context, parameters)


@pytest.mark.parametrize(
    "function",
    [loss, looped, chosen, jax.checkpoint(loss)],
    ids=["alone", "scan", "cond", "checkpoint"],
)
@pytest.mark.unmeasured
def test_after_a_gradient_that_is_refused_the_others_are_what_they_were(function: Any) -> None:
    """A rule of a custom VJP that raises leaves its program without what JAX had noted of it, for good."""
    gradient = jax.grad(function)
    before = jax.eval_shape(gradient, CONTEXT, PARAMETERS)
    for argnums in (1, (0, 1)):
        refused(lambda: jax.eval_shape(jax.grad(function, argnums), CONTEXT, PARAMETERS))  # noqa: B023
    assert jax.eval_shape(gradient, CONTEXT, PARAMETERS) == before


@pytest.mark.unmeasured
def test_a_program_is_exported_for_batches_of_any_size() -> None:
    (size,) = export.symbolic_shape("size")
    context = BlockContext(
        *(jax.ShapeDtypeStruct((size, *a.shape[1:]) if a.ndim > 1 else a.shape, a.dtype) for a in CONTEXT)
    )
    exported = export.export(jax.jit(lambda c: jax.grad(loss)(c)))(context)
    assert [str(a.shape[0]) for a in exported.out_avals] == ["size"] * 6 + [str(M)] * 2


# ---- meshes


@pytest.mark.unmeasured
def test_in_a_shard_map_what_the_devices_share_gets_the_sum_of_their_cotangents() -> None:
    mesh = jax.make_mesh((1,), ("devices",), axis_types=(AxisType.Auto,), devices=jax.devices()[:1])
    split, whole = PartitionSpec("devices"), PartitionSpec()
    specs = BlockContext(*(whole if a.ndim == 1 else split for a in CONTEXT))

    def on_mesh(context: BlockContext, parameters: BlockParameters) -> Any:
        block = lambda c, p: decoder_core(c, p, PLANS["causal"])  # noqa: E731
        return jax.shard_map(block, mesh=mesh, in_specs=(specs, whole), out_specs=split)(context, parameters).sum()

    # γ2 and β2; test_sharded.py compares the sums.
    assert str(jax.make_jaxpr(jax.grad(on_mesh))(CONTEXT, PARAMETERS)).count("psum_invariant") >= 2


@pytest.mark.parametrize("axis", [0, 1], ids=["batch", "heads or rows"])
def test_arrays_on_a_mesh_with_explicit_axes_are_taken_and_the_result_lies_as_they_do(axis: int) -> None:
    """As `jax.make_mesh` makes them, where each reshape of a split axis must say where its result lies."""
    mesh = jax.make_mesh((1,), ("devices",), devices=jax.devices()[:1])
    assert mesh.axis_types == (AxisType.Explicit,)
    where = NamedSharding(mesh, PartitionSpec(*[None] * axis, "devices"))
    context = BlockContext(*(jax.device_put(a, where) if a.ndim > 2 else a for a in CONTEXT))
    with jax.set_mesh(mesh):
        for run in (
            lambda c: decoder_core(c, PARAMETERS, PLANS["dense"]),
            lambda c: masked_attention(c.q, c.kt, c.v, PLANS["dense"], 0.5),
        ):
            assert jax.jit(run).trace(context).out_info.sharding.spec[axis] == "devices"
            gradient = jax.jit(jax.grad(lambda c: run(c).sum()))  # noqa: B023
            assert gradient.trace(context).out_info.q.sharding.spec[axis] == "devices"
