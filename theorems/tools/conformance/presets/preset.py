"""What a preset says of an attention: how it is called, and what arithmetic it computes in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from importlib.metadata import version
from typing import Any

import jax
import numpy as np

from theorems.engine.strategies.jitted import Setting
from theorems.tools.conformance.declaring import AS_USUAL, Declared
from theorems.tools.conformance.kinds import ATTENTION, Function, Kind
from theorems.tools.conformance.layouts import AxisOrder
from theorems.tools.conformance.masks import FINITE, NAMES
from theorems.tools.conformance.target import WrongCall, bound, found_at

# What an attention is told by keyword: the mask that is added, the scale, or where the mask is open, in booleans.
BIAS, SCALE, OPEN = "bias", "scale", "open"
_ARRAYS = ("query", "key", "value")
# A boolean says no less than a mask below this: what is closed has weight 0 in any format, whatever its logit.
_CLOSED = -1e8


@dataclass(frozen=True, slots=True)
class Preset:
    """An attention as a library has it: `f(query, key, value, …)` in a layout, and what each keyword is given.

    One without a scale has 1/√d, and one that takes booleans is tried under the masks that have no value between open
    and closed. The library calls its own function `shown`; `target` is where it is, `package` what it is installed by,
    `arrays` whose it takes. `declared` is the function's own arithmetic, by dtype.
    """

    name: str
    package: str
    shown: str
    target: str
    arrays: str
    layout: AxisOrder
    keywords: Mapping[str, str]
    declared: Mapping[str, Declared] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        """The attention with the scale that a function has of its own, where it takes none."""
        if SCALE in self.keywords.values():
            return ATTENTION
        classes = (replace(c, shapes=tuple(map(_with_own_scale, c.shapes))) for c in ATTENTION.classes)
        return replace(ATTENTION, classes=tuple(classes))

    def masks(self, names: Iterable[str]) -> tuple[str, ...]:
        """The masks that are named; raises `WrongCall` for one that it cannot be given."""
        names = tuple(names)
        for name in names:
            if self.allowed and name in NAMES and name not in self.allowed:
                known = "; ".join(self.allowed)
                raise WrongCall(f"the preset {self.name} takes masks of booleans, unlike {name!r}; there are: {known}")
        return names

    @property
    def allowed(self) -> tuple[str, ...] | None:
        """The masks that it can be given; None: all of them."""
        return _BOOLEAN if OPEN in self.keywords.values() else None

    def remarks(self, name: str) -> Iterator[str]:
        """What a report says of a function of this name that is called as the library's own."""
        if name == self.shown:
            yield f"It is that of {self.package} {version(self.package)}."
        if self.allowed:
            left_out = "; ".join(mask for mask in FINITE if mask not in self.allowed)
            yield f"It takes masks of booleans; these masks say more and were left out: {left_out}."

    def over(self, declared: Declared, dtype: str) -> Declared:
        """What somebody says of its arithmetic and, where nothing is said, what is known of it."""
        return declared.over(self.declared.get(dtype, AS_USUAL))

    def function(self, target: str | None) -> Function:
        """The library's own function, or the one of this name, as one of q, k, v, a mask that is added, and a scale.

        Raises `WrongCall` where there is none, where it is called otherwise, or where the library is not installed.
        """
        if target:
            value = found_at(target, "attention")
            return self._called(bound(target, value, self._signature, _ARRAYS, self.keywords))
        self._installed()
        own = self._called(found_at(self.target, "attention"))
        # Operation by operation would take longer, and is not how it is used.
        return jax.jit(own, static_argnums=4) if self.arrays == "jax" else own

    @property
    def _signature(self) -> str:
        return f"f({', '.join((*_ARRAYS, *(f'{keyword}={what}' for keyword, what in self.keywords.items())))})"

    def _called(self, function: Function) -> Function:
        def attention(q: Any, k: Any, v: Any, bias: Any, scale: float) -> Any:
            told = {BIAS: bias, SCALE: scale, OPEN: bias == 0}
            return function(q, k, v, **{keyword: told[what] for keyword, what in self.keywords.items()})

        return attention

    def _installed(self) -> None:
        try:
            import_module(self.package)
        except ModuleNotFoundError as why:
            said = f"the preset {self.name} needs {self.package}, which is not installed: pip install {self.package}"
            raise WrongCall(said) from why


def _with_own_scale(s: Setting) -> Setting:
    return replace(s, scale=s.dims.head_dim**-0.5)


def _boolean(name: str) -> bool:
    mask = FINITE[name](np.random.default_rng(0), 2, 8)
    return bool(((mask == 0) | (mask < _CLOSED)).all())


_BOOLEAN = tuple(name for name in FINITE if _boolean(name))
