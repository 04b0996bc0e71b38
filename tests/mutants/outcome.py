"""What became of a mutant, from what its process told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.mutants.drive import Told
from tests.mutants.executed import Executed, Lines
from tests.mutants.operators import IMPORT
from tests.mutants.sample import Mutant, sources
from tests.source import ROOT

Kind = Literal["theorem", "test", "import", "time", "death", "survived"]
# These rest on no definition of a node in Lean, but are tried on nodes of every kind.
OVER_ALL_NODES = {"Proofs.Autograd.Node.correct_inner", "Proofs.Autograd.Graph.jvpVec_eq_fderiv_at"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a mutant met: the theorems that ran against it, those of them that fail (and how), the first test that does.

    `kind` is the first that is true: a theorem fails, a test fails, it cannot be imported, a run takes too long, its
    process dies; or it survived. `by` names the first theorem that refutes it, or else fails, or the test, says the
    exception of the import, or what took too long; it is empty for a survivor.
    """

    mutant: Mutant
    kind: Kind
    by: str
    test: str = ""
    ran: tuple[str, ...] = ()
    killed: Mapping[str, str] = field(default_factory=dict)


def outcome(mutant: Mutant, told: Told[Mutant]) -> Outcome:
    """Read what a mutant's process told."""
    fails = {said["theorem"]: str(said["fails"]) for said in told.said if "theorem" in said}
    killed = {name: how for name, how in fails.items() if how}
    said: dict[str, Any] = {key: value for line in told.said for key, value in line.items()}
    test = str(said.get("test", ""))
    kind, by = _ending(told, said, killed, test)
    return Outcome(mutant, kind, by, test, tuple(fails), killed)


def _ending(told: Told[Mutant], said: Mapping[str, Any], killed: Mapping[str, str], test: str) -> tuple[Kind, str]:
    if killed:
        return "theorem", next((name for name, how in killed.items() if how == "refuted"), next(iter(killed)))
    if test:
        return "test", test
    if "import" in said:
        return "import", str(said["import"])
    if told.timed_out or told.died:
        return "time" if told.timed_out else "death", str(said.get("begins", "the import"))
    return "survived", ""


def against(mutant: Mutant, executed: Executed) -> tuple[list[str], list[str]]:
    """The theorems that rest on a mutant and execute it, the most specific first; the tests that do, quickest first.

    A theorem rests on a counterpart where Lean's does, in the pinned closure; on a helper that no Lean declaration has,
    where it executes it.
    """
    file = str(sources()[mutant.module].relative_to(ROOT))
    outer = mutant.qualname.partition(".")[0]
    resting = executed.rests.get((mutant.module, outer), set(executed.theorems)) | OVER_ALL_NODES
    theorems = [name for name in _hitting(mutant, file, executed.theorems) if name in resting]
    tests = _hitting(mutant, file, executed.tests)
    homes = {test.partition("::")[0] for test in tests}
    if mutant.lines == IMPORT:  # any test may read what the import has made, and execute no line of the module
        tests = list(executed.tests)
    return theorems, sorted(tests, key=lambda t: (t.partition("::")[0] not in homes, executed.seconds.get(t, 0.0)))


def _hitting(mutant: Mutant, file: str, by_name: Mapping[str, Lines]) -> list[str]:
    """Whoever executes one of the mutant's lines, or, of what the import runs, any line of the file."""
    first, last = mutant.lines

    def hits(place: tuple[str, int]) -> bool:
        return place[0] == file and (mutant.lines == IMPORT or first <= place[1] <= last)

    found = [name for name, lines in by_name.items() if any(map(hits, lines))]
    return sorted(found, key=lambda name: len(by_name[name]))
