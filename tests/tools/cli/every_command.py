"""Every command of the group once, and its help: `python -m tests.tools.cli.every_command FOLDER [STDOUT [ENCODING…]]`.

One process for all of them, because most of the time goes to imports. Each runs in FOLDER/NAME, where `out`, `err` and
`code` are what it printed and how it ended; printed to STDOUT instead of `out` where that is given. With encodings all
run once in each, in FOLDER/ENCODING/NAME. Nothing is measured.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from importlib import import_module
from pathlib import Path

import click

from lean_refs import load_pin
from tests.lean_refs import mini_lean
from tests.tools.bench.fields import document, row, size
from tests.tools.cli.conftest import NAME, only_the_block
from theorems.engine.checking import check
from theorems.engine.registry import theorems
from theorems.engine.theorem import registered
from theorems.tools.cli import main
from theorems.tools.reports import json as reports
from theorems.tools.reports.outcomes import Outcome
from theorems.tools.reports.replay import write_failure

# What a command is given for a parameter of that name, wherever it has one, or where it is that command's.
GIVEN: dict[str, str | None] = {
    **{
        "name": NAME,
        "check.names": NAME,
        "campaign.names": NAME,
        "cases": "20",
        "examples": "20",
        "jobs": "1",
        "audit.jobs": None,  # without a source there is nothing to run
        "file": f"../{NAME}.json",
        "output": "derived",
        "places": "../check.json",
    },
    **{"target": "tests.tools.conformance.kernels:zeros", "kind": "attention", "instances": "1"},
    **{"shapes": "one position", "masks": "no mask"},
    **{"json_path": "report.json", "junit_path": "report.xml", "plot_path": "plot.svg"},
    **{"sarif_path": "report.sarif", "markdown_path": "report.md"},
    **{"trace.names": None, "trace.source": "../lean", "tests": "../test_marked.py"},
}
# Where it cannot do without.
REQUIRED = {"source": "../lean", "folder": "."}
REVISION = ("--revision", mini_lean.REVISION)


def arguments(command: click.Command) -> list[str]:
    """A quick call of a command; raises `KeyError` for a required parameter that nothing here is a value of."""
    found = [*REVISION] if command.name == "pin" else []
    for parameter in command.params:
        name = str(parameter.name)
        value = GIVEN.get(f"{command.name}.{name}", GIVEN.get(name))
        if parameter.required:
            value = value or REQUIRED[name]
        if value is not None:
            found += [value] if isinstance(parameter, click.Argument) else [parameter.opts[0], value]
    return found


def calls() -> dict[str, list[str]]:
    """Every call by name."""
    found = {"help": ["--help"], "version": ["--version"], "nothing": [], "wrong": ["check", "⟨ε⟩"]}
    for name, command in main.commands.items():
        found |= {name: [name, *arguments(command)], f"{name}-help": [name, "--help"]}
    return found


def prepare(folder: Path) -> None:
    """A theorem that is false and its replay file, a small library, and a measurement that is over at once."""
    changed = dataclasses.replace(theorems()[NAME], conclusion=only_the_block)
    registered()[NAME] = changed
    found = check(changed, examples=50)
    write_failure(found, folder)
    document = reports.document([Outcome(NAME, found)], seed=0, profile="quick")
    (folder / "check.json").write_text(document, encoding="utf-8")
    mini_lean.write(folder / "lean")
    (folder / "test_marked.py").write_text('@pytest.mark.lean("Ω.none")\ndef test_it(): pass\n', encoding="utf-8")
    vars(import_module("theorems.tools.cli.bench"))["measure"] = measured


def measured(arguments: list[str], output: Path) -> None:
    """A measurement of `leanmirror bench`, on a machine with a Greek name."""
    found = document(size("small", row("leanmirror", 1, 2), row("jax naïve, ε", 1.5, 2.8)))
    output.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


def encoded(encoding: str) -> None:
    """New streams of an encoding, as Python makes them where its environment says so; child processes have it too."""
    os.environ["PYTHONIOENCODING"] = encoding
    sys.stdout = open(1, "w", encoding=encoding, closefd=False)  # noqa: SIM115 - they stay open
    sys.stderr = open(2, "w", encoding=encoding, errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115


def run_all(root: Path, stdout: str) -> None:
    """Every call in a folder of its own."""
    root.mkdir(exist_ok=True)
    prepare(root)
    for name, call in calls().items():
        run(root / name, call, stdout)


def run(folder: Path, call: list[str], stdout: str) -> None:
    """One call in a folder of its own."""
    folder.mkdir()
    os.chdir(folder)
    # As the root of a checkout of TorchLean looks.
    module = Path(load_pin().seed_module)
    module.parent.mkdir(parents=True)
    module.touch()
    Path("lakefile.toml").touch()
    for path, number in ((stdout, 1), ("err", 2)):
        with open(path, "wb") as file:
            os.dup2(file.fileno(), number)
    try:
        main(call, prog_name="leanmirror")
    except SystemExit as ended:
        Path("code").write_text(str(ended.code), encoding="utf-8")


if __name__ == "__main__":
    folder, stdout, *encodings = sys.argv[1:] if len(sys.argv) > 2 else (sys.argv[1], "out")
    if not encodings:
        run_all(Path(folder), stdout)
    for encoding in encodings:
        encoded(encoding)
        run_all(Path(folder) / encoding, stdout)
