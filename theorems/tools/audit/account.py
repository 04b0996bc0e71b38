"""What an audit found, for whoever writes it down: by declaration, by what was not checked, and in one line."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress

from lean_refs.pin import SourceReading
from lean_refs.reader.revision import UNKNOWN_WHY
from theorems.tools.audit.findings import AuditVerdict, Finding, Section
from theorems.tools.audit.material import Material
from theorems.tools.audit.places import located

BAD = (AuditVerdict.FAILS, AuditVerdict.ERROR)
# What a reader has to look at, the gravest first.
TO_READ = (*BAD, AuditVerdict.CHANGED)
GRAVITY = (*TO_READ, AuditVerdict.HOLDS, AuditVerdict.NOTE, AuditVerdict.NOT_CHECKED)
# The section that says of each theorem what its statement does not give.
LEDGER = "ledger"


@dataclass(frozen=True, slots=True)
class Told:
    """A finding, and the title of the section that it stands in."""

    title: str
    finding: Finding

    def lines(self) -> list[str]:
        """What it says, then what was there before and what is there now, as far as it does not say so itself."""
        finding = self.finding
        changes = [("before", finding.before), ("now", finding.now)]
        told = [f"  {when}: {text}" for when, text in changes if text and text not in finding.basis]
        return [f"{self.title}: {finding.basis}", *told]


@dataclass(frozen=True, slots=True)
class Affected:
    """What was found about one declaration, or about a file; its verdict is the gravest."""

    name: str
    told: tuple[Told, ...]

    @property
    def verdict(self) -> AuditVerdict:
        """The gravest verdict; `NOT_CHECKED` where nothing was found."""
        found = {told.finding.verdict for told in self.told}
        return next((verdict for verdict in GRAVITY if verdict in found), AuditVerdict.NOT_CHECKED)

    @property
    def place(self) -> tuple[str, int]:
        """File and line, as far as a finding knows them; `("", 0)` where none does."""
        places = [(told.finding.file, told.finding.line) for told in self.told if told.finding.file]
        return next((place for place in places if place[1]), places[0] if places else ("", 0))

    def only(self, *verdicts: AuditVerdict) -> Affected:
        """The same without the findings of other verdicts."""
        return Affected(self.name, tuple(told for told in self.told if told.finding.verdict in verdicts))


@dataclass(frozen=True, slots=True)
class Unchecked:
    """What a section did not check for one reason: of `number` of its `total` findings, about these names."""

    title: str
    basis: str
    names: tuple[str, ...]
    total: int

    @property
    def whole(self) -> bool:
        """Whether the section checked nothing at all, or it is one that speaks of itself."""
        return len(self.names) == self.total or self.names == (self.title,)


@dataclass(frozen=True)
class Account:
    """An audit: what stands for Lean, the sections, and the declarations that were asked for; without any, all are.

    `pin`, `source` and `against` are revisions, None where there was none. `block` are the declarations of the
    decoder-block module, which is the file `module`.
    """

    basis: str
    pin: str
    sections: tuple[Section, ...]
    source: str | None = None
    against: str | None = None
    asked: tuple[str, ...] = ()
    block: tuple[str, ...] = ()
    module: str = ""

    @cached_property
    def _by_name(self) -> dict[str, list[Told]]:
        found: dict[str, list[Told]] = defaultdict(list)
        for section in self.sections:
            for finding in section.findings:
                found[finding.name].append(Told(section.title, finding))
        return found

    def about(self, name: str) -> Affected:
        """Everything about one name."""
        return Affected(name, tuple(self._by_name.get(name, ())))

    @property
    def names(self) -> list[str]:
        """Every name that something was found about."""
        return list(self._by_name)

    def to_read(self) -> list[Affected]:
        """What fails or changed, by declaration: the gravest first, of what is as grave the block first."""
        found = [self.about(name) for name in self._by_name]
        affected = [one.only(*TO_READ) for one in found if one.verdict in TO_READ]
        return sorted(affected, key=lambda one: (GRAVITY.index(one.verdict), not self._of_block(one)))

    def _of_block(self, one: Affected) -> bool:
        return bool(self.module) and one.place[0] == self.module

    @property
    def ledger(self) -> Section | None:
        """The section that says what each theorem leaves open."""
        return next((section for section in self.sections if section.title == LEDGER), None)

    def unchecked(self) -> Iterator[Unchecked]:
        """What was not checked, by section and reason, the most frequent reason first."""
        for section in self.sections:
            names: dict[str, list[str]] = defaultdict(list)
            for finding in section.findings:
                if finding.verdict is AuditVerdict.NOT_CHECKED:
                    names[finding.basis].append(finding.name)
            for basis, several in sorted(names.items(), key=lambda item: -len(item[1])):
                yield Unchecked(section.title, basis, tuple(several), len(section.findings))

    def verdict(self) -> str:
        """How the audit ended, in one line."""
        ends = Counter(one.verdict for one in self.to_read())
        fails, failed, changed = (ends[verdict] for verdict in TO_READ)
        parts = [f"{fails} declarations or files fail" if fails > 1 else "1 declaration or file fails"] if fails else []
        parts += [f"leanmirror itself failed on {failed}: this is no verdict"] if failed else []
        parts = parts or ["everything that was checked holds"]
        parts += [f"{changed} changed and hold" if changed > 1 else "1 changed and holds"] if changed else []
        return ", ".join(parts)


def account_of(sections: Sequence[Section], material: Material, asked: Sequence[str] = ()) -> Account:
    """What the sections say of the material, each finding with its place; of what was asked for alone, where any was.

    Then a failure of what is no declaration (an unreadable file, a counterpart of nothing, Lean itself) concerns all
    names, another finding about a file those in that file.
    """
    found = located(sections, material)
    source, against = (_revision(reading) for reading in (material.source, material.against))
    return Account(
        basis=f"Lean: {material.basis}{_compared(source, against, material)}",
        pin=material.pin["revision"],
        sections=tuple(_narrowed(found, material, frozenset(asked)) if asked else found),
        source=source,
        against=against,
        asked=tuple(asked),
        block=tuple(sorted(material.module)),
        module=material.scope.seed_module,
    )


def _narrowed(sections: Sequence[Section], material: Material, asked: frozenset[str]) -> Iterator[Section]:
    everywhere = {*BAD, AuditVerdict.NOT_CHECKED}
    files = {f.file for section in sections for f in section.findings if f.name in asked and f.file}
    files |= {material.before[name].file for name in asked if name in material.before}  # where it was
    for section in sections:
        kept = (
            f.name in asked or (f.name not in material.names and (f.verdict in everywhere or f.file in files))
            for f in section.findings
        )
        yield replace(section, findings=tuple(compress(section.findings, kept)))


def _revision(source: SourceReading | None) -> str | None:
    return (source.reading.revision or "unknown") if source else None


def _compared(source: str | None, against: str | None, material: Material) -> str:
    if source is None:
        return ""
    pin = f" at revision {source}, pin {material.pin['revision'][:7]}"
    compared = pin if against is None else f", from revision {against} to {source}"
    return f"{compared}; where the revision is unknown: {UNKNOWN_WHY}" if "unknown" in (source, against) else compared
