"""Plain implementations conform, and what is wrong with the others is found and named."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from threading import Event
from typing import Any

import numpy as np
import pytest

from mirror.arithmetic import Undecided
from mirror.bounds.bounded import Bounded
from mirror.jit import BlockContext
from tests.tools.conformance import kernels
from theorems.engine.evidence.block_floats import Instances
from theorems.tools.conformance import ours
from theorems.tools.conformance.declaring import AS_USUAL, Declared
from theorems.tools.conformance.frameworks import JAX, NUMPY
from theorems.tools.conformance.judging import JudgedEntry
from theorems.tools.conformance.kinds import ATTENTION, BLOCK, Kind, drawn
from theorems.tools.conformance.layouts import LEAN, AxisOrder
from theorems.tools.conformance.report import ConformanceReport, run
from theorems.tools.conformance.run import examine, implementation
from theorems.tools.conformance.target import WrongCall
from theorems.tools.conformance.wanted import Wanted

CAUSAL, BLOCKED = "causal, gap -1e4", "fully blocked rows"


def conformed(
    function: Callable[..., Any],
    kind: Kind = ATTENTION,
    *,
    vjp: Callable[..., Any] | None = None,
    dtype: str = "float32",
    masks: tuple[str, ...] = (CAUSAL,),
    shapes: tuple[str, ...] = ("small",),
    dims: tuple[str, ...] = (),
    values: tuple[str, ...] = (),
    instances: int = 2,
    forward_only: bool = False,
    declared: Declared = AS_USUAL,
    layout: AxisOrder = LEAN,
    arrays: str | None = None,
    seconds: float = 60,
    blocked: str | None = None,
    strict: bool = False,
) -> ConformanceReport:
    names = {"shapes": () if dims else shapes, "masks": masks, "dims": dims, "values": values}
    limits: dict[str, Any] = {"minus_infinity": blocked != "exact", "seconds": seconds}
    limits |= {"blocked": blocked, "strict": strict}
    wanted = Wanted.of(kind, dtype, instances, 1, **names, declared=declared, **limits)
    of = implementation("kernels:f", kind, function, vjp, wanted, forward_only, layout, arrays)
    return run(of, None, wanted, examine(of, wanted), lambda name: None)


def worst(report: ConformanceReport, part: str = "output") -> JudgedEntry:
    found = report.worst(part)
    assert found
    return found[1].worst


# ---- what conforms


def test_our_attention_conforms() -> None:
    report = conformed(ours.attention, masks=(CAUSAL, BLOCKED))
    assert report.exit_code == 0
    assert report.total("inside") == report.total("inside", "gradients") == 4
    assert worst(report).bound < 1e-4


def test_our_block_conforms() -> None:
    report = conformed(ours.block, BLOCK, masks=(CAUSAL, BLOCKED))
    assert (report.exit_code, report.total("inside"), report.total("inside", "gradients")) == (0, 4, 4)


def test_a_plain_block_loses_the_logits_of_a_blocked_row() -> None:
    report = conformed(kernels.block, BLOCK, masks=(CAUSAL, BLOCKED), blocked="exact")
    causal, blocked = report.lines
    assert (causal.output and causal.output.inside, causal.gradients and causal.gradients.inside) == (2, 2)
    assert (blocked.output and blocked.output.outside, blocked.gradients and blocked.gradients.outside) == (2, 2)
    assert report.exit_code == 1
    assert report.sentence.endswith('; outside under "fully blocked rows"')


def test_a_function_that_cannot_take_numpy_arrays_is_jaxs() -> None:
    report = conformed(kernels.with_an_update)
    assert (report.of.arrays, report.exit_code, report.total("inside", "gradients")) == (JAX, 0, 2)


@pytest.mark.parametrize("dtype", ["float64", "bfloat16"])
def test_other_dtypes(dtype: str) -> None:
    report = conformed(ours.attention, dtype=dtype)
    assert report.exit_code == 0
    assert worst(report).bound < {"float64": 1e-12, "bfloat16": 0.1}[dtype]
    assert ("stored in bfloat16" in report.assumes) == (dtype == "bfloat16")


def test_a_vjp_of_numpys_own() -> None:
    report = conformed(kernels.rounded_once, vjp=kernels.rounded_once_vjp)
    assert (report.exit_code, report.total("inside", "gradients")) == (0, 2)
    assert (report.of.arrays, report.of.gradients) == (NUMPY, "by its own vjp")


@pytest.mark.parametrize(
    ("function", "forward_only"), [(kernels.rounded_once, False), (kernels.attention, True)], ids=["NumPy", "asked for"]
)
def test_gradients_that_nobody_checked_are_no_pass(function: Any, forward_only: bool) -> None:
    report = conformed(function, forward_only=forward_only)
    assert (report.exit_code, report.total("inside"), report.total("inside", "gradients")) == (0, 2, 0)
    assert report.sentence.startswith(
        "kernels:f conforms in its outputs: outputs 2 of 2 inside; gradients not checked: "
    )
    assert report.worst("gradients") is None


def test_our_attention_conforms_where_a_tile_is_skipped() -> None:
    report = conformed(ours.attention, masks=("causal, gap -1e9",), dims=("H=1,n=130,d=2",), instances=1)
    assert (report.exit_code, report.total("inside"), report.total("inside", "gradients")) == (0, 1, 1)
    assert worst(report).bound < 1e-4


def test_a_block_of_ones_own_dimensions() -> None:
    (line,) = conformed(ours.block, BLOCK, dims=("F=6, D=5, d=3, n=7, H=2",), dtype="float64", instances=1).lines
    assert (line.row.shape.name, line.row.shape.scale) == ("H=2,n=7,d=3,D=5,F=6", 3**-0.5)
    assert (line.output and line.output.inside, line.gradients and line.gradients.inside) == (1, 1)


# ---- what does not


@pytest.mark.parametrize(
    "function", [kernels.transposed_mask, kernels.without_scale, kernels.in_bfloat16], ids=lambda f: f.__name__
)
def test_a_wrong_attention_is_outside(function: Any) -> None:
    report = conformed(function)
    assert report.exit_code == 1
    assert report.total("outside") == report.total("outside", "gradients") == 2
    assert 10 < worst(report).used < float("inf")


@pytest.mark.parametrize("function", [kernels.erf_gelu, kernels.unbiased_variance], ids=lambda f: f.__name__)
def test_a_wrong_block_is_outside(function: Any) -> None:
    report = conformed(function, BLOCK)
    assert report.exit_code == 1
    assert report.total("outside") == report.total("outside", "gradients") == 2


def test_a_wrong_gradient_is_outside_though_the_output_is_not() -> None:
    report = conformed(kernels.wrong_gradient)
    assert (report.total("inside"), report.total("outside", "gradients"), report.exit_code) == (2, 2, 1)
    assert worst(report, "gradients").place.startswith("cotangent of kt[")


def test_another_output_under_vjp_is_outside() -> None:
    report = conformed(kernels.wrong_under_vjp)
    assert (report.total("inside"), report.total("outside", "gradients"), report.exit_code) == (2, 2, 1)
    assert worst(report, "gradients").place.startswith("output under jax.vjp[")


def test_masks_and_values_with_commas_in_their_names_can_be_told_apart() -> None:
    masks = ("no mask", CAUSAL, "causal, gap -1e9", "blocks")
    report = conformed(kernels.zeros, masks=masks, instances=1, forward_only=True)
    assert report.sentence.endswith('; outside under "no mask", "causal, gap -1e4", "causal, gap -1e9" and 1 more')
    report = conformed(kernels.zeros, masks=("no mask",), values=("tiny",), instances=1, forward_only=True)
    assert report.sentence.endswith('; outside under "no mask" with "tiny"')


def test_nan_is_outside_and_named() -> None:
    report = conformed(kernels.with_infinities, masks=(BLOCKED,), blocked="exact")
    assert (worst(report).got, report.total("outside"), report.exit_code) == ("nan", 2, 1)
    assert worst(report, "gradients").got == "nan"


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (kernels.heads_last, "output has shape (4, 3, 2), expected (H, n, d) = (2, 4, 3) in float32"),
        (kernels.stored_in_bfloat16, "output has dtype bfloat16, expected (H, n, d) = (2, 4, 3) in float32"),
    ],
)
def test_what_is_no_such_array_is_outside(function: Any, said: str) -> None:
    report = conformed(function)
    assert (worst(report).got, report.exit_code) == (said, 1)
    assert worst(report, "gradients").got == f"no cotangents: {said}"
    assert report.total("outside") == report.total("outside", "gradients") == 2


@pytest.mark.parametrize(
    ("vjp", "said"),
    [
        (kernels.two_cotangents, "the vjp returned 2 cotangents, expected a tuple of 3: q, kt, v"),
        (kernels.one_array, "the vjp returned a ndarray, expected a tuple of 3: q, kt, v"),
        (kernels.flat_cotangents, "cotangent of q has shape (24,), expected that of q = (2, 4, 3) in float32"),
    ],
)
def test_wrong_cotangents_are_outside(vjp: Any, said: str) -> None:
    report = conformed(kernels.rounded_once, vjp=vjp)
    assert (report.total("inside"), report.total("outside", "gradients"), report.exit_code) == (2, 2, 1)
    assert worst(report, "gradients").got == said


# ---- what cannot be examined


def failures(report: ConformanceReport) -> list[str]:
    return [line.failed for line in report.failed]


def test_a_shape_in_which_it_raises_is_a_row_and_the_others_are_tried() -> None:
    report = conformed(kernels.raises, shapes=("small", "one position"))
    (said,) = failures(report)
    assert said.startswith("kernels:f raised RuntimeError at kernels.py:")
    assert said.endswith(": one position is too few (instance 0)")
    assert [line.row.shape.name for line in report.failed] == ["one position"]
    assert (report.exit_code, report.total("inside"), report.total("inside", "gradients")) == (2, 2, 2)
    assert report.sentence.startswith("kernels:f was examined in 1 of 2 rows: outputs 2 of 2 inside; gradients 2 of 2")


def test_outside_weighs_more_than_a_row_in_which_it_raises() -> None:
    def wrong(*arguments: Any) -> Any:
        return 2 * kernels.raises(*arguments)

    report = conformed(wrong, shapes=("small", "one position"))
    assert (report.exit_code, len(report.failed)) == (1, 1)
    assert report.sentence.startswith("kernels:f does not conform: outputs 0 of 2 inside, 2 of 2 outside; ")


def test_a_function_without_code_that_raises() -> None:
    class Never:
        def __call__(self, *arguments: Any) -> Any:
            raise RuntimeError("never")

    report = conformed(Never())
    assert (failures(report), report.exit_code) == (["kernels:f raised RuntimeError: never (instance 0)"], 2)
    assert report.sentence == "kernels:f was examined in 0 of 1 row: outputs none examined; gradients none examined"
    assert report.conduct == ()


def test_an_error_that_raises_when_it_is_read() -> None:
    class Unspeakable(Exception):
        def __str__(self) -> str:
            sys.exit(0)

    def raises(*arguments: Any) -> Any:
        raise Unspeakable

    (said,) = failures(conformed(raises))
    assert re.match(r"kernels:f raised Unspeakable at .*: \(its message raises SystemExit\) \(instance 0\)$", said)


def test_a_vjp_that_raises() -> None:
    (said,) = failures(conformed(kernels.rounded_once, vjp=kernels.raising_vjp))
    assert re.match(r"the vjp of kernels:f raised RuntimeError at kernels.py:\d+: not today", said)


def test_a_function_that_jax_cannot_differentiate() -> None:
    (said,) = failures(conformed(kernels.without_derivative))
    assert re.match(r"jax.vjp of kernels:f raised ValueError at kernels.py:\d+: Pure callbacks", said)


def test_a_call_that_does_not_return_is_a_row_and_its_shape_is_left() -> None:
    def waits(*arguments: Any) -> Any:
        if arguments[0].shape[1] == 1:
            Event().wait(1)
        return kernels.zeros(*arguments)

    report = conformed(waits, shapes=("one position", "small"), masks=(CAUSAL, "no mask"), seconds=0.2)
    late = "kernels:f did not return within 0.2 s"
    assert failures(report) == [late, f"not called: {late}"]
    assert (report.exit_code, report.total("outside")) == (1, 4)


def test_a_first_shape_without_an_answer_does_not_say_whose_arrays_it_takes() -> None:
    released = Event()

    def waits(*arguments: Any) -> Any:
        if arguments[0].shape[1] == 4:
            released.wait(10)
        return kernels.rounded_once(*arguments)

    report = conformed(waits, shapes=("small", "one position"), seconds=0.5, forward_only=True)
    released.set()
    assert (report.of.arrays.name, report.total("inside"), len(report.failed)) == ("NumPy", 2, 1)


def test_after_three_shapes_without_an_answer_nothing_is_called() -> None:
    def waits(*arguments: Any) -> Any:
        Event().wait(1)

    dims = tuple(f"H=1,n=1,d={d}" for d in range(1, 6))
    report = conformed(waits, dims=dims, seconds=0.05)
    late = "kernels:f did not return within 0.05 s"
    assert failures(report) == [late] * 3 + ["not called: too often it did not return"] * 2
    assert report.exit_code == 2


def test_nothing_decided_is_no_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    def undecided(self: Instances, k: int) -> np.ndarray:
        raise Undecided("the sign of a ball")

    monkeypatch.setattr("theorems.engine.evidence.block_floats.Instances.real", undecided)
    known = "theorems.engine.evidence.block_floats.attention_bounds"
    monkeypatch.setattr(
        known, lambda q, kt, v, *_: tuple(Bounded(*[np.full(a.shape, np.nan)] * 4) for a in (v, q, kt, v))
    )
    report = conformed(kernels.zeros)
    assert (report.total("undecided"), report.exit_code) == (2, 2)
    assert report.sentence.startswith("nothing was decided about kernels:f: outputs 0 of 2 inside, 2 of 2 undecided")


@pytest.mark.parametrize(
    ("what", "names"),
    [("shape is", {"shapes": ["big"]}), ("mask is", {"masks": ["big"]}), ("values are", {"values": ["big"]})],
)
def test_a_name_that_there_is_not(what: str, names: Any) -> None:
    with pytest.raises(WrongCall, match=rf"^no {what} called 'big'; there are: "):
        Wanted.of(BLOCK, "float32", 1, 0, **names)


def test_dimensions_beside_shapes_or_instead() -> None:
    own = "H=2,n=3,d=4"
    assert [s.name for s in Wanted.of(ATTENTION, "float32", 1, 0, dims=(own, "d=4,n=3,H=2")).shapes] == [own]
    assert [s.name for s in Wanted.of(ATTENTION, "float32", 1, 0, shapes=("small",), dims=(own,)).shapes] == [
        "small",
        own,
    ]
    assert Wanted.of(BLOCK, "float32", 1, 0, dims=("H=2,n=3,d=4,D=1,F=6",)).shapes[0].eps1 == 1.0


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("H=2,n=3", ATTENTION, r"'H=2,n=3' do not give each of H, n, d once, as H=2,n=128,d=64 does \(attention\)"),
        ("H=2,n=3,d=4", BLOCK, r"each of H, n, d, D, F once, as H=2,n=128,d=64,D=128,F=512 does \(block\)"),
        ("H=2,n=3,d=4,D=5,F=6", ATTENTION, "do not give each of H, n, d once"),
        ("H=2,n=3,d=4,n=3", ATTENTION, "do not give each of H, n, d once"),
        ("2,3,4", ATTENTION, "'2,3,4' do not give each"),
        ("", ATTENTION, "'' do not give each"),
        ("H=2,n=0,d=4", ATTENTION, "^n is '0' in the dimensions 'H=2,n=0,d=4', expected a whole number of at least 1"),
        ("H=2,n=3,d=4.5", ATTENTION, "^d is '4.5' in"),
        ("H=-2,n=3,d=4", ATTENTION, "^H is '-2' in"),
    ],
)
def test_dimensions_that_are_none(text: str, kind: Kind, message: str) -> None:
    with pytest.raises(WrongCall, match=message):
        Wanted.of(kind, "float32", 1, 0, dims=(text,))


# ---- instances


def test_instances_depend_on_seed_shape_and_mask_alone() -> None:
    small, odd, *_ = BLOCK.shapes
    first, again = (drawn(BLOCK, odd, CAUSAL, "float32", 2, 3) for _ in range(2))
    others = [drawn(BLOCK, odd, mask, "float32", 2, seed) for mask, seed in ((BLOCKED, 3), (CAUSAL, 4))]
    assert all((a == b).all() for a, b in zip(first.inputs, again.inputs, strict=True))
    assert all((first.inputs.q != other.inputs.q).any() for other in others)
    assert drawn(BLOCK, small, CAUSAL, "float32", 2, 3).inputs.q.shape == (2, 2, 4, 3)


def test_values_of_a_name_are_of_the_seed_too_and_ordinary_ones_of_nothing_else() -> None:
    small = BLOCK.shapes[0]
    plain, tiny, again = (drawn(BLOCK, small, CAUSAL, "float32", 2, 3, v) for v in ("ordinary", "tiny", "tiny"))
    assert all((a == b).all() for a, b in zip(tiny.inputs, again.inputs, strict=True))
    assert (drawn(BLOCK, small, CAUSAL, "float32", 2, 3).inputs.q == plain.inputs.q).all()
    assert abs(tiny.inputs.q).max() < 1e-8 < abs(plain.inputs.q).min()


def test_minus_infinity_is_what_the_function_gets_and_a_wide_gap_what_is_judged() -> None:
    seen = []

    def attention(*arguments: Any) -> Any:
        seen.append(arguments[3])
        q, kt, v, bias, scale = arguments
        return kernels.rounded_once(q, kt, v, np.maximum(bias, -1e9), scale)

    report = conformed(attention, masks=("causal, -inf",), forward_only=True)
    assert (report.exit_code, report.total("inside")) == (0, 2)
    assert all(np.array_equal(np.isneginf(bias[0]), np.tri(4, k=0) == 0) for bias in seen)
    (again,) = {report.again(line) for line in report.lines}
    assert again.endswith("--minus-inf --shape small --mask 'causal, -inf'")


def test_minus_infinity_unasked_is_refused() -> None:
    with pytest.raises(WrongCall, match=r"^the mask 'causal, -inf' holds -inf: say with --minus-inf that the "):
        Wanted.of(ATTENTION, "float32", 1, 0, masks=["causal, -inf"])


def test_a_call_has_one_dtype() -> None:
    batch = drawn(BLOCK, BLOCK.shapes[0], "random mask", "bfloat16", 2, 0)
    call = BLOCK.call(batch, 1)
    assert isinstance(call.inputs, BlockContext)
    assert {a.dtype.name for a in (*call.inputs, *call.fixed[1:], call.cotangent)} == {"bfloat16"}
    assert call.fixed[0].scale == 0.7
