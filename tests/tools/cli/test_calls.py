"""Wrong calls: one clear line on standard error, exit 2, no traceback; and the command's own help."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.source import module_files
from tests.tools.cli.conftest import NAME, Call

Refused = Callable[..., str]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "inner_get_singel"), f"no theorem is called inner_get_singel; did you mean {NAME}"),
        (("check", "qqqqqqqqqqqqqqqqqqqqqqqqqqqq"), "no theorem is called qqqqqqqqqqqqqqqqqqqqqqqqqqqq"),
        (("check", "Nothing.*"), "no theorem is called Nothing.*"),
        (("check", "eventually_of_forall"), "eventually_of_forall is not run: a fact about filters"),
        (
            ("check", "--profile", "fast"),
            "Invalid value for '--profile': 'fast' is not one of 'quick', 'full', 'nightly'.",
        ),
        (("check", "--examples", "0"), "Invalid value for '--examples': 0 is not in the range x>=1."),
        (("check", "--examples", "many"), "Invalid value for '--examples': 'many' is not a valid integer range."),
        (("check", "--jobs", "0"), "Invalid value for '--jobs': 0 is not in the range x>=1."),
        (("check", "--seed", "-1"), "Invalid value for '--seed': -1 is not in the range x>=0."),
        (("check", "--sede", "1"), "No such option '--sede'."),
        (("check", "--json", "."), "cannot write .: Is a directory"),
        (("check", "--junit", "file/x.xml"), "cannot write file/x.xml: "),
        (("chekc",), "No such command 'chekc'."),
        (("show", "inner_get_singel"), f"nothing in the pin is called inner_get_singel; did you mean {NAME}"),
        (("show", "txVec.*"), "nothing in the pin is called txVec.*"),
        (("show",), "Missing argument 'NAME'."),
        (("replay",), "Missing argument 'FILE': a replay file, or --from a store of them."),
        (("list", "extra"), "Got unexpected extra argument (extra)"),
    ],
)
def test_a_wrong_call(refused: Refused, tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    (tmp_path / "file").touch()
    assert refused(*arguments).startswith(said)


def test_a_report_that_was_there_survives_a_wrong_call(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "check.json").write_text("{}", encoding="utf-8")
    refused("check", NAME, "--json", "check.json", "--junit", ".")
    assert (tmp_path / "check.json").read_text(encoding="utf-8") == "{}"


def test_a_wrong_call_makes_no_report(refused: Refused, tmp_path: Path) -> None:
    refused("check", NAME, "--json", "check.json", "--junit", ".")
    assert list(tmp_path.iterdir()) == []


def test_no_command_prints_the_help_and_exits_2(call: Call) -> None:
    result = call()
    assert result.exit_code == 2
    assert "Commands:" in result.stderr


def test_help(call: Call) -> None:
    result = call("--help")
    assert result.exit_code == 0
    commands = result.stdout.partition("Commands:")[2].split("\n")
    named = [line.split()[0] for line in commands if line]
    first = ["audit", "bench", "campaign", "check", "conform", "hypotheses", "lean-files", "list"]
    assert named == [*first, "notebook", "pin", "replay", "report", "show", "trace"]


def test_version(call: Call) -> None:
    result = call("--version")
    assert result.exit_code == 0
    names = [line.split()[0] for line in result.stdout.splitlines()]
    libraries = ["hypothesis", "numpy", "python-flint", "jax", "jaxlib"]
    assert names == ["leanmirror", *libraries, "Python", "TorchLean", "Lean"]


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_import_nothing_heavy(option: str) -> None:
    program = (
        "import sys\nfrom theorems.tools.cli import main\n"
        f"try:\n    main(['{option}'])\nexcept SystemExit:\n"
        "    print('heavy:', sorted({'jax', 'numpy', 'flint', 'hypothesis', 'rich', 'pytest'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("heavy: []\n")


def test_no_command_imports_jax() -> None:
    program = (
        "import sys\nfrom theorems.tools.cli import main\n"
        f"try:\n    main(['check', '{NAME}', '--examples', '1', '--jobs', '1'])\nexcept SystemExit:\n"
        "    print('jax' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("False\n")


def test_an_option_of_several_lines_is_spelled_once() -> None:
    """Commands that share one take it from `theorems/tools/cli/formats.py` or the like, and so say the same of it."""
    spelled = Counter(
        ast.unparse(call)
        for name, path in module_files("theorems").items()
        if name.startswith("theorems.tools.cli.")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and call.end_lineno != call.lineno and ast.unparse(call.func) == "click.option"
    )
    assert len(spelled) > 10
    assert [option for option, times in spelled.items() if times > 1] == []
