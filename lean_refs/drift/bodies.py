"""How the bodies of one declaration differ: as text, as normal forms, and as interpreted data."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lean_refs.drift.records import THEOREMS, Change, Difference, Meaning
from lean_refs.fingerprint import Fingerprint
from lean_refs.interpreter.plain import Plain, first_difference
from lean_refs.reader.tokens import NAME

_PLAIN = re.compile(rf"{NAME}|\d+(?:\.\d+)?")


def body_differences(
    old: Fingerprint, new: Fingerprint, where: Mapping[str, str], absent: tuple[str, ...]
) -> list[Difference]:
    """At most one difference; `where` has the new names, `absent` what the old body names and the source lacks."""
    if new.unproved and not old.unproved:
        return [Difference(Change.BODY, Meaning.DIFFERS, "the body now has a sorry")]
    same_text = old.body == new.body
    change = Change.THROUGH if same_text and old.statement == new.statement else Change.BODY
    if new.disagrees:
        return [Difference(change, Meaning.DIFFERS, f"the text contradicts itself: {new.disagrees}")]
    if found := _data_differ(old, new, where):
        return [Difference(change, *found)]
    if same_text:
        return []
    if old.values and new.values:
        return [Difference(Change.COSMETIC, Meaning.SAME, "the body reads differently, the interpreted data agree")]
    if old.body_meaning == new.body_meaning:
        return [Difference(Change.COSMETIC, Meaning.SAME, "the body has the same normal form")]
    if old.kind in THEOREMS:
        return [Difference(Change.PROOF, Meaning.SAME, "what it proves is the statement")]
    why = old.outside or new.outside or "not interpreted"
    basis = f"the definition reads differently and was not compared as data: {why}{lacking(absent)}"
    return [Difference(Change.BODY, Meaning.UNKNOWN, basis)]


def lacking(absent: tuple[str, ...]) -> str:
    """That a source lacks what a text names, for the end of a basis."""
    return f"; the source lacks {', '.join(absent)}, which it names" if absent else ""


def _data_differ(old: Fingerprint, new: Fingerprint, where: Mapping[str, str]) -> tuple[Meaning, str] | None:
    """The first difference in the interpreted data, where both sides have some at the same dimensions.

    Texts of terms in the data may differ and mean the same.
    """
    for before, after in zip(old.values, new.values, strict=False):
        if [size for _, size in before.dims] != [size for _, size in after.dims]:
            return None
        was = _renamed(before.value, where)
        if difference := first_difference(was, after.value):
            sizes = ", ".join(f"{name} = {size}" for name, size in after.dims)
            certain = first_difference(was, _without_texts(was, after.value))
            basis = f"at {sizes}: {certain or difference}" if sizes else certain or difference
            return Meaning.DIFFERS if certain else Meaning.UNKNOWN, basis
    return None


def _without_texts(old: Plain, new: Plain) -> Plain:
    """The new value, with the old text wherever one of the two is more than a name or a number."""
    if isinstance(old, dict) and isinstance(new, dict):
        return {key: _without_texts(old.get(key, inner), inner) for key, inner in new.items()}
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [_without_texts(a, b) for a, b in zip(old, new, strict=True)]
    texts = isinstance(old, str) and isinstance(new, str) and not (_PLAIN.fullmatch(old) and _PLAIN.fullmatch(new))
    return old if texts else new


def _renamed(value: Plain, where: Mapping[str, str]) -> Plain:
    """A plain value in which renamed node constructors and structures have their new names."""
    if isinstance(value, dict):
        return {key: _renamed(inner, where) for key, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner, where) for inner in value]
    return where.get(value, value) if isinstance(value, str) else value
