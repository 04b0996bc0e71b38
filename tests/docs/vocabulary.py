"""The page of the vocabulary: its tables, as the evaluator's own list has them."""

from __future__ import annotations

from collections.abc import Iterator

from lean_refs.evaluator.vocabulary.listing import vocabulary
from lean_refs.evaluator.vocabulary.notation import Notation

PAGE = "docs/vocabulary.md"
_FIRST = {
    "names": "name, with its parameters and its type",
    "structures": "structure, by its fields",
    "operators": "operator",
    "coercions": "coercion",
    "tactics": "tactic",
}


def with_tables(text: str) -> str:
    """The page with its tables as they are now: what stands before its first heading of a table stays."""
    front = text.partition(f"\n## {next(iter(_FIRST)).capitalize()}\n")[0]
    return "\n".join((front, *_tables()))


def _tables() -> Iterator[str]:
    for kind, rows in vocabulary().items():
        yield f"## {kind.capitalize()}\n"
        yield f"| {_FIRST[kind]} | in Lean, Mathlib | meaning |\n| --- | --- | --- |"
        yield from map(_row, rows)
        yield ""


def _row(row: Notation) -> str:
    return f"| {_code(row.written)} | {_source(row.source)} | {_cell(row.meaning)} |"


def _source(source: str) -> str:
    """Names as code, words as they are."""
    return ", ".join(_code(one) for one in source.split(", ")) if " " not in source.replace(", ", "") else source


def _code(text: str) -> str:
    return f"`{_cell(text)}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
