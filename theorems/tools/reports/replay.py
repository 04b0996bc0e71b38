"""A failure as a file, and the instance in it again."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from lean_refs.names import did_you_mean, shown
from theorems.engine.assessing import assess
from theorems.engine.case import Case
from theorems.engine.codec import MalformedInstance, decode, encode
from theorems.engine.evidence.verdicts import Judgement, Verdict
from theorems.engine.registry import theorems
from theorems.engine.report import Report
from theorems.engine.theorem import Theorem
from theorems.tools.output.files import write_whole
from theorems.tools.reports.replay_fields import UnusableReplay, require_fields, require_values
from theorems.tools.reports.versions import versions

KIND = "leanmirror replay "
FORMAT = KIND + "2"
PASSING = [str(verdict) for verdict in Verdict if verdict.passes]


@dataclass(frozen=True, slots=True)
class Recording:
    """One recorded instance: its theorem, how it ended, and what the run was; as a rule it is a failure.

    `without` names hypotheses that the theorem here does not have: the instance shows what it says without them.
    """

    theorem: Theorem
    case: Case
    verdict: str
    seed: int
    versions: dict[str, str]
    without: tuple[str, ...] = ()

    def shows(self, judgement: Judgement) -> bool:
        """Whether it ends as it should: it passes, or without some hypotheses as it did when it was recorded."""
        if not self.without or self.verdict in PASSING:
            return judgement.verdict.passes
        return judgement.verdict == self.verdict

    def changed_versions(self) -> list[str]:
        """`name recorded -> now` for each version that is another one now."""
        now = versions()
        return [f"{n} {v} -> {now.get(n, 'none')}" for n, v in self.versions.items() if now.get(n) != v]

    def replay(self) -> Judgement:
        """Judge the recorded instance.

        Raises `UnusableReplay` for an instance whose parts do not fit, for which nothing is compared, or that fails
        a hypothesis without having been recorded for it.
        """
        try:
            judgement = assess(self.theorem, self.case)
        except Exception as error:
            raise UnusableReplay(self._does_not_fit(f"{type(error).__name__}: {error}")) from error
        mismatch, new = judgement.mismatch, judgement.verdict != self.verdict
        if new and judgement.verdict is Verdict.RAISED and mismatch:
            raise UnusableReplay(self._does_not_fit(mismatch.left))
        if new and judgement.verdict is Verdict.UNSATISFIED and mismatch:
            raise UnusableReplay(f"the instance fails the {mismatch.claim}, so the theorem says nothing about it")
        if judgement.empty:
            raise UnusableReplay(f"nothing is compared for the instance: {self.theorem.name} says nothing about it")
        return judgement

    def require_graph(self) -> None:
        """Raises `UnusableReplay` for a theorem without a graph in which a node could be looked for."""
        if self.theorem.runs is None:
            raise UnusableReplay(
                f"{self.theorem.name} is about no graph, so there is no node to locate: leave out --locate"
            )

    def _does_not_fit(self, why: str) -> str:
        return f"the instance does not fit {self.theorem.name}: {' '.join(why.split())}"


def failure_data(report: Report) -> dict[str, Any]:
    """The failure of a report as plain JSON data that `read` takes back; raises `ValueError` where it has none."""
    if report.failure is None:
        raise ValueError(f"{report.theorem} has no failure to record")
    judgement = report.failure.judgement
    return {
        "format": FORMAT,
        "theorem": report.theorem,
        "verdict": str(judgement.verdict),
        "mismatch": asdict(judgement.mismatch) if judgement.mismatch else None,
        "profile": report.profile,
        "seed": report.seed,
        "examples": report.examples,
        "versions": versions(),
        "instance": encode(dict(report.failure.case)),
    }


def failure_text(report: Report) -> str:
    """The failure of a report as the text of a replay file."""
    return json.dumps(failure_data(report), ensure_ascii=False, indent=1) + "\n"


def write_failure(report: Report, folder: Path) -> Path:
    """Write the failure to `<folder>/<theorem>.json`; raises `CannotWrite` where that cannot be written."""
    path = folder / f"{report.theorem}.json"
    write_whole(path, failure_text(report))
    return path


def read_failure(path: Path) -> Recording:
    """The recording in a file; raises `UnusableReplay`, in one line, where it is not one."""
    try:
        content = path.read_bytes()
    except OSError as why:
        raise UnusableReplay(f"cannot replay {path}: {why.strerror or why}") from why
    return recording(content, str(path))


def recording(content: bytes, name: str) -> Recording:
    """The recording that the text of a replay file holds; raises `UnusableReplay`, which says the name."""
    try:
        return _recording(_load(content))
    except (UnusableReplay, MalformedInstance) as why:
        raise UnusableReplay(f"cannot replay {name}: {why}") from why


def _load(content: bytes) -> dict[str, Any]:
    try:
        data = json.loads(content.decode("utf-8"), object_pairs_hook=_once_each)
    except UnusableReplay:
        raise
    except (ValueError, RecursionError) as why:
        raise UnusableReplay(f"it is not JSON ({why})") from why
    format = data.get("format") if isinstance(data, dict) else None
    if format != FORMAT:
        raise UnusableReplay(_another_format(format))
    return data


def _once_each(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names are all different: JSON's reader would keep the last of two and lose the other."""
    found = dict(members)
    if len(found) < len(members):
        names = [name for name, _ in members]
        twice = next(name for name in names if names.count(name) > 1)
        raise UnusableReplay(f"an object in it names {twice!r} more than once")
    return found


def _another_format(format: object) -> str:
    if not isinstance(format, str) or not format.startswith(KIND):
        return f"it is not a replay file (no format {FORMAT!r} in it)"
    return (
        f"another version of leanmirror wrote it, as {format!r}, and this one reads {FORMAT!r}: use that version, or "
        "run `leanmirror check` again with its theorem, profile and seed"
    )


def _recording(data: dict[str, Any]) -> Recording:
    require_fields(data)
    theorem = _theorem(data["theorem"])
    without = tuple(data.get("without", ()))
    return Recording(
        theorem=_without(theorem, without),
        case=_case(theorem, data["instance"]),
        verdict=data["verdict"],
        seed=data["seed"],
        versions=data["versions"],
        without=without,
    )


def _without(theorem: Theorem, names: tuple[str, ...]) -> Theorem:
    """The theorem without the hypotheses of those names."""
    stated = {h.name: h for h in theorem.hypotheses}
    if len({*names}) < len(names) or not {*names} <= {*stated}:
        there = f"the hypotheses of {theorem.name} are {list(stated)}"
        raise UnusableReplay(f"it is to be without {list(names)}, and {there}")
    return replace(theorem, hypotheses=tuple(h for name, h in stated.items() if name not in names))


def _theorem(name: str) -> Theorem:
    everything = theorems()
    if name not in everything:
        raise UnusableReplay(f"no theorem is called {shown(name)}{did_you_mean(name, everything)}")
    return everything[name]


def _case(theorem: Theorem, instance: Any) -> Case:
    case = decode(instance)
    if not isinstance(case, dict):
        raise UnusableReplay("it holds no instance")
    require_values(theorem, case)
    return case
