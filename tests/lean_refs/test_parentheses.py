"""Whatever parentheses are left out, the same term is left: it is read again by a parser that knows only precedence."""

from __future__ import annotations

from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_refs.one_spelling import in_one_spelling
from lean_refs.parentheses import without_idle_parentheses
from lean_refs.reader.tokens import tokenize

Tree: TypeAlias = "str | tuple[Tree, ...]"
# The levels that an operator has and that its two sides need, as Lean's `infixl`, `infixr` and `infix` give them.
LEFT = {"||": 30, "&&": 35, "+": 65, "-": 65, "++": 65, "*": 70, "%": 70}
RIGHT = {"<|": 10, "→": 25, "∨": 30, "∧": 35, "×": 35, "::": 67, "^": 75, "∘": 90}
NEITHER = {"↔": 20, "=": 50, "≤": 50, "∈": 50}
LEVELS = (
    {sign: (level, level, level + 1) for sign, level in LEFT.items()}
    | {sign: (level, level + 1, level) for sign, level in RIGHT.items()}
    | {sign: (level, level + 1, level + 1) for sign, level in NEITHER.items()}
)
BINDERS = {"∀": ",", "∃": ",", "∑": ",", "fun": "=>"}


def trees(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return st.one_of(
        st.tuples(inner, st.sampled_from(sorted(LEVELS)), inner),
        st.tuples(st.sampled_from(["¬", "-"]), inner),
        st.tuples(st.sampled_from(sorted(BINDERS)), st.just("x"), inner),
        st.tuples(st.just("apply"), inner, inner),
    )


TREES = st.recursive(st.sampled_from(["a", "b", "f", "3"]), trees, max_leaves=8)


def written(tree: Tree) -> str:
    """The term with parentheses around every part."""
    match tree:
        case str():
            return tree
        case (str(binder), name, body) if binder in BINDERS:
            return f"({binder} {name}{BINDERS[binder].replace('=>', ' =>')} {written(body)})"
        case ("apply", function, argument):
            return f"({written(function)} {written(argument)})"
        case (sign, inner):
            return f"({sign} {written(inner)})"
        case (left, sign, right):
            return f"({written(left)} {sign} {written(right)})"
    raise AssertionError(tree)


class Reader:
    """A parser by precedence, as Lean's is: it raises `AssertionError` for what Lean would not read."""

    def __init__(self, words: list[str]) -> None:
        self._words = words

    def read(self, least: int = 0, end: str = "") -> Tree:
        """A term whose level is `least` or more, up to the word that ends it."""
        tree, level = self._first()
        assert level >= least
        while self._words and self._words[0] in LEVELS and LEVELS[self._words[0]][0] >= least:
            sign = self._words.pop(0)
            own, left, right = LEVELS[sign]
            assert level >= left
            tree, level = (tree, sign, self.read(right)), own
        if end:
            assert self._words.pop(0) == end
        return tree

    def _first(self) -> tuple[Tree, int]:
        match self._words[0]:
            case "¬":
                return (self._words.pop(0), self.read(40)), 1024
            case "-":
                return (self._words.pop(0), self.read(75)), 75
            case binder if binder in BINDERS:
                return self._bound(), 67 if binder == "∑" else 1024
        tree = self._part()
        while self._words and self._words[0] in ("(", "fun", "a", "b", "f", "3"):
            tree = ("apply", tree, self._bound() if self._words[0] == "fun" else self._part())
        return tree, 1024

    def _bound(self) -> Tree:
        binder, name, arrow = (self._words.pop(0) for _ in range(3))
        assert arrow == BINDERS[binder]
        return binder, name, self.read(67 if binder == "∑" else 0)

    def _part(self) -> Tree:
        word = self._words.pop(0)
        return self.read(end=")") if word == "(" else word


def bared(text: str) -> list[str]:
    return [token.text for token in without_idle_parentheses(list(tokenize(text)))]


@given(TREES)
def test_what_is_left_is_read_as_the_same_term(tree: Tree) -> None:
    words = bared(written(tree))
    reader = Reader(list(words))
    assert reader.read() == tree, words
    assert bared(" ".join(words)) == words, "nothing more is idle"


def test_much_is_idle() -> None:
    tree: Tree = ((("a", "*", "b"), "+", "f"), "=", ("apply", "f", ("fun", "x", ("a", "∧", ("b", "∧", ("¬", "a"))))))
    assert " ".join(bared(written(tree))) == "a * b + f = f fun x => a ∧ b ∧ ¬ a"


def test_what_is_no_term_keeps_its_parentheses() -> None:
    unpaired = ("( a b", "a )", "f ( a ] + b", "[ ( a ] ) + b", "(", ")", "( )", "")
    for text in (*unpaired, "a , ( b + c ) = d", "( a + * b ) = c", "f ( if a then b else c )"):
        assert " ".join(bared(text)) == text
    assert " ".join(bared("f ((if a then b else c))")) == "f ( if a then b else c )"


@pytest.mark.parametrize(
    ("deep", "changed"),
    [
        (f"({'∃ x, ' * 3000}p x) ∧ q", ("p x", "p y")),
        ('s!"{' * 600 + "a" + '}"' * 600, ("a", "b")),
    ],
    ids=["quantifiers", "strings"],
)
def test_what_is_nested_beyond_pythons_depth_stays_as_it_is_written(deep: str, changed: tuple[str, str]) -> None:
    found = in_one_spelling(list(tokenize(deep)))
    assert [token.text for token in found] == [token.text for token in tokenize(deep)]
    other = in_one_spelling(list(tokenize(deep.replace(*changed))))
    assert [token.text for token in other] != [token.text for token in found]
