"""What hypotheses are worth: labels that stored instances bear out, each with the command that replays them."""

from __future__ import annotations

from collections.abc import Iterator, Set
from importlib.resources import files

from theorems.tools.audit.findings import Finding, note
from theorems.tools.audit.material import Material
from theorems.tools.hypotheses.labels import Label, Weighed, weighed
from theorems.tools.hypotheses.record import Key, searched_in

# What a relation begins with where it says that a hypothesis is another one, follows, or could be weaker.
_TELLING = ("Equivalent", "Implied", "It implies", "It always holds", "Vacuous", "Not used", "Not needed")
_WITHIN = (" implies both", " would do", " implies it")


def evidence(material: Material) -> Iterator[Finding]:
    """One line for each hypothesis, or class of equivalent ones, of a theorem that has a label."""
    searched = searched_in((files("theorems.tools.hypotheses") / "found.json").read_text("utf-8"))
    for entry in weighed():
        if entry.theorem in material.fingerprints and not entry.typed:
            made = material.fingerprints[entry.theorem]
            yield note(entry.theorem, _says(entry, searched), file=made.file, line=made.line)


def _says(entry: Weighed, searched: Set[Key]) -> str:
    names = ", ".join(entry.hypotheses)
    relations = [said for said in entry.relations if said.startswith(_TELLING) or any(w in said for w in _WITHIN)]
    said = f"hypotheses: {names}: {entry.label.value}{_meaning(entry)}. {' '.join(relations)}".rstrip()
    return f"{said} {_replay(entry, searched)}".rstrip()


def _meaning(entry: Weighed) -> str:
    both = len(entry.hypotheses) > 1
    return {
        Label.NECESSARY: ": without them the conclusion fails" if both else ": without it the conclusion fails",
        Label.REDUNDANT: ": it follows from the others",
        Label.NOT_NEEDED: ": the conclusion holds without it",
    }.get(entry.label, "")


def _replay(entry: Weighed, searched: Set[Key]) -> str:
    """The command that runs the stored instances again."""
    if (entry.theorem, entry.hypotheses) not in searched:
        return ""
    short = entry.theorem.rpartition(".")[2]
    return f"Replay: leanmirror hypotheses {short} --hypothesis {entry.hypotheses[0]} --replay"
