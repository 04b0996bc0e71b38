"""One Lean definition and its counterpart, at several sets of dimensions."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from lean_refs.fingerprint import LISTS, SHAPES, BinderPrint, Evaluation, Fingerprint
from lean_refs.interpreter.interpret import Disagreement, NotInterpreted
from lean_refs.interpreter.plain import Plain, first_difference
from lean_refs.interpreter.values import Shape as LeanShape
from lean_refs.normal import digest
from mirror.links import Link
from mirror.spec.core.shape import Shape
from theorems.tools.audit.definitions.arguments import PythonArguments, UnknownArgumentError, omitted
from theorems.tools.audit.definitions.built import plain_of
from theorems.tools.audit.definitions.functions import NotReadError, same_function
from theorems.tools.audit.definitions.markers import Markers
from theorems.tools.audit.findings import Finding, fails, holds, not_checked
from theorems.tools.audit.material import Material
from theorems.tools.output.counted import counted

SEED = 0
RANDOM_DIMENSIONS = 3  # in addition to the pinned ones, where a source can be evaluated at them
_ZERO = digest("0")
# What the mirror raises where it is given something else than it takes.
_UNBUILT = (ValueError, IndexError, TypeError, AttributeError)

Evaluated = tuple[Evaluation | NotInterpreted | Disagreement, tuple[LeanShape, ...], LeanShape]


def comparison(link: Link, made: Fingerprint, material: Material) -> Finding:
    """Whether what Lean's text evaluates to is what the counterpart builds."""
    if made.disagrees:
        return fails(link.lean, f"the Lean text contradicts itself: {made.disagrees}")
    if not made.values:
        return _outside(link.lean, made, material)
    try:
        compared = [_at(link.target, made, evaluated) for evaluated in _evaluated(link.lean, made, material)]
        different = next(filter(None, compared), "") or _default_differs(link.target, made)
    except NotReadError as why:
        return not_checked(link.lean, f"a function that is not compared: {why}")
    except UnknownArgumentError as why:
        return fails(link.lean, f"the counterpart cannot be called: {why}")
    if different:
        return fails(link.lean, different)
    return holds(link.lean, f"the same data at {counted(len(compared), 'set')} of dimensions, {material.basis}")


def _outside(name: str, made: Fingerprint, material: Material) -> Finding:
    """Not interpreted: no matter where the pin was not evaluated either, or the text is not whole, else a loss."""
    if material.pinned[name].values and name not in material.lacks:
        return fails(name, f"the text is no longer interpreted: {made.outside}")
    return not_checked(name, made.outside)


def _evaluated(name: str, made: Fingerprint, material: Material) -> Iterator[Evaluated]:
    """The evaluations of the pin; with a source, more of them at random dimensions from 0 up."""
    yield from zip(made.values, LISTS, SHAPES, strict=True)
    if material.source is None:
        return
    draw = random.Random(f"{SEED} {name}")
    for _ in range(RANDOM_DIMENSIONS):
        sizes = [draw.randint(0, 9) for _ in range(6)]
        saved = tuple(LeanShape((draw.randint(0, 9), draw.randint(0, 9))) for _ in range(draw.randint(0, 3)))
        shape = LeanShape(tuple(draw.randint(0, 9) for _ in range(draw.randint(0, 3))))
        yield material.source.prints.evaluate(made.name, sizes, saved, shape), saved, shape


def _at(target: Callable[..., Any], made: Fingerprint, evaluated: Evaluated) -> str:
    """How Lean and the mirror differ at one set of dimensions, or nothing."""
    found, saved, shape = evaluated
    if not isinstance(found, Evaluation):
        return f"at other dimensions: {found.why}"
    arguments = _arguments(made.binders, found, saved, shape)
    sizes = ", ".join(f"{name} = {size}" for name, size in found.dims)
    different = _difference(found.value, target, arguments.of(target), arguments.markers)
    return f"at {sizes}: {different}" if different and sizes else different


def _arguments(
    binders: Sequence[BinderPrint], found: Evaluation, saved: Sequence[LeanShape], shape: LeanShape
) -> PythonArguments:
    return PythonArguments(binders, dict(found.dims), tuple(Shape(*entry.dims) for entry in saved), Shape(*shape.dims))


def _default_differs(target: Callable[..., Any], made: Fingerprint) -> str:
    """How the default of an argument differs from Lean's, or nothing. Lean's defaults are all 0 here."""
    defaults = {b.name: b.default for b in made.binders if b.default}
    for name, default in defaults.items():
        if default != _ZERO:
            return f"the default of {name} is not 0, which is what the mirror has"
    if not defaults:
        return ""
    found = made.values[0]
    arguments = _arguments(made.binders, found, LISTS[0], SHAPES[0])
    expected = _replaced(found.value, dict.fromkeys(defaults, "0"))
    different = _difference(expected, target, omitted(arguments.of(target), defaults), arguments.markers)
    return f"without {', '.join(defaults)}: {different}" if different else ""


def _difference(expected: Plain, target: Callable[..., Any], given: Mapping[str, Any], markers: Markers) -> str:
    """The first place where what the counterpart builds is not what Lean says, or nothing."""
    try:
        built = plain_of(target(**given), markers)
    except _UNBUILT as why:
        return f"the mirror cannot build it: {why}"
    difference = first_difference(expected, _read(built, expected, markers))
    return f"{difference.replace(' became ', ' in Lean, ')} in the mirror" if difference else ""


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
