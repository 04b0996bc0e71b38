"""`leanmirror audit --against OLD --source NEW`: what changed between two checkouts; and `--strict`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.lean_refs import mini_lean as mini
from tests.tools.cli.conftest import Call

BLOCK = "Proofs.Autograd.Block"


@pytest.fixture
def checkouts(tmp_path: Path) -> Callable[..., tuple[str, ...]]:
    """The options for the small library as the older checkout, and with a text of BLOCK replaced as the newer."""

    def made(old: str = "", new: str = "") -> tuple[str, ...]:
        assert old in mini.BLOCK
        before = mini.write(tmp_path / "old")
        now = mini.write(tmp_path / "new", block=mini.BLOCK.replace(old, new, 1))
        return "--against", str(before), "--source", str(now)

    return made


@pytest.mark.unmeasured
def test_two_equal_checkouts_have_no_drift(call: Call, checkouts: Callable[..., tuple[str, ...]]) -> None:
    result = call("audit", *checkouts())
    assert result.exit_code == 0
    assert "drift: 39 unchanged\n" in result.stdout
    assert "present" not in result.stdout


@pytest.mark.unmeasured
def test_a_change_of_meaning_between_them_fails_by_name(
    call: Call, checkouts: Callable[..., tuple[str, ...]], tmp_path: Path
) -> None:
    result = call("audit", *checkouts("(Row k) := ⟨⟨4,", "(Row k) := ⟨⟨3,"), "--json", "found.json")
    assert result.exit_code == 1
    assert f"fails       {BLOCK}.idxBeta" in result.stdout
    assert json.loads((tmp_path / "found.json").read_text("utf-8"))["against"] == "unknown"


@pytest.mark.unmeasured
def test_what_leaves_the_meaning_fails_where_it_is_asked_for(
    call: Call, checkouts: Callable[..., tuple[str, ...]]
) -> None:
    options = checkouts("The residual stream.", "The stream.")
    result = call("audit", *options)
    assert result.exit_code == 0
    assert f"changed     {BLOCK}.idxStream" in result.stdout
    assert call("audit", *options, "--strict").exit_code == 1


def test_a_name_of_either_checkout_narrows_the_report(call: Call, checkouts: Callable[..., tuple[str, ...]]) -> None:
    options = checkouts("idxLeft", "idxFirst")
    for name in ("idxLeft", "idxFirst"):
        assert f"\nchanged     {BLOCK}.idxLeft  " in call("audit", name, *options).stdout


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--against", "a"), "--against is the older of two checkouts: name the newer one by --source"),
        (("--against", "", "--source", "."), "a path is expected, not ''"),
        (("--strict",), "--strict is about what changed in a source: name it by --source"),
        *(
            (("--against", ".", "--source", ".", *option), f"nothing else: leave {option[0]} out")
            for option in (("--pin", "21198a1"), ("--lean", "."), ("--deep",), ("--jobs", "1"))
        ),
    ],
)
def test_a_wrong_call_is_one_line(refused: Callable[..., str], options: tuple[str, ...], says: str) -> None:
    assert says in refused("audit", *options)


@pytest.mark.parametrize(("place", "says"), [("nowhere", "is not a folder"), (".", "holds no Lean file under NN/")])
def test_an_older_checkout_that_is_none_is_refused(
    refused: Callable[..., str], tmp_path: Path, place: str, says: str
) -> None:
    newer = mini.write(tmp_path / "new")
    (tmp_path / "empty").mkdir()
    assert says in refused("audit", "--against", str(tmp_path / "empty" / place), "--source", str(newer))
