"""What every rule says of every kernel, row by row: the same instances for all, what is known of them computed once."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.calibration.kernel import CalibrationKernel
from mirror.bounds.declared import FloatArithmetic
from theorems.tools.conformance.calling import Implementation
from theorems.tools.conformance.design import TriedRow, covering
from theorems.tools.conformance.frameworks import JAX, NUMPY
from theorems.tools.conformance.judging import OUTSIDE, UNDECIDED, Judged, judge_one
from theorems.tools.conformance.kinds import KINDS, drawn, given
from theorems.tools.conformance.lanes import KnownInstance, known_instances
from theorems.tools.conformance.masks import FINITE, blocks_rows
from theorems.tools.conformance.rules import RULES, Accepted, accepted
from theorems.tools.conformance.shapes import ShapeClass
from theorems.tools.conformance.target import WrongCall
from theorems.tools.conformance.values import VALUES, KernelInstances
from theorems.tools.conformance.wanted import Wanted

CERTIFIED, STATISTICAL = "certified", "statistical"
NAMES = (CERTIFIED, STATISTICAL, *(rule.name for rule in RULES))
SEED = 0


@dataclass(frozen=True, slots=True)
class CalibrationVerdict:
    """One kernel in one row: the rules that reject it, and whether the certified verdict was left undecided.

    `statistical` rejects whatever `certified` rejects, and what is suspicious.
    """

    kernel: str
    dtype: str
    shape: str
    mask: str
    values: str
    rejected: tuple[str, ...]
    undecided: bool


def rows(kind: str) -> list[TriedRow]:
    """What `leanmirror conform` examines by default, but for rows that are blocked throughout.

    What happens in those is declared, not judged.
    """
    return [row for row in Wanted.of(KINDS[kind], "float32", None, SEED).rows if not blocks_rows(row.mask)]


def some_rows(kind: str, dtype: str, wanted: Container[tuple[str, str, str]]) -> list[TriedRow]:
    """A sample of the rows, and in float32 those that are wanted: the whole takes hours for so many kernels.

    Of the small shapes every third row of an attention in float32, every fourth in another dtype, every eighth of a
    block.
    """
    small, *large = KINDS[kind].classes
    first = dtype == "float32"
    step = 8 if kind == "block" else 3 if first else 4
    tried = [r for k, r in enumerate(_tried(small)) if k % step == 0 or (first and _names(r) in wanted)]
    return [*tried, *(r for of in large for r in _tried(of) if first and _names(r) in wanted)]


def _names(row: TriedRow) -> tuple[str, str, str]:
    return row.shape.name, row.mask, row.values


def _tried(of: ShapeClass) -> list[TriedRow]:
    return [row for row in covering(of, tuple(FINITE), tuple(VALUES)) if not blocks_rows(row.mask)]


def verdicts(
    kernels: Iterable[CalibrationKernel], kind: str, dtype: str, row: TriedRow
) -> Iterator[CalibrationVerdict]:
    """Judge kernels of one kind in one row."""
    of, known = KINDS[kind], dict[FloatArithmetic, Sequence[KnownInstance]]()
    size = Wanted.of(of, dtype, None, SEED).instances_of(row.shape)
    batch = drawn(of, row.shape, row.mask, dtype, size, SEED, row.values)
    for kernel in kernels:
        called = implementation(kernel)
        arithmetic = kernel.declared.arithmetic(dtype, called.library)
        if arithmetic not in known:
            known[arithmetic] = known_instances(batch, arithmetic)
        rejected, undecided = _judged(called, batch, row, known[arithmetic])
        yield CalibrationVerdict(kernel.name, dtype, row.shape.name, row.mask, row.values, rejected, undecided)


def implementation(kernel: CalibrationKernel) -> Implementation:
    """The kernel as `leanmirror conform` would find it: what brings no pullback of its own is JAX's."""
    own = getattr(kernel, "vjp", None)
    return Implementation(kernel.name, KINDS[kernel.kind], kernel, own, NUMPY if own else JAX)


def _judged(
    of: Implementation, batch: KernelInstances, row: TriedRow, known: Sequence[KnownInstance]
) -> tuple[tuple[str, ...], bool]:
    """The rules that reject one of the instances, and whether the certified verdict of one is open."""
    calls, rejected, undecided = given(batch, row.mask), set[str](), False
    for k, (arrays, plain) in enumerate(known):
        try:
            found = of.at(of.kind.call(calls, k))
        except WrongCall:
            return NAMES, False
        judged = [j for j in judge_one(arrays, found) if j is not None]
        rejected |= _by_ours(judged) | _by_others(accepted(plain, arrays, found))
        undecided |= any(j.verdict is UNDECIDED for j in judged)
    return tuple(name for name in NAMES if name in rejected), undecided


def _by_ours(judged: Sequence[Judged]) -> set[str]:
    if any(j.verdict is OUTSIDE for j in judged):
        return {CERTIFIED, STATISTICAL}
    return {STATISTICAL} if any(j.suspicious for j in judged) else set()


def _by_others(by: Accepted) -> set[str]:
    return {r.name for r in RULES if r.name not in by.outputs or (r.gradients and r.name not in by.gradients)}
