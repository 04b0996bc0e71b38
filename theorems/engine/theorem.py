"""A theorem as an object: binders, hypotheses, conclusion, instances, the arithmetic it runs in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis.strategies import SearchStrategy

from lean_refs import Declaration, load_pin
from mirror.arithmetic import BALL, Arithmetic, AtBoundary, Undecided, precision
from theorems.engine.activity import Differentiated, active, active_inputs
from theorems.engine.asking import LackingValue, given, lacking, takes_arithmetic
from theorems.engine.case import Case
from theorems.engine.evidence.verdicts import Claim, Judgement, Mismatch, NothingClaimed, Verdict, judge
from theorems.engine.families import Family
from theorems.engine.graph_run import GraphRun
from theorems.engine.lean_values import ProofOf
from theorems.engine.sizes import Sizes

# Working precisions in bits; the last one still undecided is the end of it.
PRECISIONS = (320, 640, 1664, 4096)

Conclusion = Callable[..., Iterable[Claim]]
Runs = Callable[..., Iterable[GraphRun]]
Differentiates = Callable[..., Differentiated]
# By Lean's binder: what a function makes of values of the instance under their names, or whose proof it is.
InLean = Mapping[str, Callable[..., Any] | ProofOf]


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One hypothesis of a theorem, under its Lean binder's name.

    `holds` decides it for an instance (it takes the arithmetic and the instance's values by name,
    and may raise `Undecided`); `data` says that Lean's hypothesis is a structure, not a proposition.
    """

    name: str
    says: str
    holds: Callable[..., bool]
    data: bool = False

    def __post_init__(self) -> None:
        takes_arithmetic(self.holds)


@dataclass(frozen=True, slots=True)
class Theorem:
    """One Lean theorem or lemma, executable.

    `binders` lists Lean's binders in order, in Lean's brackets; `instances` builds instances that
    satisfy the hypotheses by construction; `conclusion` takes an arithmetic and the instance's
    values by name and yields claims. `runs`, where the theorem is about graphs, takes the same and yields
    the graphs that the instance runs; `differentiates`, where it is about the derivative of a map that is no
    graph, gives that map at the instance's point. `inputs` names the entries of a graph's context; `family` says what
    the instances are about, `never_active` why none of them can be active, where none can. `in_lean` says of a binder
    what the text takes for it, where an instance has that neither under its name nor in a form that tells it.
    """

    name: str
    formula: str
    says: str
    binders: str
    instances: Callable[[Sizes], SearchStrategy[Case]]
    conclusion: Conclusion
    hypotheses: tuple[Hypothesis, ...] = ()
    arithmetic: Arithmetic = BALL
    covers_not: str = ""
    runs: Runs | None = None
    differentiates: Differentiates | None = None
    inputs: tuple[str, ...] = ()
    never_active: str = ""
    in_lean: InLean = field(default_factory=dict, hash=False)
    family: Family = field(kw_only=True)

    def __post_init__(self) -> None:
        for function in self._readers().values():
            takes_arithmetic(function)

    @property
    def declaration(self) -> Declaration:
        """The pinned Lean declaration."""
        return load_pin().declarations[self.name]

    def judge(self, case: Case) -> Judgement:
        """Judge the conclusion for one instance, raising the precision until it is decided.

        An instance at a corner or jump of a total function ends `undecided`; one for which nothing is claimed
        is `empty`.
        """
        try:
            return _decide(lambda: judge(given(self.conclusion, case, self.arithmetic)))
        except NothingClaimed:
            return Judgement(Verdict.EQUAL)

    def satisfies(self, hypothesis: Hypothesis, case: Case) -> bool | None:
        """Whether the instance satisfies one of the hypotheses; None where that cannot be decided."""

        def as_judgement() -> Judgement:
            holds = given(hypothesis.holds, case, self.arithmetic)
            return Judgement(Verdict.EQUAL if holds else Verdict.REFUTED)

        found = _decide(as_judgement).verdict
        return None if found is Verdict.UNDECIDED else found is Verdict.EQUAL

    def graph_runs(self, case: Case) -> Iterable[GraphRun]:
        """The graphs that an instance runs, one by one, at today's precision; none for a theorem about no graph."""
        return given(self.runs, case, self.arithmetic) if self.runs else ()

    def active_inputs(self, case: Case) -> dict[str, bool] | None:
        """Whether the instance is active in each input, by name; None where the theorem has no derivative.

        Of a graph's context each entry is an input, active if one of the instance's graphs is in it; of any other map
        the point as a whole is one.
        """
        if self.differentiates:
            return {"x": active(given(self.differentiates, case, self.arithmetic))}
        with precision(PRECISIONS[0]):
            runs = [*self.graph_runs(case)]
        if not runs:
            return None
        names = self.inputs or [f"entry {k}" for k in range(len(runs[0].graph.context))]
        found = zip(*(active_inputs(run.graph, run.x) for run in runs), strict=True)
        return dict(zip(names, map(any, found), strict=True))

    def failed_hypotheses(self, case: Case) -> list[str]:
        """The names of the hypotheses that the instance does not satisfy, or cannot be seen to."""
        return [h.name for h in self.hypotheses if not self.satisfies(h, case)]

    def lacking(self, case: Case) -> dict[str, list[str]]:
        """The names that the instance has no value for, each with the parts of the theorem that ask for it."""
        made = {f"{name} in Lean": entry for name, entry in self.in_lean.items() if not isinstance(entry, ProofOf)}
        return lacking(self._readers() | made, case)

    def require_values(self, case: Case) -> None:
        """Raises `LackingValue`, which names them, where the instance lacks values that the theorem asks for."""
        if found := self.lacking(case):
            missing = ", ".join(f"{name} (asked for by {', '.join(readers)})" for name, readers in found.items())
            raise LackingValue(f"{self.name}: its instances lack {missing}; they have {', '.join(case)}")

    def _readers(self) -> dict[str, Callable[..., Any]]:
        """What asks for values of an instance: the conclusion, the hypotheses, its graphs or its map."""
        others = {"its graphs": self.runs, "its map": self.differentiates}
        there = {name: function for name, function in others.items() if function}
        return {"the conclusion": self.conclusion, **{h.name: h.holds for h in self.hypotheses}, **there}


def _decide(attempt: Callable[[], Judgement]) -> Judgement:
    found = Judgement(Verdict.UNDECIDED)
    for bits in PRECISIONS:
        with precision(bits):
            try:
                found = attempt()
            except Undecided as why:
                found = Judgement(Verdict.UNDECIDED, 0.0, Mismatch(f"undecided at {bits} bits", 0, str(why), ""))
                continue
            except AtBoundary as why:
                return Judgement(Verdict.UNDECIDED, 0.0, Mismatch("at a boundary", 0, str(why), ""))
        if found.verdict is not Verdict.UNDECIDED:
            break
    return found


_THEOREMS: dict[str, Theorem] = {}


def theorem(
    name: str,
    *,
    formula: str,
    says: str,
    binders: str,
    family: Family,
    instances: Callable[[Sizes], SearchStrategy[Case]],
    hypotheses: tuple[Hypothesis, ...] = (),
    arithmetic: Arithmetic = BALL,
    covers_not: str = "",
    runs: Runs | None = None,
    differentiates: Differentiates | None = None,
    inputs: tuple[str, ...] = (),
    never_active: str = "",
    in_lean: InLean | None = None,
) -> Callable[[Conclusion], Theorem]:
    """Register the decorated function as the conclusion of the Lean theorem `name`.

    The function takes the arithmetic `ar` and, by name, what it needs of an instance. Raises
    `LookupError` for a name that is no theorem of the pin, `ValueError` for one already registered and for an `in_lean`
    of what is no binder.
    """

    def register(conclusion: Conclusion) -> Theorem:
        declaration = load_pin().declarations.get(name)
        if declaration is None or not declaration.is_theorem:
            raise LookupError(f"{name} is not a theorem or lemma of the pinned TorchLean revision")
        bound = re.findall(r"[^\s(){}\[\]⦃⦄]+", binders)
        if unbound := [one for one in in_lean or () if one not in bound]:
            raise ValueError(f"{name}: in_lean is about {', '.join(unbound)}; Lean binds {', '.join(bound)}")
        if name in _THEOREMS:
            raise ValueError(f"{name} has a counterpart already, in {_THEOREMS[name].conclusion.__module__}")
        made = Theorem(
            name,
            formula,
            says,
            binders,
            instances,
            conclusion,
            hypotheses,
            arithmetic,
            covers_not,
            runs=runs,
            differentiates=differentiates,
            inputs=inputs,
            never_active=never_active,
            in_lean=in_lean or {},
            family=family,
        )
        _THEOREMS[name] = made
        return made

    return register


def registered() -> dict[str, Theorem]:
    """What has been registered so far; `theorems.engine.registry` imports every module first."""
    return _THEOREMS
