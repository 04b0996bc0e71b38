"""What a statement binds after its colon, in every form that Lean writes it."""

import pytest

from lean_refs.reader.telescope import telescope
from lean_refs.reader.tokens import tokenize


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = b", []),
        ("∀ x y : A, P x", [("x", "explicit"), ("y", "explicit")]),
        ("∀ x y, P x y", [("x", "explicit"), ("y", "explicit")]),
        ("∀ (x : A) {y : B}, P x y", [("x", "explicit"), ("y", "implicit")]),
        ("∀ x : A, Good x → ∃ D, P D → Q D", [("x", "explicit"), ("", "explicit")]),
        ("∀ {s : S}, (v : V s) → f v = v", [("s", "implicit"), ("v", "explicit")]),
        ("(P) → Q", [("", "explicit")]),
        ("(a → b) → c", [("", "explicit")]),
        ("a → b → c", [("", "explicit"), ("", "explicit")]),
        ("∃ x, P x → Q x", []),
        ("P → Q ↔ R", []),
        ("f = fun x => A → x", []),
        ("∀ᶠ x in l, p x", []),
        ("∀ᶠ x in l, p x → q x", []),
        ("∀ᵐ x, p x → q x", []),
        ("∃ᶠ x in l, p x → q x", []),
        ("∃! x, p x → q x", []),
        ("∀ x", []),
        ("∀ x, ∀ ( : A), P x", [("x", "explicit")]),
        ("∀ x, (y → P x", [("x", "explicit")]),
        ("A →L[ℝ] B", []),
    ],
)
def test_the_binders_of_a_type(text, expected):
    assert [(b.name, b.kind) for b in telescope(tuple(tokenize(text)))] == expected


def test_a_bare_name_has_the_type_after_the_colon():
    (x,) = telescope(tuple(tokenize("∀ x : CtxVec Γ, P x")))
    assert [token.text for token in x.type] == ["CtxVec", "Γ"]
