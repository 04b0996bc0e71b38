"""What the lines are computed from: a whole tree, and the fingerprints of what is pinned of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from typing import Any

from lean_refs.fingerprint import Fingerprint
from lean_refs.ledger.line import LedgerKind, LedgerLine
from lean_refs.prose.reading import prose_of
from lean_refs.prose.records import About, Prose
from lean_refs.reader.names import NameTable
from lean_refs.reader.records import EXPLICIT, INSTANCE, Binder, LeanDeclaration, Reading
from lean_refs.reader.signature import UnreadableError, closing, top_level
from lean_refs.reader.telescope import telescope
from lean_refs.reader.tokens import Token, spelled

# By the convention of Mathlib and TorchLean, a binder with such a name is a hypothesis; by any other name one is that
# says something, or speaks of what is given before it.
_HYPOTHESIS = re.compile(r"h(?:$|[A-Z_\d₀-₉]|[a-z]{1,3}$|[^\x00-\x7f])")
NATURAL = ("Nat", "ℕ")
_SAYS = ("<", "≤", ">", "≥", "=", "≠", "∣", "∈", "∧", "∨", "↔")
_HEADS = frozenset(("∀", "∃", "¬", "∃!"))
_SIZED = frozenset((*NATURAL, "Shape", "Spec.Shape", "List", "Type", "Sort"))


@dataclass(frozen=True)
class LedgerText:
    """A tree, the fingerprints of what is pinned by the names it has there, and the file of the module."""

    tree: Reading
    made: Mapping[str, Fingerprint]
    module: str

    @cached_property
    def names(self) -> NameTable:
        """All names of the tree."""
        return NameTable(self.tree)

    @cached_property
    def pinned(self) -> list[LeanDeclaration]:
        """The pinned declarations, those of the module first, in the order of the source."""
        found = [d for d in self.tree.declarations if d.name in self.made and self.made[d.name].file == d.file]
        return sorted(found, key=lambda d: d.file != self.module)

    @property
    def theorems(self) -> Iterator[LeanDeclaration]:
        """The pinned theorems."""
        return (d for d in self.pinned if d.is_theorem)

    @property
    def of_module(self) -> Iterator[LeanDeclaration]:
        """The pinned declarations of the module."""
        return (d for d in self.pinned if d.file == self.module)

    @cached_property
    def module_prose(self) -> Sequence[Prose]:
        """What the module and its sections say of themselves."""
        file = self.tree.files.get(self.module)
        said = prose_of(file) if file else ()
        return [prose for prose in said if prose.about in (About.MODULE, About.SECTION)]

    def resolved(self, tokens: Sequence[Token], inside: LeanDeclaration) -> Iterator[str]:
        """The full names of the declarations that `tokens` name, in order, each time they do."""
        bound = {b.name for b in inside.binders}
        for token in free(tokens):
            if token.text.partition(".")[0] not in bound and (found := self.names.resolve_in(token.text, inside)):
                yield found.name

    def value(self, name: str) -> Any:
        """What a definition evaluates to at the first dimensions, as plain data; None where it is not interpreted."""
        made = self.made.get(name)
        return made.values[0].value if made and made.values else None

    def context(self, tokens: Sequence[Token], inside: LeanDeclaration) -> list[str]:
        """The definitions of lists of shapes that `tokens` name, in order."""
        named = dict.fromkeys(self.resolved(tokens, inside))
        return [name for name in named if self.context_of(name)]

    def number(self, tokens: Sequence[Token], inside: LeanDeclaration) -> int:
        """How many entries the contexts in some tokens have, with those that are written out in brackets."""
        found = sum(len(self.value(name)) for name in self.context(tokens, inside))
        return found + sum(_items(tokens, index) for index, token in enumerate(tokens) if token.text == "[")

    def called(self, name: str) -> str:
        """The end of a full name that no other pinned declaration has."""
        parts = name.split(".")
        for count in range(1, len(parts)):
            end = ".".join(parts[-count:])
            if sum(other == end or other.endswith(f".{end}") for other in self.made) <= 1:
                return end
        return name

    def over(self, tokens: Sequence[Token], inside: LeanDeclaration) -> str:
        """What a type ranges over, in the names of its contexts or shapes; a short one as it is written."""
        if contexts := self.context(tokens, inside):
            more = self.number(tokens, inside) - sum(len(self.value(name)) for name in contexts)
            return " ++ ".join([*map(short, contexts), *([f"{more} more"] if more else [])])
        shapes = [short(name) for name in dict.fromkeys(self.resolved(tokens, inside)) if _is_shape(self.value(name))]
        return listed(shapes) if shapes else shown(tokens) if len(tokens) < 3 else "another space"

    def context_of(self, name: str) -> bool:
        """Whether a definition is a list of shapes."""
        return _is_list_of_shapes(self.value(name))

    def line(self, kind: LedgerKind, about: LeanDeclaration, says: str, basis: str, subject: str = "") -> LedgerLine:
        """A line about a declaration."""
        return LedgerLine(kind, about.name, about.file, about.line, subject, says, basis)


def _is_list_of_shapes(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(shape, list) for shape in value)


def _items(tokens: Sequence[Token], opening: int) -> int:
    """The number of items in the brackets that open at a place."""
    inside = list(tokens[opening + 1 : closed(tokens, opening)])
    items = 0
    while inside:
        comma = top_level(inside, ",")
        inside, items = inside[comma + 1 :], items + 1
    return items


def closed(tokens: Sequence[Token], opening: int) -> int:
    """Where the bracket that opens at a place closes; where it never does, the end."""
    try:
        return closing(list(tokens), opening)
    except UnreadableError:
        return len(tokens)


def _is_shape(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(size, int) for size in value)


def free(tokens: Sequence[Token]) -> Iterator[Token]:
    """The names among some tokens, without those of arguments: not the `c` of `(c := …)`."""
    for token, following in zip_longest(tokens, tokens[1:]):
        if token.kind == "name" and not (following and following.text == ":="):
            yield token


def mentioned(tokens: Sequence[Token], among: Sequence[str]) -> list[str]:
    """Which of some bound names the tokens use, in the order of `among`."""
    used = {token.text.partition(".")[0] for token in free(tokens)}
    return [name for name in among if name in used]


def all_binders(declaration: LeanDeclaration) -> list[Binder]:
    """The binders before the colon, and what a theorem binds after it."""
    return [*declaration.binders, *(telescope(declaration.result) if declaration.is_theorem else ())]


def _is_hypothesis(binder: Binder, given: Sequence[str]) -> bool:
    """Whether a binder is one by its name, by what it says, or by the values that its type speaks of."""
    if binder.kind == INSTANCE or (len(binder.type) == 1 and binder.type[0].text in NATURAL):
        return False
    named = binder.kind == EXPLICIT and (not binder.name or _HYPOTHESIS.match(binder.name))
    return bool(named) or _is_said(binder.type) or bool(mentioned(binder.type, given))


def _is_said(tokens: Sequence[Token]) -> bool:
    """Whether a type is a proposition by its form: a relation outside all brackets, or what begins like one."""
    inside = bare(tokens)
    return bool(inside) and (inside[0].text in _HEADS or any(top_level(inside, w) < len(inside) for w in _SAYS))


def bare(tokens: Sequence[Token]) -> list[Token]:
    """Tokens without the brackets around all of them."""
    inside = list(tokens)
    while inside and inside[0].text == "(" and closed(inside, 0) == len(inside) - 1:
        inside = inside[1:-1]
    return inside


def hypotheses(declaration: LeanDeclaration) -> list[Binder]:
    """The hypotheses of a declaration."""
    found: list[Binder] = []
    values: list[str] = []
    for binder in all_binders(declaration):
        if _is_hypothesis(binder, values):
            found.append(binder)
        elif binder.kind == EXPLICIT and not _SIZED.intersection(t.text for t in binder.type[:1]):
            values.append(binder.name)
    return found


def arguments(declaration: LeanDeclaration) -> list[Binder]:
    """The explicit binders that are no hypotheses."""
    said = hypotheses(declaration)
    return [b for b in all_binders(declaration) if b.kind == EXPLICIT and b not in said]


def short(name: str) -> str:
    """The last component of a full name."""
    return name.rsplit(".", 1)[-1]


def listed(items: Sequence[str]) -> str:
    """`a, b and c`, or `none`."""
    return f"{', '.join(items[:-1])} and {items[-1]}" if len(items) > 1 else "".join(items) or "none"


def shown(tokens: Sequence[Token]) -> str:
    """Tokens as one would write them."""
    return re.sub(r"(?<=[(\[⟨]) | (?=[)\],⟩])", "", spelled(tuple(tokens)))


def is_map(binder: Binder) -> bool:
    """Whether a binder is a function or a linear map: an arrow outside all brackets of its type."""
    return arrow_of(binder) is not None


def arrow_of(binder: Binder) -> int | None:
    """Where the arrow of a function's type stands, or None."""
    tokens = list(binder.type)
    places = [at for word in ("→", "→L[ℝ]", "→ₗ[ℝ]") if (at := top_level(tokens, word)) < len(tokens)]
    return min(places, default=None)
