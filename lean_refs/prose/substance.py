"""What a declaration says: names of arguments and fields, names of Mathlib, symbols, and the definitions it names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from lean_refs.reader.names import NameTable
from lean_refs.reader.records import LeanDeclaration
from lean_refs.reader.tokens import NAME, Token, name_parts, spellings

_NAME = re.compile(NAME)
_SORTS = frozenset(("Prop", "Type", "Sort"))


@dataclass(frozen=True, slots=True)
class Said:
    """What some text says: `words` that nothing in the source defines, and the full names of what it does define."""

    words: frozenset[str] = frozenset()
    defined: frozenset[str] = frozenset()

    def __or__(self, other: Said) -> Said:
        return Said(self.words | other.words, self.defined | other.defined)


class Substance:
    """What the declarations of a reading say, directly and through the definitions that they name.

    The name of a definition says nothing: what counts is what it is defined by.
    """

    def __init__(self, names: NameTable) -> None:
        self.names = names
        self.conclusion = cache(self._conclusion)
        self.statement = cache(self._statement)

    def _conclusion(self, name: str, file: str) -> Said:
        """What a theorem concludes, or all that a definition says but the types of its arguments."""
        made = self._of(name, file)
        if made.is_theorem:
            return self._read(_texts(made.result), made)
        members = {token.text for member in made.members for token in (*member.type, *member.default)}
        fields = Said(frozenset(member.name for member in made.members))
        return self._read(_texts(made.result) | members | spellings(made.body), made) | fields

    def _statement(self, name: str, file: str) -> Said:
        """The same with all that its arguments are called and are."""
        made = self._of(name, file)
        types = {token.text for binder in made.binders for token in (*binder.type, *binder.default)}
        arguments = Said(frozenset(binder.name for binder in made.binders if binder.name))
        return self.conclusion(name, file) | self._read(types, made) | arguments

    def _of(self, name: str, file: str) -> LeanDeclaration:
        made = self.names.get(name, file) or self.names.private(name)
        assert made is not None, f"{name}, which was resolved"
        return made

    def _read(self, texts: set[str], owner: LeanDeclaration) -> Said:
        words, defined = set[str](), set[str]()
        bound = {binder.name for binder in owner.binders}
        for text in texts:
            if not _NAME.match(text):
                # `.field` and `.constructor` belong to what the types say, which is not known here.
                words.update(name_parts(text) if text[0] == "." and len(text) > 1 else (text,))
            elif text.partition(".")[0] in bound:
                words.update(name_parts(text)[1:])
            elif (resolved := self.names.resolve_in(text, owner)) is None:
                words.update(name_parts(text))
            else:
                parent = self.names.children.get(resolved.name)
                defined.add(parent or resolved.name)
                words.update(resolved.fields)
                words |= {resolved.name.rsplit(".", 1)[-1]} if parent else set()
        return Said(frozenset(words), frozenset(defined - {owner.name}))

    def is_predicate(self, name: str, file: str) -> bool:
        """Whether a definition, structure or inductive type is one of types or propositions."""
        made = self._of(name, file)
        return made.kind in ("structure", "class", "inductive") or any(t.text in _SORTS for t in made.result)

    def is_theorem(self, name: str, file: str) -> bool:
        """Whether a declaration is proved: what it says is nothing that rests in a definition."""
        return self._of(name, file).is_theorem


def _texts(tokens: Iterable[Token]) -> set[str]:
    return {token.text for token in tokens}
