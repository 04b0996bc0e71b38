"""`.ci/wheel.sh`: the tests meet what the wheel has, and nothing else of the packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.source import ROOT

pytestmark = pytest.mark.skipif(not (shutil.which("git") and shutil.which("tar")), reason="git or tar is not installed")

# An interpreter that "builds" a wheel of two modules, logs what pip and pytest are asked, and lists what pytest sees.
PYTHON = f"""#!/bin/sh
case "$*" in
    *"hatchling build"*) mkdir -p "$7" built/mirror built/pytest_leanmirror built/x.dist-info; cd built
        echo shipped >mirror/__init__.py; echo plugin >pytest_leanmirror/__init__.py; echo x >x.dist-info/METADATA
        exec "{sys.executable}" -m zipfile -c "../$7/x-1-py3-none-any.whl" mirror pytest_leanmirror x.dist-info;;
    *"pip install"*) echo "$*" >"$LOG/pip";;
    *"zipfile -e"*) exec "{sys.executable}" "$@";;
    *pytest*) echo "$*" >"$LOG/pytest"
        find . -type f | sort >"$LOG/seen"; cat mirror/__init__.py >"$LOG/mirror"; exit 3;;
esac
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log of the script in a repository with a module that the wheel lacks, a test, and a file that git ignores."""
    clone, log = tmp_path / "a clone", tmp_path / "log"
    log.mkdir()
    files = {
        "mirror/__init__.py": "checkout",
        "mirror/forgotten.py": "checkout",
        "theorems/tools/plugin/pytest_leanmirror/__init__.py": "checkout",
        "tests/test_a.py": "",
        "ignored": "",
        ".gitignore": "ignored\nbuild\nbuilt\n",
        "build/wheel/tree/tests/test_stale.py": "from the run before",
    }
    for name, text in files.items():
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        (clone / name).write_text(text, encoding="utf-8")
    python = clone / "build" / "wheel" / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(PYTHON, encoding="utf-8")
    python.chmod(0o755)
    subprocess.run(["git", "init", "--quiet"], cwd=clone, check=True)
    command = ["sh", str(ROOT / ".ci" / "wheel.sh"), "build/wheel", "2", "-k", "a name"]
    done = subprocess.run(command, cwd=clone, env={**os.environ, "LOG": str(log)}, check=False, timeout=60)
    assert done.returncode == 3
    return log


def test_what_the_wheel_lacks_the_tests_lack(log: Path) -> None:
    assert (log / "seen").read_text(encoding="utf-8").split() == [
        "./.gitignore",
        "./mirror/__init__.py",
        "./tests/test_a.py",
        "./theorems/tools/plugin/pytest_leanmirror/__init__.py",
    ]
    assert (log / "mirror").read_text(encoding="utf-8") == "shipped\n"


def test_the_wheel_replaces_the_checkout_in_the_environment(log: Path) -> None:
    asked = (log / "pip").read_text(encoding="utf-8")
    assert "--no-deps --force-reinstall build/wheel/dist/x-1-py3-none-any.whl" in asked
    assert (log / "pytest").read_text(encoding="utf-8") == "-m pytest -n 2 -k a name\n"
