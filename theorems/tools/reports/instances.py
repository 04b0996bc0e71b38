"""An instance in words: dimensions, families, vectors entry by entry, cut where they are long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
from flint import arb, fmpq

from mirror.core.soundness import Idx
from mirror.linear_map import PositionWise
from mirror.spec.core.shape import Shape, size
from theorems.engine.case import FAMILIES, Case
from theorems.engine.evidence.verdicts import Mismatch
from theorems.tools.output.counted import counted
from theorems.tools.reports.named_contexts import NamedContext, context_of, is_context

SHOWN = 12  # so many entries of a vector
DIGITS = 24  # so many characters of a number


def describe(case: Case) -> list[str]:
    """The lines that show an instance, one or more for each of its values."""
    lines: list[str] = []
    for name, value in case.items():
        # What the values were drawn from; a simplified instance may have left the family.
        lines.extend(_named(f"{name} family, as drawn" if name in FAMILIES else name, value, case))
    return lines


def where(case: Case, mismatch: Mismatch) -> str:
    """The place where two sides differ: in a context vector its entry and coordinate, else the flat position."""
    named = context_of(case, mismatch.entries)
    if named is None or mismatch.entries == 1:
        return f"position {mismatch.position} of {mismatch.entries}"
    return f"position {mismatch.position} of {mismatch.entries}: {named.locate(mismatch.position)}"


def _named(name: str, value: Any, case: Case) -> Iterator[str]:
    if isinstance(value, np.ndarray) and (named := context_of(case, value.size)):
        yield f"{name} ="
        yield from _blocks(value.reshape(-1), named)
    elif type(value) is tuple and value and not is_context(value) and not isinstance(value[0], fmpq):
        for k, part in enumerate(value):
            yield from _named(f"{name}[{k}]", part, case)
    elif is_dataclass(value) and not isinstance(value, Idx | PositionWise):
        yield f"{name}: {type(value).__name__}"
        for field in fields(value):
            yield from ("  " + line for line in _named(field.name, getattr(value, field.name), case))
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _named(f"{name}.{key}", part, case)
    else:
        yield f"{name} = {text(value)}"


def _blocks(vector: np.ndarray, named: NamedContext) -> Iterator[str]:
    """One line for each entry of a context vector that is not zero."""
    shown = 0
    for name, shape, start in named.entries():
        block = vector[start : start + size(shape)]
        if any(block):
            shown += 1
            yield f"  {name} {shape}: {_vector(block)}"
    if shown < len(named.context):
        yield "  0 elsewhere" if shown else f"  0 everywhere ({counted(len(vector), 'entry')})"


def text(value: Any) -> str:
    """One value in one line."""
    match value:
        case np.ndarray():
            return _vector(value.reshape(-1))
        case PositionWise():
            size = f"{value.out_features} x {value.in_features} weight at {counted(value.positions, 'position')}"
            return f"{size}: {_vector(value.weight)}"
        case Idx():
            return f"entry {value.i}, of shape {value.shape}, in the context {text(value.context)}"
        case Shape():
            return repr(value)
        case fmpq():
            return number(value)
        case tuple() if value and isinstance(value[0], fmpq):
            return _vector(value)
        case tuple():
            return "(" + ", ".join(text(v) for v in value) + ")"
    return str(value)


def number(q: fmpq) -> str:
    """A rational as it is, or to six digits behind `≈` where it is long."""
    exact = str(q)
    return exact if len(exact) <= DIGITS else "≈" + arb(q).str(6, radius=False)


def _vector(entries: Iterable[Any]) -> str:
    values = list(entries)
    if not any(values):
        return f"0 ({counted(len(values), 'entry')})" if len(values) > 1 else f"[{', '.join(map(str, values))}]"
    nonzero = [(k, v) for k, v in enumerate(values) if v]
    if len(values) > SHOWN and len(nonzero) <= SHOWN // 2:
        return f"0 except {', '.join(f'[{k}] = {number(v)}' for k, v in nonzero)} ({counted(len(values), 'entry')})"
    rest = f", … ({counted(len(values), 'entry')})" if len(values) > SHOWN else ""
    return f"[{', '.join(number(v) for v in values[:SHOWN])}{rest}]"
