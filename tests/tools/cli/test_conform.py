"""`leanmirror conform`: what it prints and writes of functions that are the same everywhere, and what it refuses."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import jax
import pytest
from rich.console import Console

from tests.tools.cli.conftest import Call
from tests.tools.cli.snapshot import assert_snapshot
from theorems.tools.cli import render_conform
from theorems.tools.conformance import folding

HERE = "tests.tools.conformance.kernels"
SMALL = ("--kind", "attention", "--instances", "2", "--shape", "small")


@pytest.fixture(autouse=True)
def path_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))


def test_one_that_conforms(call: Call) -> None:
    result = call("conform", f"{HERE}:with_vjp", *SMALL, "--mask", "random mask", "--mask", "fully blocked rows")
    assert_snapshot("conform_holds", result.stdout)
    assert (result.exit_code, result.stderr) == (0, "")


def test_one_that_does_not(call: Call, tmp_path: Path) -> None:
    arguments = (f"{HERE}:zeros", *SMALL, "--vjp", f"{HERE}:zeros_vjp", "--mask", "sliding window")
    result = call("conform", *arguments, "--json", "deep/report.json")
    assert_snapshot("conform_outside", result.stdout)
    assert (result.exit_code, result.stderr) == (1, "")
    document = json.loads((tmp_path / "deep" / "report.json").read_text(encoding="utf-8"))
    assert document["exit_code"] == 1
    assert document["sentence"] == result.stdout.splitlines()[-1]
    (line,) = document["lines"]
    assert (line["row"][1], line["instances"], line["output"]["outside"]) == ("sliding window", 2, 2)
    assert line["gradients"]["worst"]["error"] is None  # infinite
    assert f"got   {line['output']['worst']['got']}\n" in result.stdout


def test_one_that_returns_another_shape(call: Call) -> None:
    result = call("conform", f"{HERE}:zeros_flat", *SMALL, "--mask", "no mask")
    assert_snapshot("conform_shape", result.stdout)
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("raises", "RuntimeError"),
        ("leaves", "SystemExit"),
        ("ends", "SystemExit"),
        ("interrupts", "KeyboardInterrupt"),
        ("gives_up", "GeneratorExit"),
    ],
)
def test_one_that_raises_somewhere(call: Call, name: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "_exit", lambda code: pytest.fail("the process would have ended"))
    shapes = ("--shape", "one position", "--mask", "no mask", "--mask", "blocks", "--instances", "1")
    result = call("conform", f"{HERE}:{name}", "--kind", "attention", *shapes, "--values", "tiny")
    assert re.search(rf"\nnot examined: {HERE}:{name} raised {said} at kernels.py:\d+: ", result.stdout)
    assert "\n  shape one position, mask no mask, values tiny, and 1 more row\n" in result.stdout
    assert "--shape 'one position' --mask 'no mask' --values tiny\n" in result.stdout
    last = f"{HERE}:{name} was examined in 0 of 2 rows: outputs none examined; gradients none examined"
    assert result.stdout.splitlines()[-1] == last
    assert "Assumed: " not in result.stdout  # nothing is known of its arrays
    assert (result.exit_code, result.stderr) == (2, "")


def test_one_that_takes_the_streams(call: Call) -> None:
    result = call("conform", f"{HERE}:takes_the_streams", *SMALL, "--mask", "no mask")
    assert result.stdout.splitlines()[-1].startswith(f"{HERE}:takes_the_streams conforms in its outputs: outputs 2 of")
    assert (result.exit_code, set(result.stderr.splitlines())) == (0, {"a line of its own"})


def test_a_block_in_jax(call: Call) -> None:
    result = call("conform", f"{HERE}:block", "--instances", "1", "--shape", "one of everything", "--mask", "no mask")
    verdict, _, first, shape, *_, last = result.stdout.splitlines()
    assert verdict == f"{HERE}:block conforms: inside in 1 of 1 row"
    assert first == f"{HERE}:block: block in JAX, float32 on cpu, seed 0, gradients by jax.vjp"
    assert shape == "  one of everything: H = 1, n = 1, d = 1, D = 1, F = 1, scale 0.7, ε 1 and 1"
    assert last == f"{HERE}:block conforms: outputs 1 of 1 inside; gradients 1 of 1 inside"
    assert result.exit_code == 0


def test_gradients_that_are_not_checked(call: Call) -> None:
    result = call("conform", f"{HERE}:rounded_once", *SMALL, "--mask", "no mask")
    assert_snapshot("conform_not_checked", result.stdout)
    assert result.exit_code == 0


@pytest.mark.parametrize("shape", [("--shape", "small"), ("--dims", "n=6,H=2,d=3")])
def test_the_printed_command_shows_the_same_entry(call: Call, shape: tuple[str, str]) -> None:
    masks = ("--mask", "no mask", "--mask", "blocks")
    arguments = ("--kind", "attention", "--instances", "2", *shape, *masks, "--seed", "5", "--forward-only")
    printed = call("conform", f"{HERE}:zeros", *arguments).stdout
    (command,) = [line.partition("again: leanmirror ")[2] for line in printed.splitlines() if "again: " in line]
    assert "--forward-only" in command
    again = call(*shlex.split(command)).stdout
    assert [line for line in again.splitlines() if "got" in line or "instance " in line] == [
        line for line in printed.splitlines() if "got" in line or "instance " in line
    ]


def test_rows_that_are_inside_are_one_for_each_shape(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = ("--shape", "small", "--shape", "one position", "--mask", "no mask", "--mask", "blocks")
    arguments = ("conform", f"{HERE}:wrong_in_one_row", "--kind", "attention", *shapes)
    first, *_, last = (lines := call(*arguments).stdout.splitlines())
    assert first == f"{HERE}:wrong_in_one_row does not conform: outside in 1 of 4 rows"
    start = next(k for k, line in enumerate(lines) if line.startswith("shape "))
    wrong, right, both, after = lines[start + 1 : start + 5]
    assert wrong.split()[:6] == ["small", "blocks", "ordinary", "2", "0", "2"]
    assert right.split()[:6] == ["small", "no", "mask", "ordinary", "2", "2"]
    assert both.split("  ")[0] == "one position"
    assert both.split()[2:8] == ["2", "masks", "1", "family", "4", "4"]
    assert after == ""
    assert last.endswith('outside under "blocks"')
    every = call(*arguments, "--verbose").stdout.splitlines()
    assert len(every) == len(lines) + 1
    assert [line.split()[:2] for line in every[start + 1 : start + 3]] == [["small", "no"], ["small", "blocks"]]
    monkeypatch.setattr(folding, "MOST", 0)
    assert "\n1 more not inside: --verbose prints every row, --json writes them.\n" in call(*arguments).stdout


def test_a_narrow_terminal(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render_conform, "console", lambda: Console(file=sys.stdout, width=100, highlight=False))
    result = call("conform", f"{HERE}:with_vjp", *SMALL, "--mask", "no mask", "--forward-only")
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("small, no mask: ")]
    assert line.startswith("small, no mask: 2 instances; outputs 2 inside, 0 outside, 0 undecided, error ")
    assert line.endswith("; gradients not checked")
    values = ("--mask", "no mask", "--shape", "one position", "--values", "tiny", "--instances", "1")
    result = call("conform", f"{HERE}:raises", "--kind", "attention", *values)
    assert f"\none position, no mask, tiny: 1 instance; not examined: {HERE}:raises raised Runt" in result.stdout


def test_another_device_is_said(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jax, "default_backend", lambda: "gpu")
    result = call("conform", f"{HERE}:rounded_once", *SMALL, "--mask", "no mask")
    assert "The bounds are those of CPUs; how far exp and tanh are off on gpu was not measured." in result.stdout


def test_float64_turns_64_bit_mode_on(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    turned: list[tuple[str, bool]] = []
    monkeypatch.setattr(jax.config, "update", lambda name, value: turned.append((name, value)))
    assert call("conform", f"{HERE}:rounded_once", *SMALL, "--mask", "no mask", "--dtype", "float64").exit_code == 0
    assert turned == [("jax_enable_x64", True)]


def test_a_module_of_the_current_folder(call: Call, tmp_path: Path) -> None:
    (tmp_path / "kernels_of_mine.py").write_text(f"from {HERE} import rounded_once\n")
    assert call("conform", "kernels_of_mine:rounded_once", *SMALL, "--mask", "no mask").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("kernels",), "'kernels' is not MODULE:FUNCTION, such as kernels:block"),
        (("no_kernels:f",), "no module is called 'no_kernels', here or in what is installed: "),
        ((f"{HERE}:f",), f"{HERE} has no 'f': 'f' is not an attribute of the module {HERE}"),
        ((f"{HERE}:not_a_function",), f"{HERE}:not_a_function is a int, expected a function f(context, parameters, "),
        (
            (f"{HERE}:attention",),
            f"{HERE}:attention takes (q, kt, v, bias, scale), expected f(context, parameters, bias): missing a "
            "required argument: 'bias'; for an attention say --kind attention",
        ),
        ((f"{HERE}:zeros", *SMALL, "--vjp", "none"), "'none' is not MODULE:FUNCTION, such as kernels:attention"),
        ((f"{HERE}:block", "--shape", "big"), "no shape is called 'big'; there are: small; odd sizes; "),
        ((f"{HERE}:block", "--dims", "n=8"), "the dimensions 'n=8' do not give each of H, n, d, D, F once, as H=2,"),
        ((f"{HERE}:block", "--mask", "open"), "no mask is called 'open'; there are: no mask; causal, gap -1e4; "),
        ((f"{HERE}:block", "--values", "odd"), "no values are called 'odd'; there are: ordinary; dyadic; logits up to"),
        ((f"{HERE}:block", "--mask", "causal, -inf"), "the mask 'causal, -inf' holds -inf: say with --minus-inf that"),
        ((f"{HERE}:zeros", *SMALL[:2], "--tile", "9", "--dims", "H=1,n=8,d=2"), "--tile 9 is above n = 8 of "),
        ((f"{HERE}:zeros", *SMALL[:2], "--dims", "H=8,n=9999999,d=64"), "H=8,n=9999999,d=64 takes about 238,"),
        ((f"{HERE}:block", "--minus-inf", "--blocked-rows", "exact"), "no row of -inf has an exact value: --minus-inf"),
        ((f"{HERE}:block", "--time-limit", "0"), "Invalid value for '--time-limit': 0.0 is not in the range 0<x<="),
        ((f"{HERE}:block", "--time-limit", "nan"), "Invalid value for '--time-limit': nan is not in the range 0<x<="),
        ((f"{HERE}:block", "--time-limit", "inf"), "Invalid value for '--time-limit': inf is not in the range 0<x<="),
        ((f"{HERE}:block", "--exp-ulps", "nan"), "Invalid value for '--exp-ulps': nan is not in the range 0<x<="),
        ((f"{HERE}:block", "--kind", "block", "--layout", "bhnd"), "--layout bhnd is of an attention, not of "),
        ((f"{HERE}:block", "--layout", "nhd"), "Invalid value for '--layout': 'nhd' is not one of 'bhnd', 'bnhd', "),
        (
            (f"{HERE}:with_weights", *SMALL, "--mask", "no mask"),
            f"{HERE}:with_weights returns a tuple of 2, expected one array (H, n, d) = (2, 4, 3) of NumPy or JAX",
        ),
        ((f"{HERE}:block", "--json", "/"), "cannot write /: "),
        ((f"{HERE}:block", "--kind", "norm"), "Invalid value for '--kind': 'norm' is not one of 'block', 'attention'."),
        ((f"{HERE}:block", "--dtype", "float16"), "Invalid value for '--dtype': 'float16' is not one of "),
        ((f"{HERE}:block", "--instances", "0"), "Invalid value for '--instances': 0 is not in the range x>=1."),
        ((), "Missing argument 'MODULE:FUNCTION', or --preset for the attention of a library."),
        (("--preset", "keras"), "Invalid value for '--preset': 'keras' is not one of 'jax-nn', 'flax', 'equinox', "),
        (("--preset", "xformers"), "the preset xformers needs xformers, which is not installed: pip install xformers"),
    ],
)
def test_calls_that_are_refused(refused: Callable[..., str], arguments: tuple[str, ...], said: str) -> None:
    assert refused("conform", *arguments).startswith(said)


def test_a_report_is_written_where_the_call_was_made(call: Call, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    target = f"{HERE}:moves_elsewhere"
    call("conform", target, *SMALL, "--mask", "no mask", "--json", "found.json")
    assert (tmp_path / "found.json").is_file()


def test_help(call: Call) -> None:
    result = call("conform", "--help")
    assert result.exit_code == 0
    assert_snapshot("conform_help", result.stdout)
