"""What names promise: several names for one statement, and words that no definition of the statement has."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Set

from lean_refs.ledger.derivatives import derivatives
from lean_refs.ledger.line import LedgerKind, LedgerLine
from lean_refs.ledger.text import LedgerText, arguments, is_map, listed, short
from lean_refs.reader.records import LeanDeclaration

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# Words of a name that say how a theorem states something, not what about.
GRAMMAR = frozenset(
    [
        "has",
        "fderiv",
        "deriv",
        "at",
        "eq",
        "adjoint",
        "backprop",
        "vec",
        "pack",
        "of",
        "and",
        "the",
        "correct",
        "inner",
        "is",
        "to",
        "by",
        "from",
        "block",
        "two",
        "then",
        "d",
        "h",
    ]
)


def several_names(text: LedgerText) -> Iterator[LedgerLine]:
    """Pinned theorems with one statement, and the words in which their names differ."""
    classes: dict[str, list[LeanDeclaration]] = defaultdict(list)
    for declaration in text.theorems:
        classes[text.made[declaration.name].meaning].append(declaration)
    for members in (found for found in classes.values() if len(found) > 1):
        for declaration in members:
            others = [d for d in members if d is not declaration]
            own = words_of(short(declaration.name)) - set.union(*(words_of(short(d.name)) for d in others))
            words = f": nothing in the statement is what its name alone says ({', '.join(sorted(own))})" if own else ""
            where = listed([text.called(d.name) for d in others])
            says = f"as {where}{words}"
            yield text.line(LedgerKind.TWIN, declaration, says, "normal forms of the statements")


def without_definition(text: LedgerText) -> Iterator[LedgerLine]:
    """Words in the name of a theorem, or of a map that it takes, that no definition below the statement has."""
    for declaration in text.theorems:
        own = words_of(short(declaration.name))
        maps = {b.name: words_of(b.name) for b in arguments(declaration) if is_map(b)}
        if not maps or not derivatives(declaration, text):
            continue
        own_rooms = declaration.name.split(".")[:-1]
        parts = {part for name in below(declaration.name, text) for part in name.split(".") if part not in own_rooms}
        backing = set().union(*map(words_of, parts))
        lacking = sorted(word for word in own - GRAMMAR if not _backed(word, backing))
        taken = {n: sorted(w for w in words - GRAMMAR if not _backed(w, backing)) for n, words in maps.items()}
        said = [f'its name says "{" ".join(lacking)}"'] if lacking else []
        said += [
            f'{name} says "{" ".join(words)}"' for name, words in taken.items() if words and not name.startswith("D")
        ]
        if said:
            says = f"{listed(said)}: no definition that the statement rests on has such a name"
            yield text.line(LedgerKind.UNBACKED, declaration, says, "names below the statement")


def words_of(name: str) -> set[str]:
    """The words of a name in camel case, in small letters."""
    return set(in_words(name))


def in_words(name: str) -> list[str]:
    """The same in order."""
    return [word.lower() for word in _WORD.findall(name)]


def _backed(word: str, backing: Set[str]) -> bool:
    return len(word) < 3 or any(other.startswith(word[:4]) for other in backing)


def below(name: str, text: LedgerText) -> set[str]:
    """What a statement names, and what the definitions there are made of; of a definition what it is made of."""
    made = text.made[name]
    is_theorem = made.kind in ("theorem", "lemma")
    reached, ahead = set[str](), [*made.named, *(() if is_theorem else made.named_in_body)]
    while ahead:
        if (found := text.made.get(ahead.pop())) and found.name not in reached:
            reached.add(found.name)
            ahead += (*found.named, *found.named_in_body)
    return reached
