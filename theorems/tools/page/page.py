"""The whole page: from the reports to its view model, and from that to HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from lean_refs import load_pin
from theorems.engine.evidence.verdicts import Verdict
from theorems.engine.families import Family
from theorems.engine.registry import theorems
from theorems.tools.hypotheses.labels import Label
from theorems.tools.page.audits import AuditView, audit_view, ledger
from theorems.tools.page.benches import BenchView, bench_view
from theorems.tools.page.block import BlockEntry, entries
from theorems.tools.page.conforms import ConformView, conform_view
from theorems.tools.page.declarations import NOT_RUN_YET, Basis, DeclarationView, audited, declared, pinned
from theorems.tools.page.documents import KINDS, ReportFile, Reports, one_of
from theorems.tools.page.graph_views import SHADES, GraphView, of_block, of_declarations
from theorems.tools.page.mutations import MutantsView, by_theorem, faults_by_theorem, mutants_view
from theorems.tools.page.statements import Reported, TheoremView, statement
from theorems.tools.reports.outcomes import ERROR

T = TypeVar("T")
PASSING = ("equal", "enclosed")
STATUSES = (*Verdict, ERROR)


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One kind of report: the files that were read, when they were written, and the command that writes one."""

    kind: str
    files: tuple[tuple[str, str], ...]
    command: str


@dataclass(frozen=True, slots=True)
class CheckView:
    """The run as a whole: how many hold, verdicts, counts, what was assumed and shared."""

    holding: int
    of: int
    verdicts: tuple[tuple[str, int], ...]
    tried: int
    accepted: int
    empty: int
    profile: str
    seed: int
    versions: Mapping[str, str]
    shared: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class LabelsView:
    """The hypotheses as a whole: how many have which label."""

    total: int
    labels: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class PageView:
    """Everything on the page."""

    revision: str
    sources: tuple[SourceRow, ...]
    others: tuple[str, ...]
    unusable: tuple[str, ...]
    check: CheckView | None
    labels: LabelsView | None
    mutants: MutantsView | None
    audit: AuditView | None
    benches: tuple[BenchView, ...]
    conforms: tuple[ConformView, ...]
    declarations: tuple[DeclarationView, ...]
    groups: tuple[tuple[str, tuple[TheoremView, ...]], ...]
    graph: GraphView
    block: GraphView
    entries: tuple[BlockEntry, ...]

    @property
    def shorts(self) -> dict[str, str]:
        """The last name of every declaration, by the full one."""
        return {d.name: d.short for d in self.declarations}

    @property
    def verdicts(self) -> list[tuple[str, int]]:
        """How many theorems ended how."""
        return Counter(d.verdict for d in self.declarations if d.is_theorem).most_common()

    @property
    def bases(self) -> list[tuple[Basis, str, int]]:
        """How many definitions are known to be Lean's in which way, with the class of its colour."""
        counts = Counter(d.basis for d in self.declarations if not d.is_theorem)
        return [(basis, SHADES[basis], counts[basis]) for basis in Basis if counts[basis]]


def page_view(reports: Reports, folder: Path) -> PageView:
    """The view model of a page that will stand in a folder; raises `UnusableReport` for a damaged report."""
    audit, check = reports.only("audit"), reports.only("check")
    labels, mutants = reports.only("hypotheses"), reports.only("mutants")
    views: dict[str, Any] = {
        "check": _made(check, check_view),
        "labels": _made(labels, labels_view),
        "mutants": _made(mutants, mutants_view),
        "audit": _made(audit, audit_view),
        "benches": tuple(_view(report, bench_view) for report in reports.of("bench")),
        "conforms": tuple(_view(report, conform_view) for report in reports.of("conform")),
    }
    known = Reported(
        _made(check, lambda data: {t["theorem"]: t for t in data["theorems"]}) or {},
        _made(labels, _labels) or {},
        _made(reports.only("faults"), faults_by_theorem) or {},
        _made(mutants, by_theorem) or {},
        _made(audit, ledger) or ledger(None),
    )
    statuses = {name: str(entry["status"]) for name, entry in known.checked.items()}
    found = declared(statuses, _made(audit, audited) or pinned(), folder)
    block = entries()
    return PageView(
        **views,
        revision=load_pin().revision,
        sources=tuple(_source(kind, reports) for kind in KINDS),
        others=tuple(map(str, reports.others)),
        unusable=reports.unusable,
        declarations=tuple(found.values()),
        groups=_grouped(found, known, reports),
        graph=of_declarations(found),
        block=of_block(block),
        entries=tuple(block),
    )


def _made(report: ReportFile | None, make: Callable[[Any], T]) -> T | None:
    return _view(report, make) if report else None


def _view(report: ReportFile, make: Callable[[Any], T]) -> T:
    with report.reading():
        return make(report.data)


def _source(kind: str, reports: Reports) -> SourceRow:
    files = tuple((str(report.path), _written(report.path)) for report in reports.of(kind))
    return SourceRow(kind, files, KINDS[kind][1])


def _written(path: Path) -> str:
    """When a file was written; nothing for a run that left none."""
    if not path.is_file():
        return ""
    return datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).strftime("%Y-%m-%d %H:%M UTC")


def check_view(data: Mapping[str, Any]) -> CheckView:
    """The view of a run."""
    entries = data["theorems"]
    verdicts = Counter(one_of(STATUSES, e["status"], f"the status of {e['theorem']}") for e in entries)
    tried, accepted, empty = (sum(e.get(count, 0) for e in entries) for count in ("tried", "accepted", "empty"))
    return CheckView(
        sum(bool(e.get("passed")) for e in entries), len(entries), tuple(verdicts.most_common()), tried, accepted,
        empty, data["profile"], data["seed"], data["versions"], tuple(data["shared"]),
    )  # fmt: skip


def labels_view(data: Mapping[str, Any]) -> LabelsView:
    """The view of the hypotheses' labels."""
    for e in data["labels"]:
        one_of(Label, e["label"], f"the label of {', '.join(e['hypotheses'])} of {e['theorem']}")
    counts = Counter(e["label"] for e in data["labels"] if not e["in the types"] for _ in e["hypotheses"])
    return LabelsView(counts.total(), tuple(counts.most_common()))


def _labels(data: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for entry in data["labels"]:
        found.setdefault(entry["theorem"], []).append(entry)
    return found


def _grouped(
    found: Mapping[str, DeclarationView], known: Reported, reports: Reports
) -> tuple[tuple[str, tuple[TheoremView, ...]], ...]:
    """The theorems by family, those that fail first."""
    run = theorems()
    groups: dict[str, list[TheoremView]] = {str(family): [] for family in Family}
    damaged = [report for kind in ("check", "hypotheses") for report in reports.of(kind)]
    for d in (d for d in found.values() if d.is_theorem):
        family = str(run[d.name].family) if d.name in run else "not run"
        groups.setdefault(family, []).append(_statement(d, known, damaged))
    for group in groups.values():
        group.sort(key=lambda s: (s.declared.verdict in (*PASSING, NOT_RUN_YET), s.declared.short.casefold()))
    return tuple((family, tuple(group)) for family, group in groups.items() if group)


def _statement(d: DeclarationView, known: Reported, reports: list[ReportFile]) -> TheoremView:
    """A theorem's statement; what is damaged is said to be in the first of the reports that it is made of."""
    with reports[0].reading() if reports else nullcontext():
        return statement(d, known)
