"""Counts in words: one noun or several, and no command that counts in a way of its own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.source import module_files
from theorems.tools.output.counted import counted

SNAPSHOTS = Path(__file__).parent.parent / "cli" / "snapshots"
# Words that end like a noun in the plural, and follow the name of one thing.
OTHERS = re.compile(
    "accepts|as|besides|bias|captures|carries|conforms|declares|does|fails|follows|gets|gives|has|holds|is|keeps|lets|"
    "matches|means|ms|names|needs|ours|pass|prints|raises|returns|runs|says|stands|takes|was"
)
NO_COUNTS = {
    "theorems.tools.audit.account": ["{fails} declarations"],  # of more than one, and its verb with it
    "theorems.tools.audit.ledger.written": ["{number} entries"],  # what the Lean text may say
    "theorems.tools.conformance.shapes": ["{n} positions", "{n} positions"],  # names of shapes, all of them long
    "theorems.tools.page.scatters": ["{values} values"],  # which values, not how many
}


@pytest.mark.parametrize(
    ("number", "what", "said"),
    [
        (1, "test", "1 test"),
        (0, "test", "0 tests"),
        (18000, "random instance", "18,000 random instances"),
        (1, "entry", "1 entry"),
        (2, "entry", "2 entries"),
        (2, "family", "2 families"),
        (2, "key", "2 keys"),
        (2, "hypothesis", "2 hypotheses"),
        (2, "class", "2 classes"),
    ],
)
def test_one_noun_or_several(number: int, what: str, said: str) -> None:
    assert counted(number, what) == said


def of_their_own(tree: ast.AST) -> Iterator[str]:
    """Fields of f-strings that a noun in the plural follows, whatever the number: `{n} rows`, `{n} row(s)`.

    A rate is a number with decimals, a constant is known to be more than one, and `n/m` is no count.
    """
    for text in (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)):
        for field, after in zip(text.values, text.values[1:], strict=False):
            if not isinstance(field, ast.FormattedValue) or not isinstance(after, ast.Constant):
                continue
            written, said = ast.unparse(field.value), str(after.value)
            noun = re.match(r" (?:(?:more|other|pinned) )?([a-z]{2,}(?:s|\(s\)))(?![a-z('])", said)
            rate = field.format_spec is not None and "f" in ast.unparse(field.format_spec)[2:-1]
            if (
                noun
                and not OTHERS.fullmatch(noun[1])
                and not rate
                and not re.fullmatch(r"_?[A-Z_]+|_of\(.*\)", written)
            ):
                yield f"{{{written}}}{noun[0]}"
            if re.match(r"s\b", said):
                yield f"{{{written}}}s"


def test_no_command_counts_by_itself() -> None:
    found = {
        name: [*of_their_own(ast.parse(path.read_text("utf-8")))] for name, path in module_files("theorems").items()
    }
    tools = {name: fields for name, fields in found.items() if name.startswith("theorems.tools.") and fields}
    assert tools == NO_COUNTS, "theorems/tools/output/counted.py says `1 row` and `2 rows`"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("f'{n} rows'", ["{n} rows"]),
        ("f'in {len(lines):,} rows of {k} masks'", ["{len(lines)} rows", "{k} masks"]),
        ("f'{cores} core(s), {n} more files'", ["{cores} core(s)", "{n} more files"]),
        ("f'{number} {kind}s'", ["{kind}s"]),
        ("f'{name} is {rate:,.1f} times as fast, {MOST} rows, {counted(n, \"row\")}'", []),
    ],
)
def test_a_count_by_itself_is_found(code: str, found: list[str]) -> None:
    assert list(of_their_own(ast.parse(code))) == found


def test_no_snapshot_says_one_of_several() -> None:
    """What an f-string does not show: a noun that is a value, or that stands further behind."""
    texts = {path.name: path.read_text("utf-8") for path in SNAPSHOTS.glob("*.txt")}
    ones = {
        name: said
        for name, text in texts.items()
        if (
            said := [
                one[0] for one in re.finditer(r"(?<![\w.,/−-])1 ([a-z]{2,}s)\b", text) if not OTHERS.fullmatch(one[1])
            ]
        )
    }
    assert texts
    assert not ones
