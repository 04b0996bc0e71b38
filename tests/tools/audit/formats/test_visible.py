"""What is shown of text that has control characters."""

from __future__ import annotations

import unicodedata

import pytest

from tests.tools.audit.formats.accounts import HOSTILE
from theorems.tools.audit.formats.visible import at, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x ≤ y", "x ≤ y"),
        ("  a\n\tb\r\nc\u2028d ", "a b c d"),
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("\u202eback\u2066\ufeff", "\\u202eback\\u2066\\ufeff"),
        ("ℝ → Γ' «my ns»", "ℝ → Γ' «my ns»"),
    ],
)
def test_it_is_one_line_without_control_characters(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_no_sign_of_a_hostile_text_acts() -> None:
    assert {unicodedata.category(sign) for sign in visible(HOSTILE)}.isdisjoint({"Cc", "Cf", "Zl", "Zp"})


def test_a_place_has_its_line_where_it_is_known() -> None:
    assert (at("NN/A.lean", 3), at("NN/A.lean", 0)) == ("NN/A.lean:3", "NN/A.lean")
