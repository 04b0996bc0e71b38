"""Section 2: what a Lean definition evaluates to is what its counterpart evaluates to, entry by entry."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from lean_refs.facts import THEOREM_KINDS
from lean_refs.fingerprint import LISTS, SHAPES, Evaluation, Fingerprint
from lean_refs.interpreter.interpret import Disagreement, NotInterpreted
from lean_refs.interpreter.plain import Plain, first_difference
from lean_refs.interpreter.values import Shape as LeanShape
from lean_refs.normal import digest
from mirror.rooms import links
from mirror.spec.core.shape import Shape
from theorems.tools.audit.arguments import Arguments, UnknownArgumentError, omitted
from theorems.tools.audit.built import plain_of
from theorems.tools.audit.findings import Finding, Section, Verdict, count, fails, holds, not_checked
from theorems.tools.audit.functions import NotReadError, same_function
from theorems.tools.audit.markers import Markers
from theorems.tools.audit.material import Material

TITLE = "same definition"
SEED = 0
RANDOM_DIMENSIONS = 3  # in addition to the pinned ones, where a source can be evaluated at them
_ZERO = digest("0")
# What the mirror raises where it is given something else than it takes.
_UNBUILT = (ValueError, IndexError, TypeError, AttributeError)
Evaluated = Evaluation | NotInterpreted | Disagreement


def same_definition(material: Material) -> Section:
    """Every definition that the reader interprets, held against its counterpart."""
    mirrored = links()
    found = {n: p for n, p in material.fingerprints.items() if n in mirrored and p.kind not in THEOREM_KINDS}
    findings = tuple(_Comparison(name, made, material).finding for name, made in found.items())
    same, outside = count(findings, Verdict.HOLDS), count(findings, Verdict.NOT_CHECKED)
    summary = f"{same} the same, {count(findings, Verdict.FAILS)} different, {outside} not interpreted"
    return Section(TITLE, summary, findings)


def reasons(section: Section) -> Counter[str]:
    """Why declarations were not compared, the most frequent reason first."""
    return Counter(f.basis for f in section.findings if f.verdict is Verdict.NOT_CHECKED)


class _Comparison:
    """One declaration and its counterpart."""

    def __init__(self, name: str, made: Fingerprint, material: Material) -> None:
        self._name, self._made, self._material = name, made, material

    @cached_property
    def finding(self) -> Finding:
        """What the comparison says."""
        if self._made.disagrees:
            return fails(self._name, f"the Lean text contradicts itself: {self._made.disagrees}")
        if not self._made.values:
            return self._outside()
        try:
            compared = list(self._compared())
        except NotReadError as why:
            return not_checked(self._name, f"a function that is not compared: {why}")
        except UnknownArgumentError as why:
            return fails(self._name, f"the counterpart cannot be called: {why}")
        if different := next((basis for basis in compared if basis), None):
            return fails(self._name, different)
        if bad := self._defaults():
            return fails(self._name, bad)
        return holds(self._name, f"the same data at {len(compared)} sets of dimensions, {self._material.basis}")

    def _outside(self) -> Finding:
        """Not interpreted: no matter where the pin was evaluated too, a loss where it was."""
        if self._material.pinned[self._name].values:
            return fails(self._name, f"the text is no longer interpreted: {self._made.outside}")
        return not_checked(self._name, self._made.outside)

    def _compared(self) -> Iterator[str]:
        """The first difference at each set of dimensions, '' where there is none."""
        for evaluation, saved, shape in zip(self._made.values, LISTS, SHAPES, strict=True):
            yield self._difference(evaluation, saved, shape)
        for found, saved, shape in self._random():
            evaluated = isinstance(found, Evaluation)
            yield self._difference(found, saved, shape) if evaluated else f"at other dimensions: {found.why}"

    def _difference(self, evaluation: Evaluation, saved: tuple[LeanShape, ...], shape: LeanShape) -> str:
        sizes = ", ".join(f"{name} = {size}" for name, size in evaluation.dims)
        at = f"at {sizes}: " if sizes else ""
        lists = tuple(Shape(*entry.dims) for entry in saved)
        arguments = Arguments(self._made.binders, dict(evaluation.dims), lists, Shape(*shape.dims))
        target = links()[self._name].target
        given = arguments.of(target)
        try:
            built = _built(target, given, arguments.markers)
        except _UNBUILT as why:
            return f"{at}the mirror cannot build it: {why}"
        difference = first_difference(evaluation.value, _read(built, evaluation.value, arguments.markers))
        return f"{at}{_in_words(difference)}" if difference else ""

    def _random(self) -> Iterator[tuple[Evaluated, tuple[LeanShape, ...], LeanShape]]:
        """More evaluations of the source, at random dimensions from 0 up."""
        if self._material.source is None:
            return
        draw = random.Random(f"{SEED} {self._name}")
        for _ in range(RANDOM_DIMENSIONS):
            sizes = [draw.randint(0, 9) for _ in range(6)]
            saved = tuple(LeanShape((draw.randint(0, 9), draw.randint(0, 9))) for _ in range(draw.randint(0, 3)))
            shape = LeanShape(tuple(draw.randint(0, 9) for _ in range(draw.randint(0, 3))))
            yield self._material.source.prints.evaluate(self._made.name, sizes, saved, shape), saved, shape

    def _defaults(self) -> str:
        """How the default of an argument differs from Lean's, or nothing. Lean's defaults are all 0 here."""
        with_default = {b.name: b.default for b in self._made.binders if b.default}
        for name, default in with_default.items():
            if default != _ZERO:
                return f"the default of {name} is not 0, which is what the mirror has"
        if not with_default:
            return ""
        evaluation = self._made.values[0]
        arguments = Arguments(self._made.binders, dict(evaluation.dims), (), Shape())
        target = links()[self._name].target
        try:
            given = omitted(arguments.of(target), with_default)
            built = _built(target, given, arguments.markers)
        except _UNBUILT as why:
            return f"without {', '.join(with_default)} the mirror cannot build it: {why}"
        expected = _replaced(evaluation.value, dict.fromkeys(with_default, "0"))
        difference = first_difference(expected, _read(built, expected, arguments.markers))
        return f"without {', '.join(with_default)}: {_in_words(difference)}" if difference else ""


def _in_words(difference: str) -> str:
    return f"{difference.replace(' became ', ' in Lean, ')} in the mirror"


def _built(target: Callable[..., Any], given: dict[str, Any], markers: Markers) -> Plain:
    return plain_of(target(**given), markers)


def _read(built: Any, lean: Plain, markers: Markers) -> Any:
    """`built` with each Python function replaced by the Lean text at its place, where both are one function."""
    if callable(built):
        same = isinstance(lean, str) and same_function(lean, built, markers.values())
        return lean if same else "another function"
    if isinstance(built, dict):
        inside = lean if isinstance(lean, dict) else {}
        return {key: _read(value, inside.get(key, ""), markers) for key, value in built.items()}
    if isinstance(built, list):
        inside = lean if isinstance(lean, list) and len(lean) == len(built) else [""] * len(built)
        return [_read(value, there, markers) for value, there in zip(built, inside, strict=True)]
    return built


def _replaced(value: Plain, names: dict[str, str]) -> Plain:
    """A value in which parameters of these names have become others."""
    if isinstance(value, dict):
        return {key: _replaced(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, names) for inner in value]
    return names.get(value, value) if isinstance(value, str) else value
