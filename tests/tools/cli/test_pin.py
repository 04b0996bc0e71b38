"""`leanmirror pin` and `leanmirror audit --source` on the small library, laid out like a checkout."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from lean_refs.facts import load_pin
from lean_refs.scope import disagreements, load_scope, parsed
from tests.lean_refs import mini_lean as mini
from tests.tools.audit.mini_checkout import BLOCK, TAPE, mini_pin
from tests.tools.cli.conftest import Call
from theorems.tools.audit.twin_statements import FOLDER

SHORT = mini.REVISION[:7]
IDX = f"{TAPE}.Idx"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder `lean_refs` of a checkout of ours whose scope is the whole small library, which lies in `lean`."""
    root = mini.write(tmp_path / "lean")
    folder = tmp_path / "house" / "lean_refs"
    (folder / "pins").mkdir(parents=True)
    (tmp_path / "house" / "pyproject.toml").write_text('[project]\nname = "leanmirror"\n', "utf-8")
    names = mini.whole_scope(root).entries
    (folder / "scope.toml").write_text(scope_file(*names), "utf-8")
    monkeypatch.setattr("lean_refs.home.lean_refs_folder", lambda: folder)
    # `test_numbers` has the numbers.
    monkeypatch.setattr(import_module("theorems.tools.cli.pin"), "_write_numbers", lambda *_: None)
    forget()
    yield folder
    forget()


def forget() -> None:
    """What was read of a scope is that of another home."""
    load_scope.cache_clear()
    load_pin.cache_clear()


def scope_file(*names: str) -> str:
    entries = (f'["{name}"]\nfact = "What {name} is."\n' for name in sorted(names))
    return "\n".join(('seed_module = "NN/Block.lean"\n', *entries))


def pin(call: Call, *more: str) -> Any:
    return call("pin", "--source", "lean", "--revision", mini.REVISION, *more)


def written(path: Path) -> list[str]:
    return [entry["name"] for entry in json.loads(path.read_text("utf-8"))["declarations"]]


@pytest.mark.unmeasured
@pytest.mark.usefixtures("home")
def test_a_pin_is_the_same_bytes_every_time(call: Call) -> None:
    results = [pin(call, "--output", name) for name in ("one.json", "two.json", "one.json")]
    assert [r.exit_code for r in results] == [0, 0, 0], results[0].output
    count = len(mini_pin(Path("again"))["declarations"])
    assert results[0].stdout == f"{count} declarations of {SHORT} in one.json\n"
    assert results[0].stderr == ""
    assert Path("one.json").read_bytes() == Path("two.json").read_bytes()
    assert json.loads(Path("one.json").read_text("utf-8")) == mini_pin(Path("again"))


def test_a_pin_goes_beside_the_others_by_default(call: Call, home: Path) -> None:
    result = pin(call)
    assert result.exit_code == 0
    assert [path.name for path in (home / "pins").iterdir()] == [f"{SHORT}.json"]
    assert "the pin in use stays that of 21198a1: lean_refs/facts.py names it" in result.stdout.splitlines()


@pytest.mark.usefixtures("home")
def test_a_pin_of_the_revision_in_use_says_nothing_more(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("theorems.tools.cli.pin"), "PINNED_REVISION", SHORT)
    (line,) = pin(call).stdout.splitlines()
    assert f" declarations of {SHORT} in " in line


def test_what_is_missing_or_not_understood_exits_1_and_the_rest_is_written(call: Call, home: Path) -> None:
    mini.write(
        Path("lean"),
        tape=mini.TAPE.replace("def add {", "def broken (x : [) := 1\ndef plus {"),
        shape=mini.SHAPE[: mini.SHAPE.index("/-- Entries")] + "end Shape\nend Spec\n",
    )
    before = (home / "scope.toml").read_bytes()
    result = pin(call, "--output", "partial.json")
    assert result.exit_code == 1
    *missing, broken, _ = result.stderr.splitlines()
    assert missing == [
        f"missing: {name} is in scope, the source has no such declaration"
        for name in (f"{TAPE}.TapeNodes.add", "Spec.Shape.size")
    ]
    assert broken.startswith("not understood: NN/Tape.lean:")
    assert "Spec.Shape" in written(Path("partial.json"))
    assert (home / "scope.toml").read_bytes() == before, "what a person wrote is kept"


# ---- bringing into scope


def test_a_declaration_is_added_with_what_it_rests_on(call: Call, home: Path) -> None:
    (home / "scope.toml").write_text(scope_file(f"{TAPE}.Block.Mat", "Spec.Shape"), "utf-8")
    result = pin(call, "--add", "Block.idxLeft")
    assert result.exit_code == 0, result.output
    new = [IDX, f"{BLOCK}.idxLeft", f"{BLOCK}.ΓCore"]
    scope = parsed((home / "scope.toml").read_text("utf-8"))
    assert list(scope.entries) == sorted([*new, f"{BLOCK}.Mat", "Spec.Shape"])
    assert [name for name, entry in scope.entries.items() if not entry.written] == sorted(new)
    line = 1 + mini.TAPE[: mini.TAPE.index("structure Idx")].count("\n")
    place = f"structure in NN/Tape.lean:{line}"
    assert f"added {IDX}, {place}: write its fact in {home / 'scope.toml'}" in result.stdout.splitlines()
    assert place in scope.entries[IDX].fact
    assert sorted(written(home / "pins" / f"{SHORT}.json")) == list(scope.entries)
    found = disagreements(scope, json.loads((home / "pins" / f"{SHORT}.json").read_text("utf-8")))
    assert found == dict.fromkeys(sorted(new), "its fact in scope.toml is still to be written")


def test_what_is_in_scope_already_is_not_added_again(call: Call, home: Path) -> None:
    before = (home / "scope.toml").read_bytes()
    result = pin(call, "--add", IDX)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{IDX} and what it rests on: in scope already\n")
    assert (home / "scope.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Idx.lats", f"nothing in the source is called Idx.lats; did you mean {IDX}.last"),
        ("Xyzzyqqq", "nothing in the source is called Xyzzyqqq"),
        ("*.Idx.*", f"*.Idx.* names 2 declarations of the source: {IDX}.last, {IDX}.weaken"),
        ("Nothing.*", "nothing in the source is called Nothing.*"),
    ],
)
def test_a_name_that_is_none_changes_nothing(refused: Callable[..., str], home: Path, name: str, says: str) -> None:
    before = (home / "scope.toml").read_bytes()
    line = refused("pin", "--source", "lean", "--revision", mini.REVISION, "--add", IDX, "--add", name)
    assert line.startswith(says)
    assert (home / "scope.toml").read_bytes() == before
    assert list((home / "pins").iterdir()) == []


def test_a_scope_that_is_none_is_one_line(refused: Callable[..., str], home: Path) -> None:
    (home / "scope.toml").write_text('["A"]\nfact = 1\n', "utf-8")
    assert refused("pin", "--source", "lean").startswith("scope.toml has no seed_module: ")
    assert refused("list", "--summary").startswith("scope.toml has no seed_module: ")


# ---- an installed package is not written into


@pytest.mark.parametrize(
    ("more", "instead"),
    [
        (("pin", "--source", "lean"), "name a file with --output"),
        (
            ("pin", "--source", "lean", "--add", IDX, "--output", "x.json"),
            "--add writes lean_refs/scope.toml of a checkout",
        ),
        (("lean-files",), "name a folder with --output"),
    ],
)
@pytest.mark.parametrize("project", ["", '[project]\nname = "other"\n', "not toml"])
def test_nothing_is_written_into_an_installed_package(
    refused: Callable[..., str], home: Path, more: tuple[str, ...], instead: str, project: str
) -> None:
    (home.parent / "pyproject.toml").write_text(project, "utf-8")
    before = sorted(home.rglob("*"))
    assert refused(*more) == f"{home} is an installed package, no checkout of leanmirror: {instead}"
    (home.parent / "pyproject.toml").unlink()
    refused(*more)
    assert sorted(home.rglob("*")) == before
    assert not Path("x.json").exists()


def test_an_installed_package_writes_a_pin_elsewhere(call: Call, home: Path) -> None:
    (home.parent / "pyproject.toml").unlink()
    assert pin(call, "--output", "pin.json").exit_code == 0
    assert Path("pin.json").is_file()


# ---- an audit of a source


@pytest.mark.unmeasured
def test_an_audit_of_a_source_names_its_revision(call: Call, tmp_path: Path) -> None:
    mini.write(tmp_path / "lean")
    result = call("audit", "--source", "lean", "Idx.last")
    assert result.exit_code == 1
    assert "at revision unknown, pin 21198a1; where the revision is unknown: it has no .git, no " in result.stdout
    assert f"fails       {TAPE}.Idx.last" in result.stdout
    assert "moved: its declarations moved: 2 in NN/Tape.lean" in result.stdout


def test_an_audit_of_a_source_counts_twins_and_tells_them_where_it_is_asked_to(call: Call, tmp_path: Path) -> None:
    root = mini.write(tmp_path / "lean")
    (root / FOLDER).mkdir(parents=True)
    (root / "NN/Block.lean").rename(root / FOLDER / "Block.lean")
    found = call("audit", "--source", "lean").stdout
    assert "\ntwins: 1 class of theorems with one statement" in found
    assert "other names for its" not in found
    told = call("audit", "--source", "lean", "--verbose").stdout
    assert f"other names for its binders, as {BLOCK}.block_ok_again ({FOLDER}/Block.lean:" in told
