"""`python -m tests.compat`: the trials and their table; 1 where anything differs, 2 where a trial cannot be made."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.compat import checker, commands
from tests.compat.environments import PLUGINS, Environment, build_wheel, constraints, search_path
from tests.compat.projects import OWN, USER, Project
from tests.compat.suites import differences, run, trials, without_others
from tests.source import ROOT

Found = tuple[str, list[str]]  # a trial, and what is wrong in it


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.compat", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("build", "compat"), help="where all of it is put")
    parser.add_argument("--wheel", type=Path, help="the wheel to try, instead of the one of this checkout")
    options = parser.parse_args(arguments)
    folder = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        bare, ours = environments(folder, options.wheel or build_wheel(folder))
        found = [_told(trial) for trial in _all(bare, ours, folder)]
    except subprocess.CalledProcessError as why:
        print(f"compat: {' '.join(map(str, why.cmd))} ended with {why.returncode}", file=sys.stderr)
        return 2
    wrong = sum(bool(faults) for _, faults in found)
    print(f"{len(found) - wrong} of {len(found)} trials are as they should be")
    return 1 if wrong else 0


def environments(folder: Path, wheel: Path) -> tuple[Environment, Environment]:
    """One without leanmirror and one with it, with the same plugins; versions are the lock's where it has them."""
    (folder / "constraints.txt").write_text(constraints((ROOT / "requirements.lock").read_text("utf-8")))
    base = ["install", "-c", folder / "constraints.txt", "hypothesis", "pytest", *PLUGINS.values()]
    bare, ours = (Environment.make(folder / name) for name in ("bare", "ours"))
    bare.pip(*base)
    ours.pip(*base, wheel)
    return bare, ours


def _all(bare: Environment, ours: Environment, folder: Path) -> Iterator[Found]:
    for name, project, options in trials():
        place = _written(project, folder / "projects" / name.replace(" ", "-"))
        yield f"suite: {name}", differences(run(bare, place, options), run(ours, place, options), project.rows)
    place = _written(USER, folder / "projects" / "user")
    yield "suite: uses leanmirror", differences(None, run(ours, place), USER.rows)
    yield "type checker", checker.faults(ours, _written(Project({}, {}, {}), folder / "projects" / "types"))
    yield from _commands(ours, folder)
    yield from _otherwise(bare, ours, folder)


def _commands(ours: Environment, folder: Path) -> Iterator[Found]:
    place = _written(OWN, folder / "projects" / "commands")
    before = ours.fingerprint()
    commands.prepare(ours, place)
    for step in commands.steps(os.environ.get("LEANMIRROR_SOURCE")):
        fault = commands.fault(ours, place, step)
        yield " ".join(("leanmirror", *step.arguments)), [fault] if fault else []
    yield "nothing was written into the package", [] if ours.fingerprint() == before else ["a file of ours changed"]


def _otherwise(bare: Environment, ours: Environment, folder: Path) -> Iterator[Found]:
    """The same suites where leanmirror is installed editable, and where it is a checkout on PYTHONPATH."""
    place = _written(OWN, folder / "projects" / "otherwise")
    user = _written(USER, folder / "projects" / "user")
    alone = without_others([])
    without = run(bare, place, alone)
    ours.pip("install", "--no-deps", "--force-reinstall", "--editable", ROOT)
    yield "suite: editable", differences(without, run(ours, place, alone), OWN.rows)
    yield "suite: editable, uses leanmirror", differences(None, run(ours, user), USER.rows)
    ours.pip("uninstall", "-y", "leanmirror")
    alone, path = [*alone, "-p", "pytest_leanmirror"], search_path()
    yield "suite: on PYTHONPATH", differences(without, run(ours, place, alone, path), OWN.rows)
    yield "suite: on PYTHONPATH, uses leanmirror", differences(None, run(ours, user, alone, path), USER.rows)


def _written(project: Project, place: Path) -> Path:
    shutil.rmtree(place, ignore_errors=True)
    return project.write(place)


def _told(trial: Found) -> Found:
    """Print a trial as soon as it has ended."""
    name, faults = trial
    print(f"{'DIFFERS' if faults else 'ok':8}{name}", *(f"\n          {fault}" for fault in faults), flush=True)
    return trial


if __name__ == "__main__":
    sys.exit(main())
