"""Functions of torch tensors; torch is not in the lock, and without it these tests are skipped."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

from tests.tools.conformance.test_calling import call_of
from tests.tools.conformance.test_run import conformed, worst
from theorems.tools.conformance.calling import Implementation
from theorems.tools.conformance.kinds import ATTENTION, BLOCK
from theorems.tools.conformance.layouts import BNHD

torch = pytest.importorskip("torch", reason="torch is not in the lock")
functional = torch.nn.functional

from theorems.tools.conformance.with_torch import NO_GRADIENT, Torch  # noqa: E402 - it imports torch


def attention(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    return torch.softmax(scale * (q @ kt) + bias, -1) @ v


def in_place(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    q *= scale
    return torch.softmax(q @ kt + bias, -1) @ v


def without_a_gradient(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    with torch.no_grad():
        return attention(q, kt, v, bias, scale)


def heads_second(q: Any, k: Any, v: Any, bias: Any, scale: float) -> Any:
    q, k, v = (a.transpose(1, 2) for a in (q, k, v))
    return functional.scaled_dot_product_attention(q, k, v, attn_mask=bias, scale=scale).transpose(1, 2)


def detached(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    return attention(q, kt.detach(), v, bias, scale)


def normed(x: Any, gamma: Any, beta: Any, eps: float) -> Any:
    return functional.layer_norm(x, x.shape[-1:], eps=eps) * gamma + beta


def block(c: Any, p: Any, bias: Any) -> Any:
    heads = attention(c.q, c.kt, c.v, bias, p.scale)
    x = normed(c.residual + torch.einsum("hnd,hdm->nm", heads, p.merge) + p.merge_bias, c.gamma1, c.beta1, p.eps1)
    hidden = functional.gelu(x @ p.fc1 + p.b1, approximate="tanh")
    return normed(x + hidden @ p.fc2 + p.b2, c.gamma2, c.beta2, p.eps2)


@pytest.mark.parametrize("dtype", ["float32", "float64", "bfloat16"])
def test_an_attention_conforms(dtype: str) -> None:
    report = conformed(attention if dtype != "bfloat16" else rounded_at_the_end, dtype=dtype)
    assert (report.of.arrays.name, report.of.gradients) == ("torch", "by torch.autograd.grad")
    assert (report.exit_code, report.total("inside"), report.total("inside", "gradients")) == (0, 2, 2)
    assert report.assumes.startswith("torch float")


def rounded_at_the_end(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    return attention(q.float(), kt.float(), v.float(), bias.float(), scale).to(v.dtype)


def test_a_layout_of_torchs() -> None:
    report = conformed(heads_second, layout=BNHD)
    assert (report.exit_code, report.total("inside"), report.total("inside", "gradients")) == (0, 2, 2)


def test_a_block_conforms() -> None:
    report = conformed(block, BLOCK)
    assert (report.exit_code, report.total("inside"), report.total("inside", "gradients")) == (0, 2, 2)


def test_what_writes_into_its_arguments_is_differentiated_all_the_same() -> None:
    report = conformed(in_place)
    assert (report.exit_code, report.total("inside", "gradients")) == (0, 2)
    assert "It writes into its arguments q; every call has copies of its own." in report.conduct


def test_what_carries_no_gradient_is_not_checked() -> None:
    report = conformed(without_a_gradient)
    assert (report.exit_code, report.total("inside"), report.total("inside", "gradients")) == (0, 2, 0)
    assert report.of.gradients == NO_GRADIENT


def test_an_input_that_is_cut_off_has_a_cotangent_of_zeros() -> None:
    report = conformed(detached)
    assert report.exit_code == 1
    assert worst(report, "gradients").place.startswith("cotangent of kt[")
    assert worst(report, "gradients").got == "0.0"


def test_another_shape_or_dtype_is_named() -> None:
    half = lambda q, kt, v, bias, scale: v.half()  # noqa: E731
    found = Implementation("kernels:f", ATTENTION, half, None, Torch()).at(call_of())
    assert found.output.fault == "output has dtype float16, expected (H, n, d) = (2, 4, 3) in float32"


@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16"])
def test_numbers_are_taken_and_given_back_exactly(dtype: str) -> None:
    values = np.array([1.0, -0.0, 2.0**-126, 3.0, np.inf, np.nan]).astype(jnp.dtype(dtype))
    made = Torch().array(values)
    assert Torch().dtype(made) == dtype
    np.testing.assert_array_equal(Torch().values(made), values.astype(np.float64))
