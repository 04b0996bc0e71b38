"""How functions are called: the layouts of their arrays, whose arrays they take, and what they do to them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.experimental import pallas as pl

from tests.tools.conformance import kernels
from tests.tools.conformance.test_run import conformed, failures, worst
from theorems.tools.conformance.calling import Implementation
from theorems.tools.conformance.detecting import framework_of
from theorems.tools.conformance.frameworks import JAX, NUMPY, Framework
from theorems.tools.conformance.kinds import ATTENTION, BLOCK, KernelCall, drawn
from theorems.tools.conformance.layouts import BHND, BNHD, HND, LAYOUTS, LEAN, AxisOrder, layout_of
from theorems.tools.conformance.report import device
from theorems.tools.conformance.target import WrongCall

SMALL = ATTENTION.shapes[0]


def call_of(kind: Any = ATTENTION) -> KernelCall:
    return kind.call(drawn(kind, kind.shapes[0], "causal, gap -1e4", "float32", 1, 0), 0)


def implementation(
    function: Any, layout: AxisOrder = LEAN, vjp: Any = None, arrays: Framework = NUMPY
) -> Implementation:
    return Implementation("kernels:f", ATTENTION, function, vjp, arrays, layout=layout)


# ---- layouts


def in_layout(letters: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of q, kt and v (H, n, d) as one of arrays with these axes, by einsum and one example at a time."""
    lean = "bhnd" if letters[0] == "b" else "hnd"

    def examples(*arrays: Any) -> list[Any]:
        ours = [np.einsum(f"{letters}->{lean}", a) for a in arrays]
        return list(zip(*ours, strict=True)) if letters[0] == "b" else [tuple(ours)]

    def laid(q: Any, k: Any, v: Any, bias: Any, scale: float, *cotangent: Any) -> Any:
        masks = bias if letters[0] == "b" else [bias]
        found = []
        for (q1, k1, v1, *g), mask in zip(examples(q, k, v, *cotangent), masks, strict=True):
            results = function(q1, k1.swapaxes(-1, -2), v1, mask, scale, *g)
            results = results if g else (results,)
            found.append([a.swapaxes(-1, -2) if g and i == 1 else a for i, a in enumerate(results)])
        stacked = [np.stack(a) if letters[0] == "b" else a[0] for a in zip(*found, strict=True)]
        back = [np.einsum(f"{lean}->{letters}", a) for a in stacked]
        return tuple(back) if cotangent else back[0]

    return laid


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_a_function_in_a_layout_returns_what_lean_has(layout: AxisOrder) -> None:
    call = call_of()
    plain = implementation(kernels.rounded_once, vjp=kernels.rounded_once_vjp).at(call)
    function, vjp = (in_layout(layout.name, f) for f in (kernels.rounded_once, kernels.rounded_once_vjp))
    found = implementation(function, layout, vjp).at(call)
    assert [p.name for p in found.parts] == ["output", "cotangent of q", "cotangent of kt", "cotangent of v"]
    for ours, theirs in zip(plain.parts, found.parts, strict=True):
        np.testing.assert_array_equal(ours.values, theirs.values)


def test_a_layout_is_tried_in_a_whole_run() -> None:
    function, vjp = (in_layout("bnhd", f) for f in (kernels.rounded_once, kernels.rounded_once_vjp))
    report = conformed(function, vjp=vjp, layout=BNHD, arrays="numpy", instances=1)
    assert (report.exit_code, report.total("inside"), report.total("inside", "gradients")) == (0, 1, 1)
    assert " --layout bnhd --arrays numpy --dtype" in report.again(report.lines[0])


@pytest.mark.parametrize("negative", [False, True])
def test_the_instance_is_one_of_two_in_a_batch(negative: bool) -> None:
    call = call_of()
    cotangent = np.copysign(call.cotangent, -1.0 if negative else 1.0)
    laid = BHND.laid(KernelCall(call.inputs, call.fixed, cotangent))
    one, other = (laid.inputs[0][k] for k in ((1, 0) if negative else (0, 1)))
    np.testing.assert_array_equal(one, call.inputs[0])
    np.testing.assert_array_equal(other, -call.inputs[0])
    assert laid.fixed[0].shape == (2, 2, 4, 4)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_what_mixes_up_the_batch_is_outside(which: int) -> None:
    """Queries, keys or values of the first in the batch for both, or of the other one for each."""
    right = in_layout("bhnd", kernels.rounded_once)

    def wrong(*arguments: Any) -> Any:
        arrays = list(arguments)
        arrays[which] = arrays[which][::-1]
        return right(*arrays)

    assert conformed(wrong, layout=BHND, instances=1).exit_code == 1


def test_what_is_wrong_is_said_in_the_names_of_the_layout() -> None:
    flat = lambda q, k, v, bias, scale: v.reshape(-1)  # noqa: E731
    (part,) = implementation(flat, BNHD).at(call_of()).parts
    assert part.fault == "output has shape (48,), expected (B, n, H, d) = (2, 4, 2, 3) in float32"
    vjp = lambda q, k, v, bias, scale, g: (q, k[0], v)  # noqa: E731
    found = implementation(lambda q, k, v, bias, scale: v, HND, vjp).at(call_of())
    assert found.parts[2].fault == "cotangent of k has shape (4, 3), expected that of k = (2, 4, 3) in float32"
    assert found.parts[2].name == "cotangent of kt"


def test_a_block_has_no_layout() -> None:
    assert (layout_of(None, BLOCK), layout_of("hnd", ATTENTION)) == (LEAN, HND)
    with pytest.raises(WrongCall, match=r"^--layout bhnd is of an attention, not of a block: give --kind attention$"):
        layout_of("bhnd", BLOCK)


# ---- whose arrays


class Tensor:
    """What stands for torch's in these tests."""

    def __init__(self, values: np.ndarray) -> None:
        self.values, self.shape = values, values.shape


class Tensors(Framework):
    name, writable, pullback, gradients = "torch", True, "", "not checked: tensors of a test"

    def array(self, value: np.ndarray) -> Tensor:
        return Tensor(np.array(value))

    def owns(self, value: Any) -> bool:
        return isinstance(value, Tensor)

    def dtype(self, value: Tensor) -> str:
        return value.values.dtype.name

    def values(self, value: Tensor) -> np.ndarray:
        return np.array(value.values, dtype=np.float64)


@pytest.fixture
def torch(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """As if torch were installed and something had imported it."""
    ours = ModuleType("theorems.tools.conformance.with_torch")
    monkeypatch.setattr(ours, "Torch", Tensors, raising=False)
    monkeypatch.setitem(sys.modules, ours.__name__, ours)
    monkeypatch.setitem(sys.modules, "torch", ModuleType("torch"))
    return sys.modules["torch"]


def of_tensors(q: Tensor, kt: Tensor, v: Tensor, bias: Tensor, scale: float) -> Tensor:
    return Tensor(kernels.rounded_once(q.values, kt.values, v.values, bias.values, scale))


def found(function: Any, asked: str | None = None) -> str:
    return framework_of("kernels:f", ATTENTION, function, call_of(), asked).name


def test_whose_arrays_a_function_takes_is_found(torch: ModuleType) -> None:
    assert found(kernels.rounded_once) == "NumPy"
    assert found(kernels.with_an_update) == "JAX"
    assert found(of_tensors) == "torch"
    report = conformed(of_tensors, instances=1)
    assert (report.exit_code, report.total("inside"), report.of.gradients) == (0, 1, Tensors.gradients)


def test_a_function_that_raises_is_called_with_its_own_librarys_arrays(
    torch: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert found(kernels.gives_up) == "JAX"
    monkeypatch.setattr(torch, "nn", ModuleType("torch.nn"), raising=False)
    monkeypatch.setattr(kernels, "functional", torch.nn, raising=False)
    assert found(kernels.gives_up) == "torch"


def test_whose_arrays_can_be_said(torch: ModuleType) -> None:
    assert (found(kernels.attention, "jax"), found(of_tensors, "torch")) == ("JAX", "torch")
    with pytest.raises(WrongCall, match=r"^kernels:f returns a ArrayImpl, expected one array .* of NumPy$"):
        found(kernels.attention, "numpy")


def test_nothing_differentiates_numpy() -> None:
    with pytest.raises(NotImplementedError, match="NumPy has none"):
        NUMPY.pulled_back(kernels.zeros, (), None)


def test_torch_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.delitem(sys.modules, "theorems.tools.conformance.with_torch", raising=False)
    with pytest.raises(WrongCall, match=r"^torch is not installed: pip install torch "):
        found(of_tensors, "torch")


def test_an_interrupt_is_no_answer() -> None:
    def interrupted(*arguments: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        found(interrupted)


@pytest.mark.parametrize(
    ("returned", "said"),
    [((1, 2), "a tuple of 2"), ([], "a list of 0"), (None, "a NoneType"), (0.5, "a float"), ("y", "a str")],
)
def test_what_returns_no_array_is_refused_in_one_line(
    returned: Any, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    expected = "expected one array (H, n, d) = (2, 4, 3) of NumPy or JAX"
    with pytest.raises(WrongCall) as why:
        conformed(lambda *arguments: returned)
    assert str(why.value) == f"kernels:f returns {said}, {expected}"


@partial(jax.jit, static_argnums=4)
def in_pallas(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    """A kernel that is interpreted, a head at a time; Pallas differentiates none."""

    def kernel(q: Any, kt: Any, v: Any, bias: Any, out: Any) -> None:
        weights = jax.nn.softmax(scale * jnp.dot(q[...], kt[...], precision="highest") + bias[...])
        out[...] = jnp.dot(weights, v[...], precision="highest")

    heads = [pl.BlockSpec((None, *a.shape[1:]), lambda h: (h, 0, 0)) for a in (q, kt, v, bias)]
    like = jax.ShapeDtypeStruct(v.shape, v.dtype)
    return pl.pallas_call(kernel, like, grid=(len(q),), in_specs=heads, out_specs=heads[2], interpret=True)(
        q, kt, v, bias
    )


def test_a_pallas_kernel_is_interpreted_and_brings_its_own_vjp_or_none() -> None:
    report = conformed(in_pallas, instances=1, forward_only=True)
    assert (report.exit_code, report.total("inside"), report.of.arrays) == (0, 1, JAX)
    (said,) = failures(conformed(in_pallas, instances=1))
    assert re.match(r"jax.vjp of kernels:f raised .*; give its own VJP with", said)


# ---- what a function does to its arguments, and whether it does the same again


def in_place(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    q *= np.float32(scale)
    return kernels.rounded_once(q, kt, v, bias, 1.0)


def test_a_function_may_write_into_its_arguments() -> None:
    """Scale 1/2, so that the product is exact."""
    call = call_of()
    call = KernelCall(call.inputs, (call.fixed[0], 0.5), call.cotangent)
    right = implementation(kernels.rounded_once, vjp=kernels.rounded_once_vjp).at(call)
    found = implementation(in_place, vjp=kernels.rounded_once_vjp).at(call, twice=True)
    assert (right.changed, found.changed, found.differing) == ((), ("q",), ())
    for ours, theirs in zip(right.parts, found.parts, strict=True):
        np.testing.assert_array_equal(ours.values, theirs.values)


def test_the_report_says_what_is_written_into() -> None:
    def into_all(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
        found = kernels.rounded_once(q, kt, v, bias, scale)
        kt[:] = bias[:] = np.nan
        return found

    report = conformed(into_all)
    assert report.exit_code == 0
    assert "It writes into its arguments kt, bias; every call has copies of its own." in report.conduct


def test_arguments_inside_others_are_named() -> None:
    def blocks(context: Any, parameters: Any, bias: Any) -> Any:
        context.q[:] = 0
        parameters.fc1[:] = 0
        return context.residual

    of = Implementation("kernels:f", BLOCK, blocks, None, NUMPY)
    assert of.at(call_of(BLOCK)).changed == ("context.q", "parameters.fc1")


def test_a_function_may_use_its_results_memory_again() -> None:
    call = call_of()
    kept = np.zeros_like(call.cotangent)

    def kernel(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
        kept[:] = kernels.rounded_once(q, kt, v, bias, scale)
        return kept

    of = implementation(kernel)
    first = of.at(call)
    of.at(KernelCall(tuple(0 * a for a in call.inputs), call.fixed, call.cotangent))
    np.testing.assert_array_equal(first.output.values, of.at(call).output.values)


@pytest.mark.filterwarnings("ignore:Some donated buffers were not usable")
def test_a_function_may_be_given_its_arguments_memory() -> None:
    donating = jax.jit(lambda q, kt, v, bias, scale: 0 * q + v, donate_argnums=(0, 1, 2))
    call = call_of()
    before = [a.copy() for a in call.inputs]
    found = implementation(donating, arrays=JAX).at(call, twice=True)
    assert (found.differing, found.output.fault) == ((), "")
    for ours, theirs in zip(before, call.inputs, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_function_that_does_not_do_the_same_again_is_named() -> None:
    draws = iter(range(100))

    def kernel(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
        found = kernels.rounded_once(q, kt, v, bias, scale)
        found[0, 0, 0] = np.nextafter(found[0, 0, 0], np.float32(next(draws) % 2))
        return found

    report = conformed(kernel)
    said = "Two runs of one instance differ, first in shape small, mask causal, gap -1e4, values ordinary: output."
    assert said in report.conduct
    assert report.exit_code == 0
    same = "Two runs of the first instance of each line agree bit for bit."
    assert same in conformed(kernels.rounded_once).conduct


def test_a_fault_the_second_time_is_a_difference() -> None:
    shapes = iter([(2, 4, 3), (24,)])
    kernel = lambda q, kt, v, bias, scale: np.zeros(next(shapes), v.dtype)  # noqa: E731
    assert implementation(kernel).at(call_of(), twice=True).differing == ("output",)


class Unreadable(np.ndarray):
    """An array that does not tell its shape."""

    @property
    def shape(self) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        raise SystemExit("not\ntold")


def test_what_cannot_be_read_is_a_fault() -> None:
    kernel = lambda q, kt, v, bias, scale: v.view(Unreadable)  # noqa: E731
    assert implementation(kernel).at(call_of()).output.fault == "output cannot be read: SystemExit: not"


def test_what_is_masked_is_no_number() -> None:
    def kernel(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
        return np.ma.masked_array(v, mask=np.arange(v.size).reshape(v.shape) == 1)

    values = implementation(kernel).at(call_of()).output.values
    assert type(values) is np.ndarray
    assert np.isnan(values).sum() == np.isnan(values[0, 0, 1]) == 1


def test_a_device_that_is_not_here_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*arguments: Any) -> Any:
        raise RuntimeError("Unable to initialize backend 'tpu'\nand more")

    monkeypatch.setattr(jnp, "array", none)
    monkeypatch.setattr(jax, "default_backend", none)
    with pytest.raises(WrongCall, match=r"^no array of JAX can be made: Unable to initialize backend 'tpu'$"):
        implementation(kernels.attention, arrays=JAX).at(call_of())
    assert device() == "cpu"


def test_which_gradients_are_not_checked_is_said() -> None:
    report = conformed(kernels.rounded_once, vjp=kernels.rounded_once_vjp)
    assert report.conduct[-1] == "Gradients are those of q, kt and v; the gradient of bias is not checked."


def test_what_a_function_raises_is_one_line() -> None:
    def traced(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
        return jnp.asarray(np.asarray(q)) if not isinstance(q, np.ndarray) else jnp.zeros(v.shape, v.dtype)

    (said,) = failures(conformed(traced))
    assert said.count("\n") == 0
    assert said.startswith("jax.vjp of kernels:f raised TracerArrayConversionError at test_calling.py:")
    assert "; give its own VJP with --vjp, or --forward-only (instance 0)" in said


def test_the_worst_entry_lies_as_in_lean() -> None:
    """The key's cotangent of a layout (B, n, H, d) is named by its place in kt (H, d, n)."""

    def wrong(*arguments: Any) -> Any:
        dq, dkt, dv = kernels.rounded_once_vjp(*arguments)
        dkt[1, 2, 3] += 1
        return dq, dkt, dv

    vjp = in_layout("bnhd", wrong)
    report = conformed(in_layout("bnhd", kernels.rounded_once), vjp=vjp, layout=BNHD, instances=1)
    assert worst(report, "gradients").place == "cotangent of kt[1, 2, 3]"
