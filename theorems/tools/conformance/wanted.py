"""What is to be examined: the dtype, the shapes, the masks and the values, and how many instances of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mirror.bounds.declared import FloatArithmetic
from theorems.engine.strategies.jitted import Setting
from theorems.tools.conformance.blocked import BlockedRows
from theorems.tools.conformance.calling import Implementation
from theorems.tools.conformance.declaring import AS_USUAL, Declared
from theorems.tools.conformance.design import TriedRow, covering, product_of
from theorems.tools.conformance.dims import around, of_tile, parsed
from theorems.tools.conformance.kinds import Kind
from theorems.tools.conformance.masks import FINITE, INFINITE, is_infinite
from theorems.tools.conformance.memory import refuse_too_large
from theorems.tools.conformance.shapes import FEW_POSITIONS, ShapeClass
from theorems.tools.conformance.target import WrongCall
from theorems.tools.conformance.values import ORDINARY

# What a call may take where nothing else is said: far more than the compilation of a kernel takes.
SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """The rows to examine, and the seed that their instances come from; each call may take so many seconds.

    Without a number of instances it is that which the shape allows. `blocked` is what the function is said to return
    for queries that see no key; `strict` rejects what is otherwise a remark.
    """

    dtype: str
    instances: int | None
    seed: int
    rows: tuple[TriedRow, ...]
    seconds: float = SECONDS
    declared: Declared = AS_USUAL
    blocked: BlockedRows | None = None
    strict: bool = False

    @classmethod
    def of(
        cls,
        kind: Kind,
        dtype: str,
        instances: int | None,
        seed: int,
        *,
        shapes: Iterable[str] = (),
        masks: Iterable[str] = (),
        dims: Iterable[str] = (),
        values: Iterable[str] = (),
        allowed: Iterable[str] | None = None,
        minus_infinity: bool = False,
        seconds: float = SECONDS,
        declared: Declared = AS_USUAL,
        blocked: str | None = None,
        strict: bool = False,
        tile: int | None = None,
    ) -> Wanted:
        """The covering design of all shapes, masks and values, or those with these names and these dimensions.

        Masks alone are met with ordinary numbers, masks and values in their full product; `allowed` are the masks that
        the function can be given at all. Raises `WrongCall` for a name that there is not, for dimensions that are none,
        for a mask with −∞ that the function is not said to take, for an exact value under a row of it, for a
        tile that no shape has room for, and for a shape that the memory has no room for.
        """
        shapes, masks, values, dims = (tuple(names) for names in (shapes, masks, values, dims))
        known = tuple(allowed or ((*FINITE, *INFINITE) if minus_infinity else FINITE))
        for name in masks:
            if is_infinite(name) and not minus_infinity:
                raise WrongCall(f"the mask {name!r} holds -inf: say with --minus-inf that the function takes it")
        way = BlockedRows(blocked) if blocked else None
        if way is BlockedRows.EXACT and minus_infinity:
            raise WrongCall(
                "no row of -inf has an exact value: --minus-inf goes with --blocked-rows skip, uniform or zero"
            )
        chosen = _chosen("mask", masks, known)
        which = values or ((ORDINARY,) if masks else ())
        classes = tuple(_classes(kind, shapes, dims, tile))
        for shape in (shape for of in classes for shape in of.shapes):
            refuse_too_large(shape, instances or 1)
        rows = _rows(classes, chosen, _chosen("values", which, kind.values), bool(masks))
        return cls(dtype, instances, seed, rows, seconds, declared, way, strict)

    def arithmetic(self, of: Implementation) -> FloatArithmetic:
        """What an implementation computes in, as declared."""
        declared = of.preset.over(self.declared, self.dtype) if of.preset else self.declared
        return declared.arithmetic(self.dtype, of.library)

    @property
    def shapes(self) -> tuple[Setting, ...]:
        """The shapes of the rows, each once."""
        return tuple(dict.fromkeys(row.shape for row in self.rows))

    def instances_of(self, shape: Setting) -> int:
        """How many instances of each row of a shape are examined."""
        return self.instances or (2 if shape.dims.seq_len <= FEW_POSITIONS else 1)


def _classes(kind: Kind, names: tuple[str, ...], dims: tuple[str, ...], tile: int | None) -> Iterable[ShapeClass]:
    """The classes of shapes, or one of those with these names and these dimensions; about a tile's multiples."""
    own = {s.name: s for text in dims for s in around(parsed(text, kind), tile, kind)}
    if not names and not own:
        return [of for of in kind.classes if of.usual] if tile is None else (kind.classes[0], of_tile(tile, kind))
    if tile and names:
        raise WrongCall(
            "--tile chooses n, and a shape that --shape names has its own: give --tile alone or with --dims"
        )
    known = {s.name: s for s in kind.shapes}
    named = _chosen("shape", names, tuple(known)) if names else ()
    return (ShapeClass("asked for", (*(known[name] for name in named), *own.values()), values=kind.values),)


def _rows(
    classes: Iterable[ShapeClass], masks: tuple[str, ...], values: tuple[str, ...], product: bool
) -> tuple[TriedRow, ...]:
    if product:
        return tuple(product_of([shape for of in classes for shape in of.shapes], masks, values))
    return tuple(row for of in classes for row in covering(of, masks, values))


def _chosen(what: str, names: Iterable[str], known: tuple[str, ...]) -> tuple[str, ...]:
    """The names among those that there are, in their order; all where none is given."""
    names = tuple(names)
    for name in names:
        if name not in known:
            verb = "are" if what == "values" else "is"
            raise WrongCall(f"no {what} {verb} called {name!r}; there are: {'; '.join(known)}")
    return tuple(name for name in known if name in names) or known
