"""A suite with and without leanmirror: the same tests end the same, and the table has its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.compat.environments import PLUGINS, Environment
from tests.compat.projects import OWN, WITH, Project

OPTIONS = {"randomly": ["-p", "randomly", "--randomly-seed=1"], "xdist": ["-n", "2"]}
_ROW = re.compile(r"^(?:theorem|definition) +(\S+) .* (\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Run:
    """How a run of pytest ended: exit code, outcome by test, verdict by Lean name, and what it printed."""

    code: int
    outcomes: Mapping[str, str]
    rows: Mapping[str, str]
    said: str


def run(environment: Environment, folder: Path, options: Iterable[str] = (), path: str = "") -> Run:
    """Run the suite in a folder; `path` is PYTHONPATH."""
    report = folder / "junit.xml"
    report.unlink(missing_ok=True)  # a run that dies at once must not be read from the report of the one before
    arguments = ["-m", "pytest", "-v", "--junitxml=junit.xml", *options]
    code, output, errors = environment.run("python", arguments, folder, PYTHONPATH=path)
    outcomes = dict(_outcomes(report.read_text("utf-8"))) if report.exists() else {}
    return Run(code, outcomes, {name: verdict for verdict, name in _ROW.findall(output)}, output + errors)


def _outcomes(junit: str) -> Iterator[tuple[str, str]]:
    for case in ET.fromstring(junit).iter("testcase"):
        ended = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
        yield f"{case.get('classname')}::{case.get('name')}", ended[0] if ended else "passed"


def without_others(names: Iterable[str]) -> list[str]:
    """Options that leave only these of the plugins."""
    return [part for plugin in PLUGINS if plugin not in names for part in ("-p", f"no:{plugin}")]


def trials() -> Iterator[tuple[str, Project, list[str]]]:
    """Each trial: its name, the project, the options; no plugin, each of them, all of them."""
    yield "no other plugin", OWN, without_others([])
    for plugin, tests in WITH.items():
        yield PLUGINS[plugin], OWN | tests, [*without_others([plugin]), *OPTIONS.get(plugin, [])]
    everything = OWN
    for tests in WITH.values():
        everything |= tests
    yield "all of them", everything, [option for options in OPTIONS.values() for option in options]


def differences(bare: Run | None, ours: Run, rows: Mapping[str, str]) -> list[str]:
    """What leanmirror changed of a suite, and what its table lacks or has too much; `bare` is the run without it."""
    found = []
    if bare is not None:
        if bare.code != ours.code:
            found.append(f"exit code {bare.code} without leanmirror, {ours.code} with it")
        if not bare.outcomes:
            found.append("no test ran without leanmirror")
        found += _changed(bare.outcomes, ours.outcomes, "without leanmirror", "with it")
    elif ours.code:
        found.append(f"exit code {ours.code}")
    return [*found, *_changed(rows, ours.rows, "expected in the table", "there")]


def _changed(before: Mapping[str, str], after: Mapping[str, str], one: str, other: str) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name, "nothing"), after.get(name, "nothing")
        if was != now:
            yield f"{name}: {was} {one}, {now} {other}"
