"""What somebody asks to have examined: a function of their own, or a preset's, and how it is called."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from theorems.tools.conformance.calling import Implementation
from theorems.tools.conformance.kinds import ATTENTION, BLOCK, KINDS, Function, Kind
from theorems.tools.conformance.layouts import AxisOrder, layout_of
from theorems.tools.conformance.presets import PRESETS
from theorems.tools.conformance.presets.preset import Preset
from theorems.tools.conformance.run import implementation
from theorems.tools.conformance.target import WrongCall, found_at, load, own_vjp
from theorems.tools.conformance.wanted import Wanted


@dataclass(frozen=True, slots=True)
class Subject:
    """A function, its VJP where it has one of its own, and how they are called; `arrays` is empty until it is found."""

    name: str
    kind: Kind
    function: Function
    vjp: Function | None
    layout: AxisOrder
    arrays: str | None
    preset: Preset | None = None

    @classmethod
    def of(
        cls,
        target: str | None,
        kind: str | None,
        *,
        vjp: str | None = None,
        preset: str | None = None,
        layout: str | None = None,
        arrays: str | None = None,
    ) -> Subject:
        """Find the function MODULE:FUNCTION or the preset's own; raises `WrongCall` where there is none such.

        A kind need not be named: a preset or a layout is of an attention, everything else is a block.
        """
        if preset:
            return _by_preset(PRESETS[preset], target, kind, vjp, layout, arrays)
        if not target:
            raise WrongCall("Missing argument 'MODULE:FUNCTION', or --preset for the attention of a library.")
        which = KINDS[kind or (ATTENTION if layout else BLOCK).name]
        lies = layout_of(layout, which)
        called = lies.kind(which)
        try:
            function = load(target, called)
        except WrongCall as why:
            raise WrongCall(f"{why}{'' if kind or layout else _as_attention(target)}") from why
        return cls(target, which, function, _vjp(target, function, vjp, called), lies, arrays)

    def masks(self, names: Iterable[str]) -> tuple[str, ...]:
        """The masks that are named; raises `WrongCall` for one that the function cannot be given."""
        return self.preset.masks(names) if self.preset else tuple(names)

    @property
    def allowed(self) -> tuple[str, ...] | None:
        """The masks that the function can be given; None: all of them."""
        return self.preset.allowed if self.preset else None

    def implementation(self, wanted: Wanted, forward_only: bool) -> Implementation:
        """The function as it is called; raises `WrongCall` where it returns no array."""
        how = (self.layout, self.arrays, self.preset)
        return implementation(self.name, self.kind, self.function, self.vjp, wanted, forward_only, *how)


def _as_attention(target: str) -> str:
    """What to say besides where a function that was taken for a block is called as an attention is."""
    with suppress(WrongCall):
        load(target, ATTENTION)
        return "; for an attention say --kind attention"
    return ""


def _by_preset(
    preset: Preset, target: str | None, kind: str | None, vjp: str | None, layout: str | None, arrays: str | None
) -> Subject:
    if kind not in (None, ATTENTION.name):
        raise WrongCall(f"--preset {preset.name} is an attention, not a {kind}: leave --kind out")
    if layout not in (None, preset.layout.name):
        raise WrongCall(f"--preset {preset.name} has the layout {preset.layout.name}, not {layout}: leave --layout out")
    function, called = preset.function(target), preset.layout.kind(ATTENTION)
    if target is None:
        target, value, arrays = preset.shown, None, arrays or preset.arrays
    else:
        value = found_at(target, ATTENTION.name)
    return Subject(target, preset.kind, function, _vjp(target, value, vjp, called), preset.layout, arrays, preset)


def _vjp(name: str, function: object, named: str | None, called: Kind) -> Function | None:
    """The VJP of that name, or the function's attribute."""
    return load(named, called, vjp=True) if named else own_vjp(name, function, called)
