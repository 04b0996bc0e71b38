"""From Lean arguments to those of the counterpart: names by one rule, values by the Python type."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from lean_refs.facts import snake_case
from lean_refs.fingerprint import BinderPrint
from mirror.dims import Dims
from mirror.ops.transformer.decoder_block import Parameters
from mirror.spec.core.shape import Context, Shape
from theorems.tools.audit.markers import MarkedMap, MarkedVector, Markers, score_count

# Lean names whose Python spelling is not the snake_case of them; `ε₁` is `eps1`, by the digits below.
_SPELLED = {"ss": "saved", "ε": "eps", "Γ": "context", "τ": "shape"}
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
# What a dimension is that Lean does not hand over: used by mistake, it shows.
_NOT_GIVEN = 29

Lean = Mapping[str, int]


class UnknownArgumentError(Exception):
    """A parameter of a counterpart that no rule gives a value; the message names it."""


def python_name(lean: str) -> str:
    """The Python spelling of a Lean argument: `numHeads` is `num_heads`, `ε₂` is `eps2`, `ss` is `saved`."""
    base = lean.rstrip("₀₁₂₃₄₅₆₇₈₉")
    return _SPELLED.get(base, snake_case(base)) + lean[len(base) :].translate(_SUBSCRIPTS)


class Arguments:
    """What a counterpart is called with, for Lean arguments at given dimensions."""

    def __init__(self, binders: Sequence[BinderPrint], dims: Lean, saved: Context, shape: Shape) -> None:
        self._lean = {python_name(b.name): b.name for b in binders if b.name}
        self._dims = {python_name(name): value for name, value in dims.items()}
        self._saved, self._shape = saved, shape
        self.markers = Markers(score_count(self._dims))

    def of(self, target: Callable[..., Any]) -> dict[str, Any]:
        """The arguments of `target` by name; raises `UnknownArgumentError` for one that no rule covers."""
        return {p.name: self._value(p.name, str(p.annotation)) for p in inspect.signature(target).parameters.values()}

    def _value(self, name: str, annotation: str) -> Any:
        if annotation == "Dims":
            return Dims(**{f.name: self._dims.get(f.name, _NOT_GIVEN) for f in fields(Dims)})
        if annotation == "Parameters":
            return Parameters(**{f.name: self._marker(f.name, str(f.type)) for f in fields(Parameters)})
        if annotation == "Context":
            return self._saved
        if annotation == "Shape":
            return self._shape
        if annotation == "int" and name in self._dims:
            return self._dims[name]
        return self._marker(name, annotation)

    def _marker(self, name: str, annotation: str) -> Any:
        lean = self._lean.get(name, f"{name}, which Lean does not take here")
        match annotation:
            case "LinearMap":
                return MarkedMap(lean)
            case "np.ndarray":
                return MarkedVector(lean)
            case "fmpq":
                return self.markers.number(lean)
            case "Sequence[Any] | np.ndarray | None":
                return self.markers.scores(lean)
        raise UnknownArgumentError(f"the parameter {name} of type {annotation} matches no Lean argument")


def omitted(target: Callable[..., Any], arguments: Mapping[str, Any], lean: Iterable[str]) -> dict[str, Any]:
    """The arguments without those of the Lean names `lean`, so that Python's own defaults take their place."""
    gone = {python_name(name) for name in lean}
    kept = {name: value for name, value in arguments.items() if name not in gone}
    if isinstance(p := kept.get("p"), Parameters):
        own = {f.name: getattr(p, f.name) for f in fields(Parameters) if f.name not in gone}
        kept["p"] = Parameters(**own)
    return kept
