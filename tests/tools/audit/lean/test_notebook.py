"""The notebook is executed as Jupyter executes it, by the Lean kernel, with small programs where Lean would be."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from nbclient.exceptions import CellExecutionError

from lean_refs import load_pin
from tests.tools.audit.lean.fake_repl import STANDARD, built, executed, programs
from theorems.tools.audit.lean.files import notebook_of_the_block
from theorems.tools.audit.lean.messages import Answer, Message
from theorems.tools.audit.lean.text import module_name

PIN = load_pin()
THEOREMS = [d.name for d in sorted(PIN.seed, key=lambda d: d.line) if d.is_theorem]
MODULE = module_name(PIN.seed_module)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A built checkout with the notebook in its root, and the programs that the kernel starts."""
    found = programs(tmp_path / "programs")
    monkeypatch.setenv("PATH", f"{found / 'bin'}{os.pathsep}{os.environ['PATH']}")
    for name in ("JUPYTER_PATH", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(found / "jupyter"))
    for name in ("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG"):
        monkeypatch.delenv(name, raising=False)  # the kernel runs nothing of ours
    root = built(tmp_path / "checkout", [MODULE], THEOREMS)
    (root / "decoder_block.ipynb").write_text(notebook_of_the_block(), "utf-8")
    return root


def faults(cells: list[tuple[list[Message], list[Answer]]]) -> list[str]:
    """What an executed notebook shows that it should not, and what it does not show."""
    errors = [message.text for messages, _ in cells for message in messages if message.severity == "error"]
    answers = [answer for _, found in cells for answer in found]
    lacking = [name for name in THEOREMS if name not in {answer.name for answer in answers}]
    return [*errors, *lacking, *(answer.name for answer in answers if not (answer.passes and answer.exactly_standard))]


def test_in_the_root_of_a_checkout_it_shows_the_three_theorems_and_their_axioms(checkout: Path) -> None:
    cells = executed(checkout / "decoder_block.ipynb")
    assert faults(cells) == []
    assert [[answer.name for answer in found] for _, found in cells] == [[], *([name] for name in THEOREMS)]


def test_in_another_folder_nothing_can_be_imported(checkout: Path) -> None:
    (checkout / "notebooks").mkdir()
    moved = (checkout / "decoder_block.ipynb").rename(checkout / "notebooks" / "decoder_block.ipynb")
    unknown = [f"unknown constant '{name}'" for name in THEOREMS for _ in ("#check", "#print")]
    assert faults(executed(moved)) == [f"unknown module prefix '{MODULE}'", *unknown, *THEOREMS]


def test_from_another_folder_it_may_begin_with_the_checkout_and_another_answer_is_seen(checkout: Path) -> None:
    unproved = STANDARD.replace("Quot.sound", "sorryAx")
    wrong = {"#check": f"@{THEOREMS[1]} : Prop", "#print": f"'{THEOREMS[1]}' {unproved}"}
    built(checkout, [MODULE], THEOREMS, **{THEOREMS[1]: wrong})
    book = json.loads((checkout / "decoder_block.ipynb").read_text("utf-8"))
    book["cells"][1]["source"].insert(0, f"%cd {checkout}\n")
    elsewhere = checkout.parent / "decoder_block.ipynb"
    elsewhere.write_text(json.dumps(book), "utf-8")
    assert faults(executed(elsewhere)) == [THEOREMS[1]]


def test_a_program_that_dies_stops_the_notebook(checkout: Path) -> None:
    built(checkout, [MODULE], THEOREMS, **{THEOREMS[1]: {"#check": "dies"}})
    with pytest.raises(CellExecutionError, match=THEOREMS[1]):
        executed(checkout / "decoder_block.ipynb")
