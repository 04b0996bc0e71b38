"""Bad input to the jitted block: a clear error before anything is traced."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mirror.jit import BiasPlan, BlockContext, BlockParameters, Dense, decoder_core, masked_attention

H, N, D, M, F = 2, 4, 3, 5, 6


def zeros(*shape: int, dtype: Any = np.float32) -> np.ndarray:
    return np.zeros(shape, dtype)


CONTEXT = BlockContext(zeros(H, N, D), zeros(H, D, N), zeros(H, N, D), zeros(N, M), *[zeros(M)] * 4)
PARAMETERS = BlockParameters(zeros(H, D, M), zeros(M), zeros(M, F), zeros(F), zeros(F, M), zeros(M), 0.5, 1e-5, 1e-5)
PLAN = BiasPlan.of(None, heads=H, seq_len=N)


def refuse(
    error: type[Exception], message: str, context: Any = CONTEXT, parameters: Any = PARAMETERS, plan: Any = PLAN
) -> None:
    with pytest.raises(error, match=message):
        decoder_core(context, parameters, plan)


@pytest.mark.parametrize(
    ("entry", "array", "message"),
    [
        ("q", zeros(N), r"q has shape \(4,\), expected \(…, H, n, d\)"),
        ("kt", zeros(H, N, D), r"kt has shape \(2, 4, 3\), expected \(…, H, d, n\) = \(2, 3, 4\)"),
        ("v", zeros(H, N, 2), r"v has shape \(2, 4, 2\), expected \(…, H, n, d\) = \(2, 4, 3\)"),
        ("residual", zeros(3, M), r"residual has shape \(3, 5\), expected \(…, n, D\) = \(4, 5\)"),
        ("residual", np.float32(1), r"residual has shape \(\), expected \(…, n, D\)"),
        ("gamma1", zeros(M + 1), r"gamma1 has shape \(6,\), expected \(D,\) or \(…, D\) = \(5,\)"),
        ("beta2", zeros(2, M), "beta2 has shape"),
        ("kt", zeros(1, H, D, N), "kt has shape"),
    ],
)
def test_shapes_of_the_context(entry: str, array: Any, message: str) -> None:
    refuse(ValueError, message, CONTEXT._replace(**{entry: array}))


@pytest.mark.parametrize(
    ("entry", "array", "message"),
    [
        ("q", zeros(H, N, D, dtype=np.int32), "q has dtype int32, expected one of float64, float32, bfloat16"),
        ("q", zeros(H, N, D, dtype=np.float16), "q has dtype float16"),
        ("v", zeros(H, N, D, dtype=np.float64), "v has dtype float64, expected float32 as q has"),
        ("residual", jnp.zeros((N, M), jnp.bfloat16), "residual has dtype bfloat16, expected float32"),
        ("kt", [[0.0]], "kt is a list, expected a JAX or NumPy array"),
    ],
)
def test_dtypes_of_the_context(entry: str, array: Any, message: str) -> None:
    refuse(TypeError, message, CONTEXT._replace(**{entry: array}))


@pytest.mark.parametrize(
    ("context", "message"),
    [
        (BlockContext(zeros(H, 0, D), zeros(H, D, 0), zeros(H, 0, D), zeros(0, M), *[zeros(M)] * 4), "n is 0"),
        (BlockContext(zeros(0, N, D), zeros(0, D, N), zeros(0, N, D), zeros(N, M), *[zeros(M)] * 4), "H is 0"),
        (BlockContext(zeros(H, N, 0), zeros(H, 0, N), zeros(H, N, 0), zeros(N, M), *[zeros(M)] * 4), "d is 0"),
        (
            CONTEXT._replace(residual=zeros(N, 0), gamma1=zeros(0), beta1=zeros(0), gamma2=zeros(0), beta2=zeros(0)),
            "D is 0",
        ),
        (BlockContext(*(a[None][:0] for a in CONTEXT)), "batch is 0"),
    ],
)
def test_empty_dimensions(context: BlockContext, message: str) -> None:
    refuse(ValueError, f"{message}: the jitted block needs at least one of everything", context)


@pytest.mark.parametrize(
    ("entry", "value", "error", "message"),
    [
        ("merge", zeros(M, H * D), ValueError, r"merge has shape \(5, 6\), expected .* = \(2, 3, 5\) or \(6, 5\)"),
        ("merge", Dense(zeros(3, 3)), ValueError, r"merge.matrix has shape \(3, 3\), expected .* = \(20, 24\)"),
        ("fc1", zeros(M), ValueError, r"fc1 has shape \(5,\), expected \(D, F\)"),
        ("fc1", zeros(F, F), ValueError, r"fc1 has shape \(6, 6\), expected \(D, F\) = \(5, 6\)"),
        ("fc2", zeros(M, F), ValueError, r"fc2 has shape \(5, 6\), expected \(F, D\) = \(6, 5\)"),
        ("b1", zeros(M), ValueError, r"b1 has shape \(5,\), expected .* \(4, 6\)"),
        ("merge_bias", zeros(N, M + 1), ValueError, "merge_bias has shape"),
        ("b2", zeros(M, dtype=int), TypeError, "b2 has dtype int64"),
        ("fc2", Dense([[1.0]]), TypeError, "fc2 is a list"),  # type: ignore[arg-type]
        ("eps1", float("nan"), ValueError, "eps1: nan is not a real number"),
        ("eps2", "a", ValueError, "eps2: 'a' does not spell"),
        ("scale", None, TypeError, "scale: expected a rational number"),
        ("scale", jnp.float32(0.5), TypeError, r"scale is a JAX array, expected a number .*: float\(scale\), outside"),
    ],
)
def test_parameters(entry: str, value: Any, error: type[Exception], message: str) -> None:
    refuse(error, message, parameters=replace(PARAMETERS, **{entry: value}))


def test_an_empty_hidden_dimension() -> None:
    empty = replace(PARAMETERS, fc1=zeros(M, 0), b1=zeros(0), fc2=zeros(0, M))
    refuse(ValueError, "F is 0: the jitted block needs", parameters=empty)


def test_parameters_of_another_kind() -> None:
    refuse(TypeError, "the parameters are a dict, expected mirror.jit.BlockParameters", parameters={})


def test_a_plan_for_another_shape() -> None:
    plan = BiasPlan.of(None, heads=H, seq_len=N + 1)
    refuse(ValueError, r"made for \(H, n\) = \(2, 5\), the context has \(H, n\) = \(2, 4\)", plan=plan)


def test_a_mask_instead_of_a_plan() -> None:
    refuse(TypeError, r"the plan is a ndarray, expected a BiasPlan: BiasPlan.of\(bias, heads=2", plan=zeros(N, N))


def test_a_context_with_an_entry_missing() -> None:
    with pytest.raises(TypeError, match="beta2"):
        decoder_core(CONTEXT[:7], PARAMETERS, PLAN)  # type: ignore[arg-type]


def test_an_unknown_schedule() -> None:
    q, kt, v = CONTEXT[:3]
    with pytest.raises(ValueError, match="schedule is 'fast', expected one of panels, tiles"):
        masked_attention(q, kt, v, PLAN, 0.5, schedule="fast")


def test_float64_needs_64_bit_mode() -> None:
    q, kt, v = (np.asarray(a, np.float64) for a in CONTEXT[:3])
    with jax.enable_x64(False), pytest.raises(ValueError, match="float64 needs 64-bit mode"):
        masked_attention(q, kt, v, PLAN, 0.5)
