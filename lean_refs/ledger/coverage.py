"""What files that claim coverage say of the module's theorems: as proved or as open, and of their hypotheses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from lean_refs.ledger.certificates import data_of
from lean_refs.ledger.line import LedgerKind, LedgerLine
from lean_refs.ledger.naming import GRAMMAR, in_words
from lean_refs.ledger.text import LedgerText, hypotheses, listed, short
from lean_refs.prose.reading import claims, prose_of
from lean_refs.prose.texts import Passage
from lean_refs.reader.records import LeanDeclaration

# A part under such a heading says what is not proved yet.
_OPEN = re.compile(r"\b(?:remaining|open|future|todo|not yet)\b", re.IGNORECASE)
_HYPOTHESES = re.compile(
    r"\b(?:domain|explicit)\b.*\bhypothes[ei]s\b|\bhypothes[ei]s\b.*\b(?:domain|explicit)", re.IGNORECASE
)
_POSITION = frozenset(("pre", "post", "norm"))


class CoveragePassage(NamedTuple):
    """A passage of a file that claims coverage, and whether its heading says that it is open."""

    file: str
    passage: Passage
    open: bool


def coverage(text: LedgerText) -> Iterator[LedgerLine]:
    """Of each theorem of the module that such a file speaks of, by two words in a row of its name."""
    found = list(_claims(text))
    for declaration in (d for d in text.of_module if d.is_theorem):
        about = [claim for claim in found if _pairs(short(declaration.name)) & _said(claim.passage)]
        if about:
            yield _line(declaration, about, text)


def _claims(text: LedgerText) -> Iterator[CoveragePassage]:
    for file in text.tree.files.values():
        if claims(file.file):
            for prose in prose_of(file):
                yield from (
                    CoveragePassage(file.file, passage, bool(_OPEN.search(prose.name))) for passage in prose.paragraphs
                )


def _pairs(name: str) -> set[tuple[str, str]]:
    words = pairwise(in_words(name))
    return {pair for pair in words if not GRAMMAR.issuperset(pair) and not _POSITION.intersection(pair)}


def _said(passage: Passage) -> set[tuple[str, str]]:
    words = [word for written in passage.words for word in re.findall(r"[a-z]+", written.lower())]
    return set(pairwise(words))


def _line(declaration: LeanDeclaration, about: list[CoveragePassage], text: LedgerText) -> LedgerLine:
    files = listed(list(dict.fromkeys(claim.file for claim in about)))
    proved = sum(not claim.open for claim in about)
    said = [f"passages of {files} with its words: {proved} on what is proved, {len(about) - proved} on what is open"]
    if any(_HYPOTHESES.search(" ".join(claim.passage.words)) for claim in about):
        data = [h.name for h in hypotheses(declaration) if data_of(h, declaration, text)]
        stated = [h.name for h in hypotheses(declaration) if h.name not in data]
        what = f"{listed(data)} {'is' if len(data) == 1 else 'are'} data" if data else f"they are {listed(stated)}"
        said.append(f"one says that hypotheses of a domain are stated: {what}")
    lines = ", ".join(str(claim.passage.line) for claim in about)
    return text.line(LedgerKind.COVERAGE, declaration, "; ".join(said), f"its name, and lines {lines} there")
