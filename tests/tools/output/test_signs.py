"""Text in an encoding that cannot hold all of it: readable, and the same where the encoding holds it."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.source import ROOT
from theorems.tools.output.signs import spelled


@pytest.mark.parametrize(
    ("text", "in_ascii"),
    [
        ("⟨x, single idx v⟩ = 1", "<x, single idx v> = 1"),
        ("‖f(x+h)‖² ≤ ½M", "||f(x+h)||^2 <= \\xbdM"),
        ("2⁻¹⁰⁰, ℝᵏ, Kᵀ, ²", "2^-100, R^k, K^T, ^2"),
        ("γ₁ and β2 in Γ", "gamma1 and beta2 in Gamma"),
        ("h ▸ ↑x", "h |> ^x"),
        ("λ x ↦ 2·ε", "lambda x |-> 2*epsilon"),
        ("√max(x, 0), f∘g, xΓ, Γτ, 2ε", "sqrt max(x, 0), f o g, x Gamma, Gamma tau, 2epsilon"),
        ("∀ᶠ x ∈ ℕ, ¬(x ≠ 1)", "forall^f x in N, not(x != 1)"),
        ("café …", "cafe ..."),
        ("語, a byte \udcff of a name, an accent \u0301", "\\u8a9e, a byte \\udcff of a name, an accent \\u0301"),
    ],
)
def test_what_ascii_lacks_is_spelled_out(text: str, in_ascii: str) -> None:
    assert spelled(text, "ascii") == in_ascii


def test_what_an_encoding_has_stays() -> None:
    assert spelled("⟨ε⟩ naïve, 2⁻¹⁰⁰ … ½", "cp1252") == "<epsilon> naïve, 2^-¹00 … ½"
    assert spelled("⟨ε⟩ naïve", "utf-8") == "⟨ε⟩ naïve"


def test_the_bytes_of_a_name_are_read_as_utf8_where_they_are() -> None:
    name = "kernεl".encode().decode("ascii", "surrogateescape")
    assert spelled(name, "utf-8") == "kernεl"
    assert spelled(name, "ascii") == "kern epsilon l"


@given(
    st.text(alphabet=st.characters(exclude_categories=())), st.sampled_from(("ascii", "cp1252", "utf-8", "shift_jis"))
)
def test_every_text_can_be_written(text: str, encoding: str) -> None:
    written = spelled(text, encoding)
    written.encode(encoding)
    assert not text.isascii() or written == text


def texts() -> str:
    """Every text of the product: the constants of its modules, and its data."""
    found = []
    for room in ("lean_refs", "mirror", "theorems"):
        for path in (ROOT / room).rglob("*.py"):
            nodes = ast.walk(ast.parse(path.read_text("utf-8")))
            found += [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        for path in (ROOT / room).rglob("*.json"):
            found.append(json.dumps(json.loads(Path(path).read_text("utf-8")), ensure_ascii=False))
    return "".join(found)


def test_every_sign_of_ours_can_be_read_in_ascii() -> None:
    signs = {sign for sign in texts() if not sign.isascii()}
    assert len(signs) > 50
    assert {sign for sign in signs if "\\x" in spelled(sign, "ascii") or "\\u" in spelled(sign, "ascii")} == set()
