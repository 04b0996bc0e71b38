"""A declaration in its own words."""

from __future__ import annotations

import pytest

from lean_refs.reader.scan import read_text
from lean_refs.written import body_written, statement_written


@pytest.mark.parametrize(
    ("text", "statement", "body"),
    [
        (
            "theorem t {a b : Nat}\n    (h : a\n < b) [Add α] : a ≠ b := by\n  omega",
            "theorem t {a b : Nat} (h : a < b) [Add α] : a ≠ b",
            ":= by omega",
        ),
        ("def d (a : Nat := 1) := a", "def d (a : Nat := 1)", ":= a"),
        (
            "structure S where\n  x : Nat := 0\n  f (y : Nat) : y = y",
            "structure S | x : Nat := 0 | f (y : Nat) : y = y",
            None,
        ),
    ],
)
def test_a_declaration_is_written_on_one_line(text: str, statement: str, body: str | None) -> None:
    (declaration,) = read_text("A.lean", text).declarations
    assert statement_written(declaration) == statement
    if body is not None:
        assert body_written(declaration) == body
