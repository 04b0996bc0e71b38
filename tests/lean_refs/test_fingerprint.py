"""Fingerprints of what the pinned source does not have: bare definitions, mutilated libraries."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lean_refs.dressing import data_hypotheses
from lean_refs.fingerprint import Fingerprint, Fingerprinter
from lean_refs.prose.promises import promises
from lean_refs.prose.reading import read_prose
from lean_refs.reader.records import Reading
from lean_refs.reader.scan import read_text
from lean_refs.reader.tokens import tokenize
from lean_refs.twins import twins
from tests.lean_refs import mini_lean as mini


def reading_of(**texts: str) -> Reading:
    stems = {file: file.removeprefix("NN/").removesuffix(".lean").lower() for file in mini.FILES}
    return Reading({file: read_text(file, texts.get(stems[file], text)) for file, text in mini.FILES.items()})


def prints(source: str) -> dict[str, Fingerprint]:
    made = Fingerprinter(Reading({"A.lean": read_text("A.lean", source)}))
    return {name: made.of(name) for name in made.declarations}


def test_a_definition_without_binders_and_type_names_nothing() -> None:
    made = prints("def bare := 1\nstructure Empty where\naxiom A.ours : True\nabbrev user := A.ours")
    assert [(p.named, p.named_in_body) for p in made.values()] == [((), ()), ((), ()), ((), ()), ((), ("A.ours",))]
    assert made["bare"].outside == "its type is not data of the fragment: symbol"


@pytest.mark.parametrize(
    ("body", "unproved"),
    [("by simp", False), ("by sorry", True), ("sorry", True), ("by\n  admit", True), ("sorry_free", False)],
)
def test_what_is_not_proved(body: str, unproved: bool) -> None:
    assert prints(f"theorem a : 1 = 1 := {body}")["a"].unproved is unproved


def test_what_a_statement_binds_after_its_colon() -> None:
    made = prints("theorem a (n : Nat) : ∀ x y : Nat, (h : x = y) → p x → q := p\ndef b : Nat → Nat := f")
    assert made["a"].quantified == (("x", "explicit"), ("y", "explicit"), ("h", "explicit"), ("", "explicit"))
    assert made["b"].quantified == ()


def test_a_text_that_contradicts_itself_has_no_values() -> None:
    wrong = mini.BLOCK.replace("(Row k) := ⟨⟨3,", "(Row k) := ⟨⟨2,", 1)
    made = Fingerprinter(reading_of(block=wrong)).of("Proofs.Autograd.Block.idxGamma")
    assert (made.values, made.outside) == ((), "")
    assert made.disagrees.startswith("index 2 in Proofs.Autograd.Block.idxGamma is declared [5]")


PIECES = ["", *"()⟨⟩{[|:\n", ":=", "@[", "let", "fun", "by", "in", "where", "priority", "def"]
EDITS = st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from(PIECES)), min_size=1, max_size=4)


def mutilated(text: str, edits: list[tuple[int, str]]) -> str:
    for place, piece in edits:
        tokens = list(tokenize(text))
        token = tokens[place % len(tokens)]
        text = text[: token.start] + piece + text[token.end :]
    return text


@pytest.mark.unmeasured
@settings(max_examples=12)
@given(st.sampled_from(["tape", "block"]), EDITS)
def test_no_mutilated_library_makes_it_fail(stem: str, edits: list[tuple[int, str]]) -> None:
    text = {"tape": mini.TAPE, "block": mini.BLOCK}[stem]
    reading = reading_of(**{stem: mutilated(text, edits)})
    made = Fingerprinter(reading)
    for name in made.declarations:
        found = made.of(name)
        assert bool(found.values) + bool(found.outside) + bool(found.disagrees) == 1
    told = {name for found in twins(reading) for name in found.names}
    told |= {found.name for found in data_hypotheses(reading)}
    told |= {c.name for c in promises(reading, read_prose(reading), made.names, {}) if not c.name.endswith(".lean")}
    assert told <= made.declarations.keys()
