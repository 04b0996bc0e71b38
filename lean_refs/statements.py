"""What a declaration says, as hashes that a later reading of its project is compared with.

Layout, comments, docstrings and proofs are in none of them. A name of the project stands in full, however it is
spelled, so that another `open` or namespace changes nothing; a name of Mathlib or Lean stands as it is spelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cached_property, partial

from lean_refs.local_names import LocalName, local_names
from lean_refs.normal import digest
from lean_refs.propositions import propositions_in, states
from lean_refs.reader.layout import laid_out
from lean_refs.reader.names import NameTable, Resolved
from lean_refs.reader.records import LeanDeclaration, Reading
from lean_refs.reader.tokens import Token, spelled, unquoted
from lean_refs.said_parts import Proves, said_parts

_PLAIN_KINDS = {"lemma": "theorem"}


@dataclass(frozen=True, slots=True)
class SaidText:
    """What a declaration says: a hash of its own text, and the declarations of the project that this names.

    `fields` are what its text projects, calls or constructs by a dot, of which only the type tells whose it is;
    `foreign` are the names that are none of the project's.
    """

    text: str
    named: tuple[LeanDeclaration, ...]
    fields: frozenset[str]
    foreign: frozenset[str]


class Statements:
    """Hashes of the declarations of one reading; `called` gives some of them other names, wherever they are named."""

    def __init__(
        self, reading: Reading, called: Mapping[str, str] | None = None, names: NameTable | None = None
    ) -> None:
        self.names = names or NameTable(reading, every_open=True)
        self._reading = reading
        self._called = called or {}
        self._fields = {_last(new): _last(old) for new, old in self._called.items()}
        self._said: dict[tuple[str, str], SaidText] = {}

    @cached_property
    def _own(self) -> frozenset[str]:
        """The words of the project's own syntax, and what it declares of Lean's names that a spelling goes by."""
        words = {word for file in self._reading.files.values() for word in file.words}
        return frozenset(words | {name for name in ("Exists",) if name in self._owners})

    def called(self, names: Mapping[str, str]) -> Statements:
        """The same with other names for some declarations, by those that they have."""
        return Statements(self._reading, names, self.names)

    def kind(self, declaration: LeanDeclaration) -> str:
        """Its kind; a lemma is a theorem."""
        return _PLAIN_KINDS.get(declaration.kind, declaration.kind)

    def own(self, declaration: LeanDeclaration) -> str:
        """The hash of its statement; of what is no theorem, of what defines it too."""
        return self.said(declaration).text

    def beneath(self, declaration: LeanDeclaration) -> list[LeanDeclaration]:
        """All declarations of the project that it rests on, by name; theorems are none: a proof is as good as another.

        `.f` may be `T.f` for every T among them, and for every other T that stands in the same text.
        """
        found: dict[tuple[str, str], LeanDeclaration] = {_key(declaration): declaration}
        ahead, fields, types = [declaration], set[str](), set[str]()
        while ahead:
            said = [self.said(one) for one in ahead]
            types.update(one.name for one in ahead)
            fields.update(*(one.fields for one in said))
            projected = {name for one in said for name in self._projected(one.fields, one.foreign)}
            projected |= self._projected(fields, types)
            named = [one for by, text in zip(ahead, said, strict=True) for one in text.named if _counts(one, by)]
            named += [one for n in projected if not (one := self.names.declarations[n]).is_theorem]
            fresh = {_key(one): one for one in named}
            ahead = [one for key, one in fresh.items() if key not in found]
            found |= {_key(one): one for one in ahead}
        del found[_key(declaration)]
        return sorted(found.values(), key=lambda d: (self._shown(d.name), d.file))

    def rests_on(self, declaration: LeanDeclaration) -> str:
        """The hash of all that it rests on, directly or not; empty where that is nothing of the project."""
        lines = [f"{self._shown(one.name)} {self.own(one)}" for one in self.beneath(declaration)]
        return digest("\n".join(lines)) if lines else ""

    def said(self, declaration: LeanDeclaration) -> SaidText:
        """What it says: made once."""
        key = _key(declaration)
        if key not in self._said:
            self._said[key] = self._make(declaration)
        return self._said[key]

    def _make(self, declaration: LeanDeclaration) -> SaidText:
        parts = said_parts(declaration, self._proves(declaration), self._own)
        binders = {unquoted(one.name) for one in (*declaration.binders, *declaration.members)}
        named: dict[tuple[str, str], LeanDeclaration] = {}
        fields, foreign = set[str](), set[str]()
        words = [self.kind(declaration), *declaration.universes]
        for before, tokens in parts:
            words.append(before)
            places = _places(local_names(tokens))
            following = zip(laid_out(tokens), tokens, (*tokens[1:], None), strict=False)
            for k, (laid, token, after) in enumerate(following):
                # The `x` of `(x := …)` is an argument's name, and that of `let x := …` a local one.
                first = token.text.partition(".")[0]
                local = first in binders or any(k in place for place in places.get(first, ()))
                free = token.kind == "name" and not local and not _assigns(after)
                found = self.names.resolve_in(token.text, declaration) if free else None
                if found is not None:
                    home = self._home(found, declaration)
                    named |= {_key(home): home} if home else {}
                    fields.update(found.fields)
                elif free:
                    foreign.add(token.text)
                elif token.kind in ("name", "dot", "field"):
                    fields.update(token.text.split(".")[1:])
                words.append(laid + (self._full(found, declaration) if found else self._spelled(token)))
        named.pop(_key(declaration), None)
        return SaidText(digest(" ".join(words)), tuple(named.values()), frozenset(fields), frozenset(foreign))

    def _proves(self, declaration: LeanDeclaration) -> Proves:
        """Whether what has a type is, by that alone, a proof; a variable may be a proposition too."""
        known = propositions_in(self.names, declaration)
        variables = {one.name for one in declaration.binders if spelled(one.type[-2:]) in ("Prop", "→ Prop")}
        return partial(states, says=lambda name: name in variables or known(name))

    def _projected(self, fields: Set[str], types: Set[str]) -> set[str]:
        return {f"{t}.{f}" for f in fields for t in types & self._owners.get(f, set())}

    @cached_property
    def _owners(self) -> Mapping[str, set[str]]:
        """By the last part of each name what stands before it."""
        found: dict[str, set[str]] = {}
        for name in self.names.declarations:
            before, _, last = name.rpartition(".")
            found.setdefault(last, set()).add(before)
        return found

    def _home(self, found: Resolved, declaration: LeanDeclaration) -> LeanDeclaration | None:
        """The declaration that a name belongs to; a field or a constructor belongs to its type."""
        return self.names.get(self.names.children.get(found.name, found.name), declaration.file)

    def _full(self, found: Resolved, declaration: LeanDeclaration) -> str:
        """The full name that stands in a hash: its own name is blank, so that what defines itself may be renamed."""
        parent = self.names.children.get(found.name)
        member = found.name.removeprefix(parent) if parent else ""
        home = parent or found.name
        shown = "·" if home == declaration.name else self._shown(home)
        return ".".join((shown + member, *map(self._field, found.fields)))

    def _spelled(self, token: Token) -> str:
        """A token as it is, with the old names of what it reaches by dots."""
        if token.kind not in ("name", "dot", "field"):
            return token.text
        base, *fields = token.text.split(".")
        return ".".join((base, *map(self._field, fields)))

    def _field(self, name: str) -> str:
        return self._fields.get(name, name)

    def _shown(self, name: str) -> str:
        return self._called.get(name, name)


def _key(declaration: LeanDeclaration) -> tuple[str, str]:
    """A private name may be in several files."""
    return (declaration.file if declaration.is_private else "", declaration.name)


def _counts(one: LeanDeclaration, by: LeanDeclaration) -> bool:
    """A theorem is a proof to whoever names it, but what an alias says is what its theorem says."""
    return not one.is_theorem or by.kind == "alias"


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _assigns(token: Token | None) -> bool:
    return token is not None and token.text == ":="


def _places(bound: Iterable[LocalName]) -> dict[str, list[range]]:
    """By name the tokens among which it is bound."""
    found: dict[str, list[range]] = {}
    for one in bound:
        found.setdefault(one.name, []).append(range(one.start, one.end))
    return found
