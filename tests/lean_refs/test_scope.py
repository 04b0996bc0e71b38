"""The scope file: what a person may write there, what is refused, and where a new entry goes."""

from __future__ import annotations

import re

import pytest

from lean_refs.facts import load_pin
from lean_refs.pin import raw_pin
from lean_refs.scope import (
    Entry,
    Scope,
    ScopeError,
    disagreements,
    load_scope,
    parsed,
    scope_text,
    unsorted,
    with_added,
)

TEXT = """\
# Explains the file.

seed_module = "NN/Block.lean"

["A.one"]
fact = "One."

# Why this one is here.
["C.three"]
fact = 'It is "3".'
references = ["A.one"]
"""


def test_names_facts_and_references_come_back() -> None:
    expected = {"A.one": Entry("One."), "C.three": Entry('It is "3".', ("A.one",))}
    assert parsed(TEXT) == Scope("NN/Block.lean", expected)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"One."', '"One.', "scope.toml is not TOML: "),
        ('["C.three"]', '["A.one"]', "scope.toml is not TOML: Cannot declare"),
        ("seed_module", "module", 'has no seed_module: expected seed_module = "NN/….lean" before the entries'),
        ('fact = "One."\n', "", "scope.toml: A.one has no fact"),
        ('"One."', "1", "scope.toml: fact of A.one is 1, expected a str"),
        ("fact = 'It", "facts = 'It", "scope.toml: C.three has an unknown key facts; expected fact and references"),
        ('= ["A.one"]', '= ["A.two"]', "scope.toml: C.three references A.two, which is not in scope"),
        ('["A.one"]\nfact', "index", "scope.toml: index is no entry: expected a header"),
    ],
)
def test_what_is_no_scope_is_refused_by_name(old: str, new: str, says: str) -> None:
    assert old in TEXT
    with pytest.raises(ScopeError, match=re.escape(says)):
        parsed(TEXT.replace(old, new, 1))


# ---- adding


def test_a_new_entry_goes_to_its_place_and_nothing_else_changes() -> None:
    added = with_added(TEXT, {"B.two": "def in NN/Two.lean:2", "D.four": "theorem in NN/Four.lean:4"})
    entries = parsed(added).entries
    assert list(entries) == ["A.one", "B.two", "C.three", "D.four"]
    assert entries["B.two"].fact.startswith("TO BE WRITTEN: what it computes or states, in your own words (def in NN/")
    head, one, three = TEXT.partition('["A.one"]')[0], '["A.one"]\nfact = "One."\n', TEXT[TEXT.index("# Why") :]
    assert added.startswith(f'{head}{one}\n["B.two"]\nfact = "TO BE WRITTEN')
    assert f'NN/Two.lean:2)"\n\n{three}\n["D.four"]\nfact = ' in added
    assert unsorted(added) == []


def test_adding_nothing_changes_nothing() -> None:
    assert with_added(TEXT, {}) == TEXT


def test_a_name_out_of_order_is_found() -> None:
    assert unsorted(TEXT.replace("A.one", "Z.one")) == ["C.three"]


# ---- what nobody may forget


def pin_of(*names: str) -> dict[str, list[dict[str, object]]]:
    return {"declarations": [{"name": name, "hash": {}} for name in names]}


def test_a_scope_and_its_pin_agree() -> None:
    assert disagreements(parsed(TEXT), pin_of("C.three", "A.one")) == {}


def test_what_only_one_of_them_has_is_named() -> None:
    by_hand = {"declarations": [*pin_of("A.one", "B.two")["declarations"], {"name": "C.three", "fact": "By hand."}]}
    assert disagreements(parsed(TEXT), by_hand) == {
        "B.two": "in the pin, but not in scope.toml; renew the pin: leanmirror pin --source DIR",
        "C.three": "in scope, but the pin has no hashes of it; renew the pin: leanmirror pin --source DIR",
    }


@pytest.mark.parametrize("fact", ["", "  ", "TO BE WRITTEN", "TO BE WRITTEN: what it computes"])
def test_a_fact_that_nobody_wrote_is_named(fact: str) -> None:
    scope = parsed(TEXT.replace("One.", fact))
    assert disagreements(scope, pin_of("A.one", "C.three")) == {
        "A.one": "its fact in scope.toml is still to be written"
    }
    both = disagreements(scope, pin_of("C.three"))["A.one"]
    assert "the pin has no hashes of it" in both
    assert both.endswith("; its fact in scope.toml is still to be written")


def test_the_scope_of_the_repository_agrees_with_its_pin_and_is_written_and_sorted() -> None:
    assert disagreements(load_scope(), raw_pin()) == {}
    assert unsorted(scope_text()) == []


def test_the_pin_says_what_the_scope_says() -> None:
    pin = load_pin()
    assert {d.name: d.fact for d in pin.declarations.values()} == {
        name: entry.fact for name, entry in load_scope().entries.items()
    }
    norm = pin.declarations["Proofs.Autograd.TapeNodes.Batched.size3_eq"]
    assert "Spec.Shape" in norm.references, "named in the scope, not in the text"
