"""The JSON reports that the page is made of: each is known by what it says that it is, not by its name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from theorems.tools.reports import formats

# Every kind of report, in the order of the page; the formats that are read, and the command that writes one.
KINDS: dict[str, tuple[tuple[str, ...], str]] = {
    "check": ((formats.CHECK,), "leanmirror check --json report/check.json"),
    "hypotheses": ((formats.HYPOTHESES,), "leanmirror hypotheses --json > report/hypotheses.json"),
    "faults": ((formats.FAULTS,), "python -m tests.faults.listed report/faults.json"),
    "mutants": ((formats.MUTANTS,), "python -m tests.mutants"),
    "audit": ((formats.AUDIT,), "leanmirror audit --source DIR --json report/audit.json"),
    "bench": ((formats.BENCH, formats.BENCH_GPU), "leanmirror bench --json report/bench.json"),
    "conform": ((formats.CONFORM,), "leanmirror conform MODULE:FUNCTION --json report/conform.json"),
}
# Of these there may be several: of different machines, of different kernels.
SEVERAL = ("bench", "conform")
_OURS = "leanmirror "


ReportData = Mapping[str, Any]


class UnusableReport(ValueError):
    """Something that no page can be made of: no JSON, a report of another version, two of one kind, nothing at all."""

    def __init__(self, why: str, path: Path | None = None) -> None:
        super().__init__(why)
        self.path = path


class UnknownWord(ValueError):
    """A word in a report where only some words may stand."""


def one_of(words: Iterable[str], word: Any, what: str) -> str:
    """The word, where it is one of some; raises `UnknownWord` with what it says of what."""
    known = tuple(words)
    if word not in known:
        raise UnknownWord(f"{what} is {word!r}, expected {', '.join(known[:-1])} or {known[-1]}")
    return word


@dataclass(frozen=True, slots=True)
class ReportFile:
    """One report: its kind, the file that it was read from, and what that holds."""

    kind: str
    path: Path
    data: dict[str, Any]

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Raises `UnusableReport` in place of what it costs to read data that is not what its format says."""
        try:
            yield
        except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as why:
            named = "" if isinstance(why, UnknownWord) else f"{type(why).__name__}: "
            said = " ".join(f"{named}{why}".split())
            raise UnusableReport(
                f"{self.path} says that it is {self.data['format']!r}, and is damaged ({said}): {_again(self.kind)}",
                self.path,
            ) from why


@dataclass(frozen=True, slots=True)
class Reports:
    """What was found: the reports, the JSON files that are none of ours, and why others cannot be used."""

    found: tuple[ReportFile, ...]
    others: tuple[Path, ...] = ()
    unusable: tuple[str, ...] = ()

    def of(self, kind: str) -> list[ReportFile]:
        """The reports of a kind, by their path."""
        return [report for report in self.found if report.kind == kind]

    def only(self, kind: str) -> ReportFile | None:
        """The report of a kind of which there is one at most."""
        return next(iter(self.of(kind)), None)

    def without(self, unusable: UnusableReport) -> Reports:
        """The same without the report that turned out to be unusable."""
        found = tuple(report for report in self.found if report.path != unusable.path)
        return replace(self, found=found, unusable=(*self.unusable, str(unusable)))


def read_reports(places: Sequence[Path], otherwise: Sequence[Path] = ()) -> Reports:
    """The reports in folders, and in files that are named; of `otherwise` those of a kind that is not among them.

    Raises `UnusableReport`, in one line, for the first file that cannot be used, for two of one kind, and where there
    is no report at all.
    """
    reports = whatever_is_in(places, otherwise)
    for why in reports.unusable:
        raise UnusableReport(why)
    if not reports.found:
        named = ", ".join(map(str, places))
        raise UnusableReport(f"no report of leanmirror in {named}: `{KINDS['check'][1]}` writes one")
    return reports


def whatever_is_in(places: Sequence[Path], otherwise: Sequence[Path] = ()) -> Reports:
    """The same, where whatever cannot be used is left out and told."""
    reports = Reports(())
    try:
        for path in dict.fromkeys(path for place in places for path in _files(place)):
            reports = _with(reports, path)
    except UnusableReport as why:  # a place that is not there
        reports = replace(reports, unusable=(*reports.unusable, str(why)))
    kinds = {report.kind for report in reports.found}
    more = tuple(report for path in otherwise if (report := _read(path)) and report.kind not in kinds)
    return replace(reports, found=(*reports.found, *more))


def _with(reports: Reports, path: Path) -> Reports:
    """The reports and one file more."""
    try:
        report = _read(path)
        if report is None:
            return replace(reports, others=(*reports.others, path))
        _refuse_second(reports, report)
        return replace(reports, found=(*reports.found, report))
    except UnusableReport as why:
        return replace(reports, unusable=(*reports.unusable, str(why)))


def _refuse_second(reports: Reports, report: ReportFile) -> None:
    if report.kind not in SEVERAL and (first := reports.only(report.kind)):
        raise UnusableReport(
            f"{first.path} and {report.path} are both of leanmirror {report.kind}: the page shows one, leave one out"
        )


def _files(place: Path) -> list[Path]:
    if place.is_dir():
        return sorted(path for path in place.iterdir() if path.suffix == ".json" and path.is_file())
    if not place.exists():
        raise UnusableReport(f"{place} is not there: `{KINDS['check'][1]}` writes a report that a page can be made of")
    return [place]


def _read(path: Path) -> ReportFile | None:
    """The report in a file; None for JSON of somebody else."""
    data = _load(path)
    said = data.get("format") if isinstance(data, dict) else None
    kind = next((kind for kind, (known, _) in KINDS.items() if said in known), None)
    if kind is not None:
        return ReportFile(kind, path, data)
    if isinstance(said, str) and said.startswith(_OURS):
        _refuse_version(path, said)
    elif path.stem in KINDS:
        raise UnusableReport(f"{path} does not say what it is, so another version wrote it: {_again(path.stem)}")
    return None


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as why:
        raise UnusableReport(f"cannot read {path}: {why.strerror or why}") from why
    except (ValueError, RecursionError) as why:
        raise UnusableReport(f"{path} is no JSON: {' '.join(str(why).split())}") from why


def _refuse_version(path: Path, said: str) -> None:
    """Raises `UnusableReport` for a report whose format is known but for its version."""
    for kind, (known, _) in KINDS.items():
        for one in known:
            if said.rpartition(" ")[0] == one.rpartition(" ")[0]:
                raise UnusableReport(f"{path} is {said!r}, and this version reads {one!r}: {_again(kind)}")


def _again(kind: str) -> str:
    return f"run `{KINDS[kind][1]}` again, or leave the file out"
