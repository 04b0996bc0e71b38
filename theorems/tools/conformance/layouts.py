"""How the arrays of an attention lie: Lean's way, or one of those that libraries have.

In a library's layout the keys lie as the queries do. Where there is a batch, the instance is one of two in it; the
other has its queries, keys and values with the other sign, so that what mixes the two up is seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from theorems.tools.conformance.kinds import ATTENTION, KernelCall, Kind
from theorems.tools.conformance.target import WrongCall

_PARAMETERS = ("q", "k", "v", "bias", "scale")


@dataclass(frozen=True, slots=True)
class AxisOrder:
    """The order of the axes of q, k and v, and of the result: b(atch), h(eads), n and d. Empty is Lean's own."""

    name: str = ""

    @property
    def batched(self) -> bool:
        """Whether there is a batch axis; the mask has it too."""
        return self.name.startswith("b")

    def kind(self, kind: Kind) -> Kind:
        """The kind as a function in this layout is called."""
        if not self.name:
            return kind
        letters = ", ".join(letter if letter in "nd" else letter.upper() for letter in self.name)
        return replace(kind, parameters=_PARAMETERS, inputs=_PARAMETERS[:3], result=f"({letters})")

    def laid(self, call: KernelCall) -> KernelCall:
        """The call, its arrays in this layout."""
        if not self.name:
            return call
        q, kt, v = call.inputs
        bias, scale = call.fixed
        slot, mask = _slot(call), np.stack([bias] * 2) if self.batched else bias
        inputs = tuple(self._out(a, slot, -a) for a in (q, kt.swapaxes(-1, -2), v))
        return KernelCall(inputs, (mask, scale), self._out(call.cotangent, slot, call.cotangent))

    def back(self, call: KernelCall, name: str, values: np.ndarray) -> np.ndarray:
        """An array that was returned at a call, as it lies in Lean; `name` is that of the input it belongs to."""
        if not self.name:
            return values
        one = values[_slot(call)] if self.batched else values
        heads_first = one.swapaxes(0, 1) if self.name.endswith("nhd") else one
        return heads_first.swapaxes(-1, -2) if name == "k" else heads_first

    def _out(self, array: np.ndarray, slot: int, other: np.ndarray) -> np.ndarray:
        pair = np.stack([array, other] if slot == 0 else [other, array]) if self.batched else array
        return np.ascontiguousarray(pair.swapaxes(-3, -2) if self.name.endswith("nhd") else pair)


LEAN, BHND, BNHD, HND = (AxisOrder(name) for name in ("", "bhnd", "bnhd", "hnd"))
LAYOUTS = {layout.name: layout for layout in (BHND, BNHD, HND)}


def layout_of(name: str | None, kind: Kind) -> AxisOrder:
    """The layout of this name, Lean's without one; raises `WrongCall` for a kind that has none of them."""
    if name and kind.name != ATTENTION.name:
        raise WrongCall(f"--layout {name} is of an attention, not of a {kind.name}: give --kind attention")
    return LAYOUTS[name] if name else LEAN


def _slot(call: KernelCall) -> int:
    """Where in the batch the instance lies: now here, now there, and always the same for the same instance."""
    return int(np.signbit(call.cotangent.flat[0]))
