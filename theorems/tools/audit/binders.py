"""The binders of a statement: as our theorems write them, and as Lean has them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lean_refs.fingerprint import Fingerprint
from lean_refs.normal import digest
from lean_refs.reader.records import EXPLICIT, IMPLICIT, INSTANCE, STRICT

_GROUP = re.compile(r"\(([^()]*)\)|\{([^{}]*)\}|\[([^\[\]]*)\]|⦃([^⦃⦄]*)⦄")
_KINDS = (EXPLICIT, IMPLICIT, INSTANCE, STRICT)
_BRACKETS = {EXPLICIT: "({})", IMPLICIT: "{{{}}}", INSTANCE: "[{}]", STRICT: "⦃{}⦄"}
_NATURAL = digest("Nat")


@dataclass(frozen=True, slots=True)
class StatedBinder:
    """A binder by name ('' for the unnamed left side of an arrow), kind, and hash of its default.

    An instance has the class it asks for as its name.
    """

    name: str
    kind: str
    default: str = ""

    def __str__(self) -> str:
        return _BRACKETS[self.kind].format(self.name or "an unnamed hypothesis")


class UnreadableBindersError(ValueError):
    """A theorem's `binders` that are not groups in Lean's brackets; the message shows what is left over."""


def written(binders: str) -> tuple[StatedBinder, ...]:
    """The binders of a text such as `{E} [NormedSpace ℝ E] (c) (bias := 0) (xV seedV)`.

    Raises `UnreadableBindersError` for anything outside brackets.
    """
    if left := _GROUP.sub("", binders).strip():
        raise UnreadableBindersError(f"{left!r} stands outside the brackets of {binders!r}")
    return tuple(b for found in _GROUP.finditer(binders) for b in _group(found.groups()))


def _group(parts: tuple[str | None, ...]) -> Iterable[StatedBinder]:
    kind, text = next((kind, text) for kind, text in zip(_KINDS, parts, strict=True) if text is not None)
    if kind == INSTANCE:
        return [StatedBinder(text.split()[0], kind)]
    names, _, default = text.partition(":=")
    return [StatedBinder(name, kind, digest(default.strip()) if default else "") for name in names.split()]


def lean_binders(made: Fingerprint) -> tuple[StatedBinder, ...]:
    """The binders of a Lean theorem: before its colon, then what its statement binds after it."""
    before = [StatedBinder(b.instance_of or b.name, b.kind, b.default) for b in made.binders]
    return (*before, *(StatedBinder(name, kind) for name, kind in made.quantified))


def lean_hypotheses(made: Fingerprint) -> list[str]:
    """The names of the hypotheses ('' for one without a name), in order.

    By the convention of Mathlib and TorchLean they are the explicit binders whose name starts with `h`;
    one of type `Nat` is a number of heads.
    """
    numbers = {b.name for b in made.binders if b.type == _NATURAL}
    explicit = [b.name for b in lean_binders(made) if b.kind == EXPLICIT]
    return [name for name in explicit if not name or (name.startswith("h") and name not in numbers)]
