"""What each operator makes of a line of source, and what it leaves alone."""

from __future__ import annotations

import ast

import pytest

from tests.mutants.operators import IMPORT, OPERATORS, changes, mutated

MADE = {
    "operator": [
        ("a + b", ["a - b"]),
        ("a // b", ["a * b"]),
        ("-a", ["a"]),
        ("not a", ["a"]),
        ("a and b", ["a or b"]),
    ],
    "comparison": [("a < b", ["a <= b"]), ("a < b == c", ["a <= b == c", "a < b != c"]), ("a is b", ["a is not b"])],
    "condition": [("a if b else c", ["a if True else c", "a if False else c"]), ("[a for a in b if c]", 2)],
    "constant": [("f(3)", ["f(4)", "f(2)"]), ("f(True, None, 'text')", [])],
    "index": [
        ("a[0]", ["a[1]", "a[-1]"]),
        ("a[i]", ["a[i + 1]"]),
        ("a[i:j]", ["a[:j]", "a[i:]", "i + 1:j", "i:j + 1"]),
    ],
    "axis": [("f(a, axis=1)", ["axis=2", "axis=0"]), ("a.swapaxes(0, 1)", 5)],
    "term": [
        ("_ = a + b", ["a", "b"]),
        ("_ = (a, b)", ["(b,)", "(a,)"]),
        ("_ = [a]", ["[]"]),
        ("_ = a or b or c", ["b or c", "a or c", "a or b"]),
        ("f(a)", ["pass"]),
    ],
    "arguments": [
        ("f(a, b)", ["f(b, a)"]),
        ("f(a, a)", []),
        ("(a, b)", ["(b, a)"]),
        ("a if b else c", ["c if b else a"]),
    ],
    "return": [
        ("lambda ar, x: ar.exp(x)", ["lambda ar, x: x"]),
        ("lambda x: x", []),
        ("def f(a, b):\n    return a", ["return b at once"]),
        ("def f(self):\n    return 1", []),
        ("def f(a):\n    'abstract'", []),
        ("for x in y:\n    f(x)", ["break after the first turn"]),
        ("def f():\n    a = b\n    return g(a)", ["return a"]),
    ],
}


def made(source: str, operator: str) -> list[str]:
    return [change.text()[1] for change in changes(ast.parse(source)) if change.operator == operator]


@pytest.mark.parametrize("operator", OPERATORS)
def test_an_operator_makes_each_change_once(operator: str) -> None:
    for source, expected in MADE[operator]:
        found = made(source, operator)
        assert found == expected or len(found) == expected, source


NOTHING = [
    '"""A docstring."""',
    "import a",
    "from a import b",
    "Alias = dict[str, int] | None",
    "def f(a: tuple[int, 3] = b) -> int[0]: ...",
    "@decorated(1, 2)\nclass A(B, c=1 + 1): ...",
    "raise ValueError(f'{a + 1} and {b[0]}', 1)",
    "_ = f'{a + 1}'",
    "if TYPE_CHECKING:\n    a = 1 + 1",
    "__all__ = ['a', 'b']",
]


@pytest.mark.parametrize("source", NOTHING)
def test_what_computes_nothing_is_no_place(source: str) -> None:
    assert [c.text() for c in changes(ast.parse(source)) if c.operator != "return"] == []


def test_a_change_is_made_by_its_number_and_alone() -> None:
    source = "def f(a, b):\n    return a[1:] + g(b, 2)\n"
    before = ast.unparse(ast.parse(source))
    every = [ast.unparse(mutated(source, k)) for k, _ in enumerate(changes(ast.parse(source)))]
    assert len(set(every)) == len(every) >= 10
    assert before not in every
    assert "def f(a, b):\n    return a[1:] - g(b, 2)" in every
    with pytest.raises(LookupError, match=f"there is no change number {len(every)}"):
        mutated(source, len(every))


LINES = """
A = 1 + f(2)


def f(a):
    'a docstring, which nobody runs'
    if a > (
        1
    ):
        return g(
            lambda x: x + 1,
            2,
        )
"""


def test_a_change_knows_the_lines_that_run_it() -> None:
    lines = {change.text()[0]: change.place.lines for change in changes(ast.parse(LINES))}
    assert lines["a > 1"] == (7, 9)
    assert lines["x + 1"] == (11, 11)
    assert lines["g(lambda x: x + 1, 2)"] == (10, 13)
    assert lines["def f"] == (7, 13)
    assert lines["1 + f(2)"] == lines["f(2)"] == IMPORT


def test_of_a_long_text_the_difference_is_shown() -> None:
    long = ", ".join(f"name_{k}" for k in range(30))
    swapped = [change.text() for change in changes(ast.parse(f"_ = f({long})")) if change.operator == "arguments"]
    assert max(len(text) for pair in swapped for text in pair) < 100
    before, after = swapped[9]
    assert (before[0], before[-1], after[0], after[-1]) == ("…",) * 4
    assert "name_9, name_10" in before
    assert "name_10, name_9" in after
