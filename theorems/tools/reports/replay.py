"""A failure as a file, and the instance in it again."""

from __future__ import annotations

import inspect
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from lean_refs.names import did_you_mean
from theorems.engine.case import Case
from theorems.engine.checking import RAISED, Report, assess
from theorems.engine.codec import MalformedInstance, decode, encode
from theorems.engine.evidence.verdicts import Judgement, Verdict
from theorems.engine.registry import theorems
from theorems.engine.theorem import Theorem
from theorems.tools.output.files import write_whole
from theorems.tools.reports.versions import versions

FORMAT = "leanmirror replay 1"
PASSING = [str(verdict) for verdict in Verdict if verdict.passes]


class UnusableReplay(ValueError):
    """A file that cannot be replayed: unreadable, foreign, or with an instance that is none."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One recorded instance: its theorem, how it ended, and what the run was; as a rule it is a failure.

    `without` names hypotheses that the theorem here does not have: the instance shows what it says without them.
    """

    theorem: Theorem
    case: Case
    verdict: str
    raised: bool
    seed: int
    versions: dict[str, str]
    without: tuple[str, ...] = ()

    def shows(self, judgement: Judgement) -> bool:
        """Whether it ends as it should: it passes, or without some hypotheses as it did when it was recorded."""
        return judgement.verdict.passes == (not self.without or self.verdict in PASSING)

    def changed_versions(self) -> list[str]:
        """`name recorded -> now` for each version that is another one now."""
        now = versions()
        return [f"{n} {v} -> {now.get(n, 'none')}" for n, v in self.versions.items() if now.get(n) != v]

    def replay(self) -> Judgement:
        """Judge the conclusion for the recorded instance.

        Raises `UnusableReplay` for an instance whose parts do not fit, or that fails a hypothesis.
        """
        failed, judgement = assess(self.theorem, self.case)
        if judgement is None:
            raise UnusableReplay(f"the instance fails {', '.join(failed)}, so the theorem says nothing about it")
        raised = judgement.mismatch is not None and judgement.mismatch.claim == RAISED
        if raised and not self.raised and judgement.mismatch:
            raise UnusableReplay(f"the instance does not fit {self.theorem.name}: {judgement.mismatch.left}")
        return judgement

    def require_graph(self) -> None:
        """Raises `UnusableReplay` for a theorem without a graph in which a node could be looked for."""
        if self.theorem.runs is None:
            raise UnusableReplay(
                f"{self.theorem.name} is about no graph, so there is no node to locate: leave out --locate"
            )


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


def write_failure(report: Report, folder: Path) -> Path:
    """Write the failure to `<folder>/<theorem>.json`; raises `CannotWrite` where that cannot be written."""
    path = folder / f"{report.theorem}.json"
    write_whole(path, json.dumps(failure_data(report), ensure_ascii=False, indent=1) + "\n")
    return path


def read_failure(path: Path) -> Recording:
    """The recording in a file; raises `UnusableReplay`, in one line, where it is not one."""
    try:
        return _recording(_load(path))
    except (UnusableReplay, MalformedInstance) as why:
        raise UnusableReplay(f"cannot replay {path}: {why}") from why


def _load(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as why:
        raise UnusableReplay(why.strerror or str(why)) from why
    except (ValueError, RecursionError) as why:
        raise UnusableReplay(f"it is not JSON ({why})") from why
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise UnusableReplay(f"it is not a replay file (no format {FORMAT!r} in it)")
    return data


def _recording(data: dict[str, Any]) -> Recording:
    mismatch, recorded = data.get("mismatch") or {}, data.get("versions")
    if not isinstance(recorded, dict) or not isinstance(mismatch, dict) or not isinstance(data.get("seed"), int):
        raise UnusableReplay("its versions, mismatch or seed is missing or malformed")
    theorem, dropped = _theorem(str(data.get("theorem"))), data.get("without", [])
    return Recording(
        theorem=_without(theorem, dropped),
        case=_case(theorem, data.get("instance")),
        verdict=str(data.get("verdict")),
        raised=mismatch.get("claim") == RAISED,
        seed=data["seed"],
        versions={str(name): str(v) for name, v in recorded.items()},
        without=tuple(dropped),
    )


def _without(theorem: Theorem, names: Any) -> Theorem:
    """The theorem without the hypotheses of those names."""
    stated = {h.name: h for h in theorem.hypotheses}
    if not isinstance(names, list) or any(name not in stated for name in names):
        raise UnusableReplay(f"it is to be without {names}, and the hypotheses of {theorem.name} are {list(stated)}")
    return replace(theorem, hypotheses=tuple(h for name, h in stated.items() if name not in names))


def _theorem(name: str) -> Theorem:
    everything = theorems()
    if name not in everything:
        raise UnusableReplay(f"no theorem is called {name}{did_you_mean(name, everything)}")
    return everything[name]


def _case(theorem: Theorem, instance: Any) -> Case:
    case = decode(instance)
    if not isinstance(case, dict):
        raise UnusableReplay("it holds no instance")
    readers = (theorem.conclusion, *(h.holds for h in theorem.hypotheses), *filter(None, (theorem.runs,)))
    wanted = {p.name for r in readers for p in inspect.signature(r).parameters.values() if p.default is p.empty} - {
        "ar"
    }
    if lacking := sorted(wanted - case.keys()):
        raise UnusableReplay(f"the instance lacks {', '.join(lacking)}")
    return case
