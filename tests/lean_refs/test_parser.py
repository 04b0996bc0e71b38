"""The parser and the renderer: what every form of term reads as, and what is said of one that is malformed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_refs.interpreter.render import render
from lean_refs.reader.parser import parse_code
from lean_refs.reader.records import LeanDeclaration
from lean_refs.reader.signature import UnreadableError
from lean_refs.reader.terms import (
    Apply,
    Argument,
    Bind,
    Bound,
    Brackets,
    Chain,
    Dot,
    Let,
    Literal,
    Name,
    Operator,
    Project,
    Structure,
    Tactics,
    Term,
)
from tests.lean_refs import corpus

TERMS = corpus.read("Terms")


def as_written(_: str) -> None:
    return None


def read_as(code: str) -> str:
    return render(parse_code(code), as_written)


def test_the_file_of_terms_is_read_whole() -> None:
    assert TERMS.unread == ()
    assert len({declaration.name for declaration in TERMS.declarations}) == len(TERMS.declarations) > 80


@pytest.mark.parametrize("definition", TERMS.declarations, ids=lambda definition: definition.name)
def test_a_term_reads_as_its_docstring_says(definition: LeanDeclaration) -> None:
    assert read_as(definition.body) == corpus.says(definition.docstring)


@pytest.mark.parametrize("definition", TERMS.declarations, ids=lambda definition: definition.name)
def test_what_a_term_reads_as_reads_as_itself(definition: LeanDeclaration) -> None:
    said = corpus.says(definition.docstring)
    assert read_as(said) == said


W = Name("w")


@pytest.mark.parametrize(
    ("code", "term"),
    [
        ("w", W),
        ("_", Literal("_")),
        ("3", Literal("3")),
        (".w", Dot("w")),
        ("(w)", W),
        ("f w", Apply(Name("f"), (Argument(None, W),))),
        ("f (x := w)", Apply(Name("f"), (Argument("x", W),))),
        ("f w.x", Apply(Name("f"), (Argument(None, Name("w.x")),))),
        ("(f w).x", Project(Apply(Name("f"), (Argument(None, W),)), "x")),
        ("w + 1", Chain((W, Operator("+"), Literal("1")))),
        ("[w]", Brackets("[", (W,))),
        ("()", Brackets("(", ())),
        ("{x := w}", Structure((("x", W),))),
        ("{w with x := w}", Structure((("x", W),), W)),
        ("fun x : w => x", Bind("fun", (Bound(("x",), "", W),), Name("x"))),
        ("fun (x y) => x", Bind("fun", (Bound(("x", "y"), "(", None),), Name("x"))),
        ("fun [Add] => w", Bind("fun", (Bound((), "[", Brackets("[", (Name("Add"),))),), W)),
        ("let x : w := 1; x", Let("let", "x", None, W, Literal("1"), Name("x"))),
        ("let ⟨x⟩ := w; x", Let("let", "", Brackets("⟨", (Name("x"),)), None, W, Name("x"))),
        ("have := w; x", Let("have", "this", None, None, W, Name("x"))),
        ("by", Tactics(())),
    ],
)  # fmt: skip
def test_the_tree_of_a_term(code: str, term: Term) -> None:
    assert parse_code(code) == term


def test_a_tactic_block_is_cut_into_its_steps() -> None:
    (outer,) = parse_code("⟨by\n  intro a; simp [a]\n  cases b with\n  | c d => exact\n    d\n ⟩").items  # type: ignore[union-attr]
    assert isinstance(outer, Tactics)
    assert [" ".join(token.text for token in step) for step in outer.steps] == [
        "intro a",
        "simp [ a ]",
        "cases b with | c d => exact d",
    ]


@pytest.mark.parametrize("binder", ["∀", "∃", "∑"])
def test_the_comma_of_a_binder_does_not_end_the_block(binder: str) -> None:
    (first, last) = parse_code(f"⟨by\n  have h :\n    {binder} i : A,\n      B := c\n  exact d, e⟩").items  # type: ignore[union-attr]
    assert isinstance(first, Tactics)
    assert [step[0].text for step in first.steps] == ["have", "exact"]
    assert last == Name("e")


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("fun x y => w", ["x", "y"]),
        ("fun (x : A) {y} [z : B] [C] => w", ["x", "y", "z"]),
        ("fun ⟨x, y⟩ => w", ["x", "y"]),
        ("fun (x, .cons y z) => w", ["x", "y", "z"]),
        ("fun (x :: y) => w", ["x", "y"]),
        ("fun ((x : A), B.c) => w", ["x"]),
        ("∃! x, w", ["x"]),
    ],
)
def test_the_names_that_are_bound(code: str, names: list[str]) -> None:
    term = parse_code(code)
    assert isinstance(term, Bind)
    assert [name for group in term.bound for name in group.bound] == names


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("w", "W"),
        ("w.x + v", "<w.x> + V"),
        ("fun w => w v", "fun w => w V"),
        ("fun ⟨w, u⟩ => w.x v", "fun ⟨w, u⟩ => w.x V"),
        ("fun (u : w) (w : w) (z : w) => w", "fun (u : W) (w : W) (z : w) => w"),
        ("let w := w; w", "let w := W; w"),
        ("let (w, u) := w; w", "let (w, u) := W; w"),
        ("∀ v ∈ w, v", "∀ v ∈ W => v"),
        ("by exact w.x v", "by exact <w.x> V"),
        ("fun w => by exact w v", "fun w => by exact w V"),
        ("{w := v}", "{w := V}"),
        ("f (w := v)", "f (w := V)"),
    ],
)
def test_a_name_is_replaced_where_it_is_free(code: str, text: str) -> None:
    values = {"w": "W", "v": "V", "w.x": "<w.x>"}
    assert render(parse_code(code), values.get) == text


MALFORMED = [
    ("", "a term is expected, not 'the end'", None),
    ("a )", "the end of the term is expected, not ')'", 2),
    ("a : b", "the end of the term is expected, not ':'", 2),
    ("(a", "',' or ')' is expected, not 'the end'", None),
    ("⟨a b :=", "',' or '⟩' is expected, not ':='", 5),
    ("(a, ", "a term is expected, not 'the end'", None),
    ("xs[i", "',' or ']' is expected, not 'the end'", None),
    ("f (x := )", "one value is expected for x, not 0", 3),
    ("f (x := a, b)", "one value is expected for x, not 2", 3),
    ("f @ (a)", "a name after '@' is expected, not '('", 4),
    ("f @", "a name after '@' is expected, not 'the end'", None),
    ("? 1", "a name after '?' is expected, not '1'", 2),
    ("{ a b", "',' or '}' is expected, not 'the end'", None),
    ("{ x := }", "a term is expected, not '}'", 7),
    ("{ x := 1", "a field name is expected, not 'the end'", None),
    ("{ x := 1, 2 := 3 }", "a field name is expected, not '2'", 10),
    ("{ with x := 1 }", "a term is expected, not 'with'", 2),
    ("{ a b with x := 1 : A ]", "'}' is expected, not ']'", 22),
    ("fun", "',' or '=>' after the bound names is expected, not 'the end'", None),
    ("(fun a )", "',' or '=>' after the bound names is expected, not ')'", 7),
    ("fun a | 0 => 1", "',' or '=>' after the bound names is expected, not '|'", 6),
    ("fun : A => 1", "a term is expected, not ':'", 4),
    ("fun a : (b) ) => 1", "',' or '=>' after the bound names is expected, not ')'", 12),
    ("fun (a : A := 1) => a", "')' is expected, not ':='", 11),
    ("let", "a name is expected, not 'the end'", None),
    ("let 1 := a; b", "a name is expected, not '1'", 4),
    ("let fun := a; b", "a name is expected, not 'fun'", 4),
    ("let a b", "':=' is expected, not 'the end'", None),
    ("let a := 1", "a term is expected, not 'the end'", None),
    ("let rec f := 1; f", "a name is expected, not 'rec'", 4),
    ("let mut a := 1; a", "a name is expected, not 'mut'", 4),
]


@pytest.mark.parametrize(("code", "message", "offset"), MALFORMED, ids=[code for code, *_ in MALFORMED])
def test_a_malformed_term_is_refused_with_its_place(code: str, message: str, offset: int | None) -> None:
    with pytest.raises(UnreadableError) as refused:
        parse_code(code)
    assert (str(refused.value), refused.value.offset) == (message, offset)


PIECES = [
    *"ab1_()[]{}⟨⟩:,;|+@?",
    "b.c", "x'", ".x", ":=", "=>", "↦", "++", "//", "fun", "λ", "∀", "∃", "∑", "∈", "let", "have", "show", "by",
    "exact", "if", "then", "match", "with", "rec", "mut", "f(x:=", "(a,b)", "{x:=", "\n", "\n  ",
]  # fmt: skip


def refusal(code: str) -> UnreadableError | None:
    try:
        parse_code(code)
    except UnreadableError as refused:
        return refused
    return None


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
def test_any_text_is_a_term_or_refused_with_a_place_in_it(code: str) -> None:
    refused = refusal(code)
    assert refused or read_as(code)
    assert not refused or refused.offset is None or code[refused.offset :].strip()
