"""The workflow of docs/ci.md: it is YAML, its commands exist, and the audit that it runs writes what its steps read."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.docs.commands import faults as no_command
from tests.docs.pages import manual
from tests.lean_refs import mini_lean
from tests.test_forge import runs, unpinned, yaml_faults
from tests.tools.audit.formats.test_github import read
from tests.tools.audit.formats.test_sarif import faults as no_sarif
from theorems.tools.cli import main

BLOCKS = [(page.path, block) for page in manual() for block in page.blocks if block.language == "yaml"]
WORKFLOW = next(block.text for path, block in BLOCKS if path == "docs/ci.md")
SUMMARY = "$GITHUB_STEP_SUMMARY"


@pytest.mark.parametrize("text", [block.text for _, block in BLOCKS], ids=[f"{p}:{b.line}" for p, b in BLOCKS])
def test_it_is_yaml_with_commands_that_there_are(text: str) -> None:
    assert yaml_faults(text) == []
    assert [fault for command in runs(text) for fault in no_command(command)] == []
    assert unpinned(text) == []


def test_the_audit_of_the_workflow_writes_what_its_steps_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (command,) = [command for command in runs(WORKFLOW) if command.startswith("leanmirror ")]
    arguments = [word.replace(SUMMARY, "../summary.md") for word in shlex.split(command)[1:]]
    monkeypatch.chdir(mini_lean.write(tmp_path / "checkout"))
    for name, value in (("SERVER_URL", "https://forge"), ("REPOSITORY", "o/r"), ("SHA", "1" * 40)):
        monkeypatch.setenv(f"GITHUB_{name}", value)
    # Without numbers: the small library has none of the definitions.
    result = CliRunner().invoke(main, [*arguments, "--no-values"])
    assert result.exit_code == 1, result.output
    commands = read(result.stdout)
    assert {kind for kind, _, _ in commands} >= {"error", "notice"}
    assert result.stderr.splitlines() == [commands[-1][2].partition(";")[0]]
    assert "](https://forge/o/r/blob/" + "1" * 40 + "/NN/" in Path("../summary.md").read_text("utf-8")
    (uploaded,) = re.findall(r"sarif_file: (.+)", WORKFLOW)
    log = json.loads(Path(uploaded).read_text("utf-8"))
    assert no_sarif(log, "log") == []
    assert str(tmp_path) not in json.dumps(log)
