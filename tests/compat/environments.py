"""Fresh virtual environments, and what is installed into them."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.source import HOMES, ROOT

# Plugins that many suites have, by the name under which pytest knows each of them.
PLUGINS = {
    "asyncio": "pytest-asyncio",
    "randomly": "pytest-randomly",
    "rerunfailures": "pytest-rerunfailures",
    "timeout": "pytest-timeout",
    "xdist": "pytest-xdist",
}
LIMIT = 900  # seconds for one program; then it is stopped
STOPPED = 124  # the exit code of a program that was stopped, as timeout(1) has it
OURS = ("lean_refs", "mirror", "pytest_leanmirror", "theorems")


def constraints(lock: str) -> str:
    """The names and versions of a lock without its hashes, as pip takes them for constraints."""
    return "\n".join(re.findall(r"^[a-z0-9][^\s=]*==[^\\\n]*?(?= *\\?$)", lock, re.MULTILINE)) + "\n"


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment by its folder."""

    folder: Path

    @classmethod
    def make(cls, folder: Path) -> Environment:
        """An empty one, with the Python that runs this."""
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        return cls(folder)

    def program(self, name: str) -> Path:
        """An executable of the environment."""
        return self.folder / ("Scripts" if os.name == "nt" else "bin") / name

    def run(self, name: str, arguments: Sequence[str], folder: Path, **variables: str) -> tuple[int, str, str]:
        """Exit code, output and errors of a program in a folder, with nothing of ours in its variables but these."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "PYTHON", "COVERAGE"))}
        command = [self.program(name), *arguments]
        try:
            done = subprocess.run(
                command, cwd=folder, env=kept | variables, capture_output=True, text=True, timeout=LIMIT
            )
        except subprocess.TimeoutExpired:
            return STOPPED, "", f"stopped after {LIMIT} seconds"
        return done.returncode, done.stdout, done.stderr

    def pip(self, *arguments: str | Path) -> None:
        """Run pip quietly; raises `CalledProcessError` where it fails, after it has said why."""
        subprocess.run([self.program("python"), "-m", "pip", "-qq", *arguments], check=True)

    def packages(self) -> Path:
        """Where it installs packages."""
        places = {"base": str(self.folder), "platbase": str(self.folder)}
        return Path(sysconfig.get_path("purelib", "venv", places))

    def fingerprint(self) -> str:
        """A hash of our packages as they are installed: nothing that is run may change them."""
        files = sorted(p for name in OURS for p in (self.packages() / name).rglob("*") if p.is_file())
        kept = (p for p in files if p.suffix != ".pyc")
        return hashlib.sha256(b"".join(str(p).encode() + p.read_bytes() for p in kept)).hexdigest()


def build_wheel(folder: Path) -> Path:
    """Build the wheel of this checkout into an empty folder."""
    for old in folder.glob("*.whl"):
        old.unlink()
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    (wheel,) = folder.glob("*.whl")
    return wheel


def search_path() -> str:
    """What PYTHONPATH is for a checkout that is not installed."""
    return os.pathsep.join(map(str, [ROOT, *(ROOT / home for home in HOMES.values())]))
