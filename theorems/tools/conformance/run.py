"""Going through shapes and masks, one line for each: how many instances ended how, and the worst of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mirror.bounds.declared import FloatArithmetic
from theorems.engine.strategies.jitted import MASKS, Setting
from theorems.tools.conformance.calling import Implementation
from theorems.tools.conformance.declaring import AS_USUAL, Declared
from theorems.tools.conformance.detecting import framework_of
from theorems.tools.conformance.dims import parsed
from theorems.tools.conformance.judging import INSIDE, OUTSIDE, UNDECIDED, Judged, JudgedEntry, judge
from theorems.tools.conformance.kinds import Function, Kind, drawn
from theorems.tools.conformance.layouts import LEAN, AxisOrder
from theorems.tools.conformance.presets.preset import Preset
from theorems.tools.conformance.target import WrongCall


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to examine: the dtype, instances for each line, the seed they come from, the shapes and the masks."""

    dtype: str
    instances: int
    seed: int
    shapes: tuple[Setting, ...]
    masks: tuple[str, ...]
    declared: Declared = AS_USUAL

    @classmethod
    def of(
        cls,
        kind: Kind,
        dtype: str,
        instances: int,
        seed: int,
        shapes: Iterable[str] = (),
        masks: Iterable[str] = (),
        dims: Iterable[str] = (),
        declared: Declared = AS_USUAL,
    ) -> Wanted:
        """All shapes and masks, or those with these names and these dimensions.

        Raises `WrongCall` for a name that there is not and for dimensions that are none.
        """
        shapes, own = tuple(shapes), {s.name: s for s in (parsed(text, kind) for text in dims)}
        known = {s.name: s for s in kind.shapes}
        named = _chosen("shape", shapes, tuple(known)) if shapes or not own else ()
        found = (*(known[name] for name in named), *own.values())
        return cls(dtype, instances, seed, found, _chosen("mask", masks, tuple(MASKS)), declared)

    def arithmetic(self, of: Implementation) -> FloatArithmetic:
        """What an implementation computes in, as declared."""
        declared = of.preset.over(self.declared, self.dtype) if of.preset else self.declared
        return declared.arithmetic(self.dtype, of.library)

    @property
    def lines(self) -> list[tuple[Setting, str]]:
        """Every mask in every shape."""
        return [(s, m) for s in self.shapes for m in self.masks]


def _chosen(what: str, names: Iterable[str], known: tuple[str, ...]) -> tuple[str, ...]:
    names = tuple(names)
    for name in names:
        if name not in known:
            raise WrongCall(f"no {what} is called {name!r}; there are: {'; '.join(known)}")
    return tuple(name for name in known if name in names) or known


@dataclass(frozen=True, slots=True)
class Tally:
    """How the outputs or the gradients of a line ended; the worst entry is that of instance number `number`.

    Of the instances `suspicious` have an entry beyond what is likely; it is inside all the same. `accepted` counts
    the instances that each rule of others accepts.
    """

    inside: int
    outside: int
    undecided: int
    error: float
    bound: float
    number: int
    worst: JudgedEntry
    suspicious: int = 0
    accepted: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One mask in one shape.

    `changed` are the arguments that the function wrote into, `differing` the results that two runs of the first
    instance do not have in common bit for bit.
    """

    shape: Setting
    mask: str
    instances: int
    output: Tally
    gradients: Tally | None
    changed: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()

    @property
    def outside(self) -> bool:
        """Whether an output or a gradient is outside."""
        return any(t.outside for t in (self.output, self.gradients) if t)


def implementation(
    name: str,
    kind: Kind,
    function: Function,
    vjp: Function | None,
    wanted: Wanted,
    forward_only: bool = False,
    layout: AxisOrder = LEAN,
    arrays: str | None = None,
    preset: Preset | None = None,
) -> Implementation:
    """The implementation, as its first instance shows what arrays it takes; raises `WrongCall` for none that it can."""
    (shape, mask), *_ = wanted.lines
    first = layout.laid(kind.call(drawn(kind, shape, mask, wanted.dtype, 1, wanted.seed), 0))
    framework = framework_of(name, layout.kind(kind), function, first, arrays)
    return Implementation(name, kind, function, vjp, framework, forward_only, layout, arrays, preset)


def examine(of: Implementation, wanted: Wanted) -> Iterator[Line]:
    """Call the implementation and judge what it returns; raises `WrongCall`, with the instance, where it raises."""
    for shape, mask in wanted.lines:
        yield _line(of, wanted, shape, mask)


def _line(of: Implementation, wanted: Wanted, shape: Setting, mask: str) -> Line:
    batch = drawn(of.kind, shape, mask, wanted.dtype, wanted.instances, wanted.seed)
    returned = []
    for k in range(wanted.instances):
        try:
            returned.append(of.at(of.kind.call(batch, k), twice=k == 0))
        except WrongCall as why:
            where = f"shape {shape.name!r}, mask {mask!r}, instance {k} of seed {wanted.seed} in {wanted.dtype}"
            raise WrongCall(f"{why} ({where})") from why
    outputs, gradients = zip(*judge(batch, returned, wanted.arithmetic(of)), strict=True)
    checked = [g for g in gradients if g is not None]
    changed = tuple(dict.fromkeys(name for found in returned for name in found.changed))
    gradient = tally(checked) if checked else None
    return Line(shape, mask, wanted.instances, tally(outputs), gradient, changed, returned[0].differing or ())


def tally(found: Iterable[Judged]) -> Tally:
    """Count the verdicts, and keep the largest error and bound and the worst entry."""
    found = list(found)
    count = Counter(j.verdict for j in found)
    number = max(range(len(found)), key=lambda k: found[k].worst.rank)
    return Tally(
        count[INSIDE],
        count[OUTSIDE],
        count[UNDECIDED],
        max(j.error for j in found),
        max((j.bound for j in found if math.isfinite(j.bound)), default=math.inf),
        number,
        found[number].worst,
        sum(j.suspect is not None for j in found),
        dict(Counter(name for j in found for name in j.accepted)),
    )
