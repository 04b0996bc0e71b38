"""What people wrote of theorems, clause by clause: held against the computed lines and the names that Lean has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lean_refs.fingerprint import Fingerprint
from lean_refs.ledger.line import LedgerKind, LedgerLine
from theorems.engine.registry import theorems
from theorems.tools.audit.binders import lean_binders
from theorems.tools.audit.findings import Finding, fails, note
from theorems.tools.audit.material import Material
from theorems.tools.audit.reasons import by_definition

_FIXED = re.compile(r"(?P<names>.+?) (?:is|are) fixed$")
_HERE = re.compile(r"(?P<names>.+?) (?:is|are) (?:ℝ\^k|ℚ) here$")
_SEES = re.compile(r"(?P<name>\w+) sees the core's (?P<number>\w+) entries, not (?P<point>\w+)$")
_SAME = re.compile(r"it is (?P<name>\w+)(?: with .+)?$")
_NOTHING = re.compile(r"nothing differentiates (?:it|them)$")
_OCCURS = re.compile(r"no (?P<words>.+?) occurs?(?: in it)?$")
_DEFINED = re.compile(r"its jvp and vjp are Lean's fderiv of its forward map and the adjoint of that")
# A word that is a name of Lean for certain: letters of two cases inside it, or an underscore.
_NAME = re.compile(r"\b(?=\w*[a-z₀-₉]\w*[A-Z_]|\w*_)\w{3,}")
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


@dataclass(frozen=True, slots=True)
class ClauseBasis:
    """What a clause is held against: binders, computed lines, all pinned names, and those below the statement."""

    name: str
    made: Fingerprint
    lines: Sequence[LedgerLine]
    names: frozenset[str]
    below: frozenset[str]

    @property
    def binders(self) -> set[str]:
        """The names of its binders."""
        return {binder.name for binder in lean_binders(self.made)}

    def says(self, kind: LedgerKind, subject: str = "") -> str:
        """The computed line of a kind, about one subject where there are several; '' where there is none."""
        return next((e.says for e in self.lines if e.kind is kind and (not subject or e.subject == subject)), "")


def written(material: Material, lines: Sequence[LedgerLine]) -> Iterator[Finding]:
    """Every clause that a person wrote of what a theorem does not cover, and of what makes parts of it true."""
    names = _names(material)
    said = [(t.name, "does not cover", clause) for t in theorems().values() for clause in _clauses(t.covers_not)]
    said += [(name, "true by definition", why) for name, why in by_definition().items()]
    for name, about, clause in said:
        if known := _known(name, material, lines, names):
            yield _judged(name, known, about, clause)
    for theorem in (name for name in theorems() if name in material.fingerprints):
        rested_on = sorted(material.rests_on([theorem]) & by_definition().keys())
        about = ((name, _known(name, material, lines, names)) for name in rested_on)
        yield from (
            _judged(theorem, known, f"rests on {name}", by_definition()[name]) for name, known in about if known
        )


def _known(name: str, material: Material, lines: Sequence[LedgerLine], names: frozenset[str]) -> ClauseBasis | None:
    made = material.fingerprints.get(name)
    if made is None:
        return None
    own = [line for line in lines if line.name == name]
    reached = [made, *(material.fingerprints[other] for other in material.rests_on([name]))]
    below = frozenset(
        other.rpartition(".")[2] for e in reached for other in (*e.named, *(e.named_in_body * (e is not made)))
    )
    return ClauseBasis(name, made, own, names, below)


def _clauses(text: str) -> list[str]:
    return re.split(r"; |: ", text) if text else []


def _names(material: Material) -> frozenset[str]:
    """The components of all pinned names, and the names of their binders."""
    binders = {b.name for made in material.fingerprints.values() for b in lean_binders(made)}
    return frozenset(binders | {part for made in material.fingerprints.values() for part in made.name.split(".")})


def _judged(name: str, known: ClauseBasis, about: str, clause: str) -> Finding:
    where = {"file": known.made.file, "line": known.made.line}
    wrong, basis = _checked(known, clause)
    if wrong:
        return fails(name, f"written by a person, no longer true: {about}: {clause} ({wrong})", **where)
    how = f"checked: {basis}" if basis else "not checked"
    return note(name, f"written by a person, {how}: {about}: {clause}", **where)


def _checked(known: ClauseBasis, clause: str) -> tuple[str, str]:
    """What is wrong with a clause, and what it was held against; neither where nothing here can tell."""
    for form, check in _FORMS:
        if found := form.search(clause):
            return check(known, found)
    lacking = [name for name in _NAME.findall(clause) if name not in known.names]
    if lacking:
        return f"Lean has no {', '.join(lacking)} in what is pinned", ""
    return "", "its names are Lean's" if _NAME.search(clause) else ""


def _fixed(known: ClauseBasis, found: re.Match[str]) -> tuple[str, str]:
    """`a, b and c are fixed`: each name is a binder, and a fixed one by the text."""
    computed = known.says(LedgerKind.FIXED).split(", ")
    named = [word for word in re.split(r",\s*(?:and\s+)?|\s+and\s+", found["names"]) if word.isidentifier()]
    wrong = [name for name in named if name not in computed]
    return (f"the text has {', '.join(wrong)} not among its fixed arguments" if wrong else ""), "the fixed arguments"


def _here(known: ClauseBasis, found: re.Match[str]) -> tuple[str, str]:
    """`E and F are ℝ^k here`: such binders are there."""
    named = re.split(r",\s*|\s+and\s+", found["names"].rpartition(" that ")[2])
    wrong = [name for name in named if name not in known.binders]
    return (f"it has no {', '.join(wrong)}" if wrong else ""), "its binders"


def _sees(known: ClauseBasis, found: re.Match[str]) -> tuple[str, str]:
    """`f sees the core's eight entries, not x`: what the text says that f sees."""
    computed = known.says(LedgerKind.SEES, found["name"])
    number = _NUMBERS.index(found["number"]) if found["number"] in _NUMBERS else found["number"]
    right = f"sees the {number} entries of" in computed and f"and not {found['point']}" in computed
    return ("" if right else f"the text says: {computed or 'nothing of the kind'}"), "what the map sees"


def _same(known: ClauseBasis, found: re.Match[str]) -> tuple[str, str]:
    """`it is other_theorem`: the same statement, or proved by it alone."""
    said = f"{known.says(LedgerKind.TWIN)} {known.says(LedgerKind.APPLIED)}"
    right = re.search(rf"\b{re.escape(found['name'])}\b", said)
    return ("" if right else f"the text says: {said.strip() or 'nothing of the kind'}"), "statement and proof"


def _nothing(known: ClauseBasis, _: re.Match[str]) -> tuple[str, str]:
    """`nothing differentiates them`: what the text differentiates in is said to be all."""
    right = known.says(LedgerKind.FIXED) and "in nothing else" in known.says(LedgerKind.DIFFERENTIATED)
    return ("" if right else "the text has no fixed arguments"), "what is differentiated"


def _occurs(known: ClauseBasis, found: re.Match[str]) -> tuple[str, str]:
    """`no attention and no mask occurs`: no definition below the statement is called so."""
    words = re.split(r",\s*|\s+(?:and|or)\s+(?:no\s+)?", found["words"])
    called = {word: re.sub(r"\W|_", "", word.split()[0]).lower() for word in words}
    wrong = [word for word, stem in called.items() if any(stem in name.lower() for name in known.below)]
    return (f"the statement rests on something called {', '.join(wrong)}" if wrong else ""), "names below the statement"


def _defined(known: ClauseBasis, _: re.Match[str]) -> tuple[str, str]:
    computed = known.says(LedgerKind.BY_DEFINITION)
    right = "jvp is the fderiv" in computed and "vjp is the adjoint" in computed
    return ("" if right else f"the text says: {computed or 'nothing of the kind'}"), "its body"


_FORMS: tuple[tuple[re.Pattern[str], Callable[[ClauseBasis, re.Match[str]], tuple[str, str]]], ...] = (
    (_FIXED, _fixed),
    (_HERE, _here),
    (_SEES, _sees),
    (_SAME, _same),
    (_NOTHING, _nothing),
    (_OCCURS, _occurs),
    (_DEFINED, _defined),
)
