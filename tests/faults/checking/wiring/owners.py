"""What notices a theorem that is wired wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache

from tests.faults.catalogue import named
from tests.faults.checking.wiring.outside import OUTSIDE, WITH_FAULT
from tests.faults.touchstones import touchstones
from theorems.engine.assessing import assess
from theorems.engine.case import Case
from theorems.engine.draws import draws
from theorems.engine.evidence.verdicts import Verdict
from theorems.engine.registry import theorems
from theorems.engine.sizes import PROFILES
from theorems.engine.theorem import Theorem
from theorems.tools.audit.findings import AuditVerdict
from theorems.tools.audit.material import Material, gather
from theorems.tools.audit.statements import same_statement
from theorems.tools.hypotheses.labels import Weighed, weighed
from theorems.tools.hypotheses.record import Known, recorded
from theorems.tools.hypotheses.weighing import contradictions

SEED = 0
FEW, SOME, MANY = 4, 12, 25  # of so many instances a theorem is told right from wrong


def registered(name: str) -> Theorem:
    """The theorem as it is registered now, which may be wrongly."""
    return theorems()[name]


@dataclass(frozen=True, slots=True)
class Itself:
    """The theorem's own run: instances that pass, of which one at least compares something."""

    theorem: str

    def passes(self) -> bool:
        theorem = registered(self.theorem)
        try:
            found = [assess(theorem, case) for case in _drawn(theorem, FEW)]
        except Exception:  # the run would end as an error
            return False
        return all(j.verdict.passes for j in found) and any(not j.empty for j in found)

    def notices(self) -> bool:
        return not self.passes()

    def __str__(self) -> str:
        return f"the run of {self.theorem}"


@dataclass(frozen=True, slots=True)
class Refuting:
    """A fault of the mirror that the theorem must refute."""

    theorem: str

    def passes(self) -> bool:
        return _refutes(self.theorem, telling(self.theorem))

    def notices(self) -> bool:
        return not self.passes()

    def __str__(self) -> str:
        return f"{self.theorem} refutes {touchstones()[self.theorem].name!r}"


_RIGHT = dict(theorems())  # as they are registered before anything is changed
_TELLING: dict[str, Case] = {}


def telling(name: str) -> Case:
    """The first instance at which the theorem, rightly wired, refutes its touchstone.

    Raises `LookupError` where none of the instances does.
    """
    if name not in _TELLING:
        for count in (FEW, SOME, MANY):
            cases = list(_drawn(_RIGHT[name], count))
            with touchstones()[name].applied():
                found = next((case for case in cases if assess(_RIGHT[name], case).verdict is Verdict.REFUTED), None)
            if found is not None:
                _TELLING[name] = found
                return found
        raise LookupError(f"{name} does not refute {touchstones()[name].name!r} on {MANY} instances")
    return _TELLING[name]


def _refutes(name: str, case: Case) -> bool:
    with touchstones()[name].applied():
        try:
            return assess(registered(name), case).verdict is Verdict.REFUTED
        except Exception:  # the run would end as an error
            return False


def _drawn(theorem: Theorem, count: int) -> Iterator[Case]:
    return draws(theorem.instances(PROFILES["quick"].sizes), SEED, count)


@dataclass(frozen=True, slots=True)
class Audited:
    """The audit of statements, which holds binders and hypotheses against Lean's."""

    theorem: str

    def passes(self) -> bool:
        found = same_statement(_material()).findings
        return not any(f.verdict is AuditVerdict.FAILS for f in found if f.name == self.theorem)

    def notices(self) -> bool:
        return not self.passes()

    def __str__(self) -> str:
        return f"the audit of {self.theorem}"


@dataclass(frozen=True, slots=True)
class Labelled:
    """The label of a hypothesis, with the instance that shows it."""

    theorem: str
    hypothesis: str

    def passes(self) -> bool:
        entries = [e for e in _labels() if e.theorem == self.theorem and self.hypothesis in e.hypotheses]
        return not any(contradictions(registered(self.theorem), entry, _known()) for entry in entries)

    def notices(self) -> bool:
        return not self.passes()

    def __str__(self) -> str:
        return f"the label of {self.hypothesis} of {self.theorem}"


@dataclass(frozen=True, slots=True)
class Outside:
    """An instance that a hypothesis must reject, where no label has one to show."""

    theorem: str
    hypothesis: str

    def passes(self) -> bool:
        theorem, case = registered(self.theorem), OUTSIDE[self.theorem, self.hypothesis]
        (hypothesis,) = (h for h in theorem.hypotheses if h.name == self.hypothesis)
        with named(WITH_FAULT[self.hypothesis]).applied() if self.hypothesis in WITH_FAULT else nullcontext():
            return theorem.satisfies(hypothesis, case) is False

    def notices(self) -> bool:
        return not self.passes()

    def __str__(self) -> str:
        return f"an instance outside {self.hypothesis} of {self.theorem}"


# Read once: what a fault forgets of the house's caches is kept here.


@cache
def _material() -> Material:
    return gather(None)


@cache
def _labels() -> tuple[Weighed, ...]:
    return weighed()


@cache
def _known() -> Known:
    return recorded()
