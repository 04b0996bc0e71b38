"""The calibration: its kernels, its verdicts on cheap rows, its table, and that the committed page is of them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from benchmarks.calibration import __main__ as calibration
from benchmarks.calibration import verdicts
from benchmarks.calibration.catalogue import kernels
from benchmarks.calibration.kernel import CalibrationKernel, RejectedIn
from benchmarks.calibration.right_attention import OperandsInTf32
from benchmarks.calibration.table import CalibratedKernel, faults, gathered, page
from benchmarks.calibration.verdicts import CERTIFIED, NAMES, STATISTICAL, CalibrationVerdict
from theorems.tools.conformance.declaring import AS_USUAL

KERNELS = {type(kernel).__name__: kernel for kernel in kernels()}
RIGHT = [k for k in KERNELS.values() if k.right]
WRONG = [k for k in KERNELS.values() if not k.right]
CHEAP = ("StepwiseAttention", "OneKeyATime", "RootOfTheScale", "SplitKeys", "OperandsInTf32")
# Of each module of wrong attentions one, and a block.
SEEN = ("ScaleTwice", "HalvesAveraged", "NoRowSum", "UnbiasedVariance")


def at(name: str, shape: str, mask: str, values: str = "ordinary", dtype: str = "float32") -> CalibrationVerdict:
    kernel = KERNELS[name]
    (row,) = [r for r in verdicts.rows(kernel.kind) if (r.shape.name, r.mask, r.values) == (shape, mask, values)]
    (found,) = verdicts.verdicts([kernel], kernel.kind, dtype, row)
    return found


# ---- the kernels


def test_there_are_enough_kernels_each_with_a_name_of_its_own() -> None:
    assert len(RIGHT) >= 30
    assert len(WRONG) >= 40
    assert len({k.name for k in KERNELS.values()}) == len(KERNELS)
    assert not {d for k in KERNELS.values() for d in k.dtypes} - set(calibration.DTYPES)
    assert all("float32" in k.dtypes and k.kind in calibration.KINDS for k in KERNELS.values())


@pytest.mark.parametrize("kind", calibration.KINDS)
def test_every_wrong_kernel_says_a_row_that_runs_by_default(kind: str) -> None:
    known = {(row.shape.name, row.mask, row.values) for row in verdicts.rows(kind)}
    assert {k.name for k in WRONG if k.kind == kind and k.shows not in known} == set()


# ---- their verdicts: a few, where it is cheap


@pytest.mark.parametrize("name", CHEAP)
def test_a_right_kernel_is_accepted(name: str) -> None:
    found = at(name, "small", "causal, gap -1e9")
    assert not {CERTIFIED, STATISTICAL} & set(found.rejected)
    assert not found.undecided


@pytest.mark.parametrize("name", SEEN)
def test_a_wrong_kernel_is_rejected_where_it_says(name: str) -> None:
    place = KERNELS[name].shows
    assert place is not None
    assert {CERTIFIED, STATISTICAL} <= set(at(name, *place).rejected)


def test_what_other_rules_let_through_is_rejected_by_ours() -> None:
    place = KERNELS["SafeDenominator"].shows
    assert place is not None
    found = at("SafeDenominator", *place)
    assert CERTIFIED in found.rejected
    assert "KernelBench" not in found.rejected


def test_a_declaration_counts() -> None:
    """The same kernel is wrong where nothing is declared."""
    undeclared = type("Undeclared", (OperandsInTf32,), {"declared": AS_USUAL, "__doc__": "Undeclared."})()
    (row,) = [r for r in verdicts.rows("attention") if (r.shape.name, r.mask, r.values) == _SMALL]
    (found,) = verdicts.verdicts([undeclared], "attention", "float32", row)
    assert CERTIFIED in found.rejected
    assert CERTIFIED not in at("OperandsInTf32", *_SMALL).rejected


_SMALL = ("small", "no mask", "ordinary")


def test_a_kernel_that_raises_is_rejected_by_all() -> None:
    class Raises(CalibrationKernel):
        """One that raises."""

        def __call__(self, *arguments: object) -> object:
            raise RuntimeError("not today")

    (row,) = [r for r in verdicts.rows("attention") if (r.shape.name, r.mask, r.values) == _SMALL]
    (found,) = verdicts.verdicts([Raises()], "attention", "float32", row)
    assert found.rejected == NAMES


# ---- the table


def verdict(kernel: CalibrationKernel, by: tuple[str, ...], place: RejectedIn | None = None) -> CalibrationVerdict:
    shape, mask, values = place or kernel.shows or _SMALL
    return CalibrationVerdict(kernel.name, "float32", shape, mask, values, by, undecided=False)


def table(*rejected: tuple[str, tuple[str, ...]]) -> list[CalibratedKernel]:
    found = [verdict(KERNELS[name], by) for name, by in rejected]
    return gathered(list(KERNELS.values()), found)


OURS = (CERTIFIED, STATISTICAL)


def test_nothing_is_wrong_where_ours_accept_the_right_ones_and_reject_the_wrong_ones() -> None:
    assert list(faults(table(("StepwiseAttention", ("torch.testing",)), ("ScaleTwice", OURS)))) == []


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            ("StepwiseAttention", OURS),
            "right, and rejected: Softmax of all scores, then the values, float32: small",
        ),
        (("ScaleTwice", ()), "wrong, and accepted: The scale applied to the queries and to the scores, float32"),
    ],
)
def test_a_false_verdict_is_named(found: tuple[str, tuple[str, ...]], said: str) -> None:
    assert next(faults(table(found))).startswith(said)


def test_a_wrong_kernel_that_is_rejected_elsewhere_is_named() -> None:
    kernel = KERNELS["ScaleTwice"]
    found = gathered([kernel], [verdict(kernel, OURS, RejectedIn("odd sizes", "no mask"))])
    assert list(faults(found)) == [f"wrong, and not rejected where it says: {kernel.name}: small, no mask, ordinary"]


def test_statistics_alone_may_see_three() -> None:
    names = [type(k).__name__ for k in WRONG[:4]]
    assert list(faults(table(*((name, (STATISTICAL,)) for name in names[:3])))) == []
    (said,) = faults(table(*((name, (STATISTICAL,)) for name in names)))
    assert said.startswith("only the statistical verdict sees 4, more than 3: ")


def test_the_page_counts_by_rule() -> None:
    lines = list(page(table(("StepwiseAttention", ("KernelBench",)), ("ScaleTwice", OURS), ("NoScale", OURS))))
    assert "| certified | 0 of 2 | 0 of 2 | 0 of 1 | 0 of 1 |" in lines
    assert "| KernelBench | 2 of 2 | 2 of 2 | 1 of 1 | 1 of 1 |" in lines
    assert "| The scale forgotten | float32 | 1 | 1 | 1 |  |  |  | small, no mask, ordinary |" in lines


def test_the_committed_page_is_of_these_kernels_and_finds_no_false_verdict_of_ours() -> None:
    text = calibration.RESULT.read_text(encoding="utf-8")
    lines = re.findall(r"^\| (.*?) \| (float32|float64|bfloat16) \| \d+ \|", text, flags=re.MULTILINE)
    assert sorted(lines) == sorted((k.name, dtype) for k in KERNELS.values() for dtype in k.dtypes)
    wrong = len([1 for k in WRONG for _ in k.dtypes])
    right = len([1 for k in RIGHT for _ in k.dtypes])
    (certified,) = re.findall(r"^\| certified \| (\d+) of (\d+) \| .* \| (\d+) of (\d+) \| .* \|$", text, re.MULTILINE)
    assert certified[1:] == (str(wrong), "0", str(right))
    assert int(certified[0]) <= 3


# ---- the command


@pytest.fixture
def one_row(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The command on one cheap row, and where it writes."""
    found = [r for r in verdicts.rows("attention") if (r.shape.name, r.mask, r.values) == _SMALL]
    monkeypatch.setattr(calibration, "some_rows", lambda kind, dtype, wanted: found)
    monkeypatch.setattr(calibration, "RESULT", tmp_path / "RESULT.md")
    return tmp_path


def test_the_command(one_row: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [KERNELS[name].name for name in ("StepwiseAttention", "ScaleTwice")]
    kept = one_row / "kept"
    call = ["--kind", "attention", "--dtype", "float32", "--kernel", *names, "--keep", str(kept)]
    assert calibration.main(call) == 0
    printed = capsys.readouterr()
    assert "attention, float32: row 1 of 1: shape small, mask no mask, values ordinary\n" in printed.err
    assert not (one_row / "RESULT.md").exists()
    assert [json.loads(line)["kernel"] for line in kept.read_text(encoding="utf-8").splitlines()] == names
    assert calibration.main(call) == 0  # from what is kept
    assert capsys.readouterr().out == printed.out
    assert len(kept.read_text(encoding="utf-8").splitlines()) == 2


def test_the_page_of_all_kernels_is_written_and_that_of_some_is_not(
    one_row: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibration, "kernels", lambda: [KERNELS["StepwiseAttention"], KERNELS["ScaleTwice"]])
    assert calibration.main(["--write"]) == 0
    assert capsys.readouterr().out == (one_row / "RESULT.md").read_text(encoding="utf-8")
    for some in (["--kind", "block"], ["--dtype", "float32", "bfloat16"], ["--kernel", KERNELS["ScaleTwice"].name]):
        with pytest.raises(SystemExit) as ended:
            calibration.main([*some, "--write"])
        assert ended.value.code == 2
        assert "--write writes the page of all kernels: leave --kind, --dtype and" in capsys.readouterr().err


def test_a_false_verdict_ends_the_command_in_1(one_row: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = KERNELS["NoMaximum"].name
    assert calibration.main(["--kind", "attention", "--dtype", "float32", "--kernel", name]) == 1
    assert f"wrong, and accepted: {name}, float32\n" in capsys.readouterr().err


def test_a_kernel_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        calibration.main(["--kernel", "flash"])
    assert ended.value.code == 2
    assert "no kernel is called 'flash'" in capsys.readouterr().err
