"""The table of false accepts and false rejects by rule, as a page in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.calibration.kernel import CalibrationKernel, RejectedIn
from benchmarks.calibration.verdicts import CERTIFIED, NAMES, STATISTICAL, CalibrationVerdict
from theorems.tools.conformance.values import ORDINARY

# So many wrong kernels may be left to the statistical verdict.
ONLY_STATISTICAL = 3


@dataclass(frozen=True, slots=True)
class CalibratedKernel:
    """A kernel in a dtype, and what was said of it in every row."""

    kernel: CalibrationKernel
    dtype: str
    rows: tuple[CalibrationVerdict, ...]

    def count(self, rule: str, values: str | None = None) -> int:
        """In how many rows a rule rejects it, or in how many of those with values of a name."""
        return sum(rule in v.rejected for v in self.rows if values in (None, v.values))

    def first(self, rule: str) -> CalibrationVerdict | None:
        """The first row in which a rule rejects it."""
        return next((v for v in self.rows if rule in v.rejected), None)

    def rejected_at(self, place: RejectedIn) -> bool:
        """Whether it is rejected in that row, by either verdict of ours."""
        return any(STATISTICAL in v.rejected for v in self.rows if (v.shape, v.mask, v.values) == place)

    @property
    def undecided(self) -> int:
        """In how many rows the certified verdict was left open."""
        return sum(v.undecided for v in self.rows)


def gathered(kernels: Sequence[CalibrationKernel], found: Sequence[CalibrationVerdict]) -> list[CalibratedKernel]:
    """The verdicts by kernel and dtype, of those that were examined."""
    by: dict[tuple[str, str], list[CalibrationVerdict]] = {}
    for verdict in found:
        by.setdefault((verdict.kernel, verdict.dtype), []).append(verdict)
    return [CalibratedKernel(k, d, tuple(rows)) for k in kernels for d in k.dtypes if (rows := by.get((k.name, d)))]


def faults(found: Sequence[CalibratedKernel]) -> Iterator[str]:
    """What must not be: a right kernel rejected by ours, a wrong one accepted, too many left to statistics."""
    for one in found:
        if one.kernel.right and (first := one.first(CERTIFIED)):
            yield f"right, and rejected: {one.kernel.name}, {one.dtype}: {_place(first)}"
        if not one.kernel.right and not one.count(STATISTICAL):
            yield f"wrong, and accepted: {one.kernel.name}, {one.dtype}"
        if one.dtype == "float32" and (place := one.kernel.shows) and not one.rejected_at(place):
            yield f"wrong, and not rejected where it says: {one.kernel.name}: {', '.join(place)}"
    alone = _left_to_statistics(found)
    if len(alone) > ONLY_STATISTICAL:
        names = ", ".join(sorted(alone))
        yield f"only the statistical verdict sees {len(alone)}, more than {ONLY_STATISTICAL}: {names}"


def _left_to_statistics(found: Sequence[CalibratedKernel]) -> set[str]:
    """The wrong kernels that the certified verdict accepts in every dtype."""
    wrong = [one for one in found if not one.kernel.right]
    return {one.kernel.name for one in wrong} - {one.kernel.name for one in wrong if one.count(CERTIFIED)}


def page(found: Sequence[CalibratedKernel]) -> Iterator[str]:
    """The page, line by line."""
    right, wrong = ([one for one in found if one.kernel.right is is_right] for is_right in (True, False))
    yield from _head(right, wrong)
    yield from ("", "## By rule", "")
    yield "| rule | false accepts | on ordinary numbers | false rejects | on ordinary numbers |"
    yield "| --- | --- | --- | --- | --- |"
    for rule in NAMES:
        cells = (f"{n} of {len(of)}" for of, n in _counts(rule, right, wrong))
        yield f"| {rule} | {' | '.join(cells)} |"
    for title, some in (("Wrong kernels", wrong), ("Right kernels", right)):
        yield from ("", f"## {title}", "")
        yield f"| kernel | dtype | rows | {' | '.join(NAMES)} | first row outside |"
        yield "| --- | --- | --- |" + " --- |" * (len(NAMES) + 1)
        yield from (_line(one) for one in some)


def _head(right: Sequence[CalibratedKernel], wrong: Sequence[CalibratedKernel]) -> Iterator[str]:
    counts = (f"{len({one.kernel.name for one in some})} {name}" for name, some in (("right", right), ("wrong", wrong)))
    total, open_ = (sum(n) for n in zip(*((len(one.rows), one.undecided) for one in (*right, *wrong)), strict=True))
    yield "# Calibration"
    yield ""
    yield (
        f"Written by `python -m benchmarks.calibration`: {' and '.join(counts)} kernels, each in the dtypes that it is "
        f"tried in, {total} rows in all, {open_} of them undecided. A rule accepts a kernel that it rejects in no row; "
        f"the numbers count the rows in which it does. `{STATISTICAL}` rejects whatever `{CERTIFIED}` does, and what "
        "is suspicious. Rows that are blocked throughout are left out: what happens there is declared, not judged. "
        "A sample of the rows is taken, in float32 with those that wrong kernels say."
    )


def _counts(
    rule: str, right: Sequence[CalibratedKernel], wrong: Sequence[CalibratedKernel]
) -> Iterator[tuple[Sequence[CalibratedKernel], int]]:
    """Of the wrong kernels those that a rule accepts, of the right ones those that it rejects, each in two ways."""
    for values in (None, ORDINARY):
        yield wrong, sum(not one.count(rule, values) for one in wrong)
    for values in (None, ORDINARY):
        yield right, sum(bool(one.count(rule, values)) for one in right)


def _line(one: CalibratedKernel) -> str:
    counts = " | ".join(str(one.count(rule) or "") for rule in NAMES)
    first = one.first(CERTIFIED) or one.first(STATISTICAL)
    return f"| {one.kernel.name} | {one.dtype} | {len(one.rows)} | {counts} | {_place(first) if first else ''} |"


def _place(v: CalibrationVerdict) -> str:
    return f"{v.shape}, {v.mask}, {v.values}"
