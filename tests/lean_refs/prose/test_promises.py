"""Loaded words: where they are found, and what of the text backs them."""

from __future__ import annotations

from pathlib import Path

import pytest

from lean_refs.prose.loaded import loaded_words
from lean_refs.prose.promises import Promise, Standing, promises
from lean_refs.prose.ranking import ranked
from lean_refs.prose.reading import read_prose
from lean_refs.reader.names import NameTable
from lean_refs.reader.records import Reading
from lean_refs.reader.scan import read_text

SEED = "NN/Block.lean"
# Definitions that say what they are called, and some that do not.
DEFINITIONS = """
def maskedScores (s : Nat) : Nat := s + 1
def blockMask (i : Nat) : Nat := if i = 0 then 0 else 1
def softMax (mask : Nat) : Nat := mask
def wired (s : Nat) : Nat := softMax s
def causalMask (i j : Nat) : Prop := j ≤ i
structure Certificate (f : Nat → Nat) where
  proof : Smooth f
structure Weights where
  w : Nat
def step (x : Nat) : Nat := adjoint x
def Smooth (f : Nat → Nat) : Prop := HasFDerivAt f
def carried (x : Nat) : Nat := drop (HasFDerivAt x) x
def dotSum (x y : Nat) : Nat := x * y
theorem step_inner (x : Nat) : inner (helper x) = inner x := p
def helper (x : Nat) : Nat := x
/-- The gradient of it. -/
def lonely (x : Nat) : Nat := x
"""


def read(**files: str) -> Reading:
    return Reading({f"NN/{stem}.lean": read_text(f"NN/{stem}.lean", text) for stem, text in files.items()})


def found(text: str, imports: dict[str, list[str]] | None = None, **others: str) -> list[Promise]:
    """The claims of a file, and of others, that lack their backing."""
    reading = read(Block=text, **others)
    every = promises(reading, read_prose(reading), NameTable(reading), imports or {})
    return [promise for promise in every if promise.lacks is not None]


def words(text: str) -> list[tuple[str, str]]:
    """The words of a statement after the definitions, and the place of each."""
    return [(c.word.word, c.place.name) for c in found(DEFINITIONS + text) if c.name in ("t", SEED)]


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("/-- A sparse one. -/ theorem t (x : Nat) : x = x := p", "sparse"),
        ("/-- Holds unconditionally. -/ theorem t (x : Nat) (hPos : 0 < x) : x = x := p", "unconditional"),
        ("/-- Without any assumptions. -/ theorem t (x : Nat) : 0 < x → x = x := p", "unconditional"),
        ("/-- Unconditionally true. -/ theorem t (x : Nat) (pos : 0 < x) : x = x := p", "unconditional"),
        ("/-- For every ε. -/ theorem t (ε : Nat) (hε : 0 < ε) : ε = ε := p", "for every"),
        ("/-- For any `ε₁`. -/ theorem t (ε₁ : Nat) : 0 < ε₁ → ε₁ = ε₁ := p", "for every"),
        ("/-- For all ε. -/ theorem t (x : Nat) : x = x := p", "for every"),
        ("/-- A masked one. -/ theorem t (x : Nat) : maskedScores x = x := p", "mask"),
        ("/-- With a causal mask. -/ theorem t (mask : Nat) : mask = mask := p", "causal"),
        ("/-- A GPT-style block. -/ theorem t (x : Nat) : x = x := p", "GPT"),
        ("/-- The decoder. -/ theorem t (x : Nat) : x = x := p", "decoder"),
        ("/-- The exact value. -/ theorem t (x : Nat) : x ≤ x := p", "exact"),
        ("/-- It is unique. -/ theorem t (x : Nat) : x ≤ x := p", "unique"),
        ("/-- It is minimal. -/ theorem t (x : Nat) : x = x := p", "optimal"),
        ("/-- It converges. -/ theorem t (x : Nat) : x = x := p", "convergent"),
        ("/-- Is differentiable. -/ theorem t (hf : HasFDerivAt f) : Continuous f := p", "differentiable"),
        ("/-- Is differentiable. -/ theorem t (c : Certificate f) : c.other = 1 := p", "differentiable"),
        ("/-- Is differentiable. -/ theorem t (x : Nat) : carried x = 1 := p", "differentiable"),
        ("/-- Its gradient. -/ theorem t (x : Nat) : wired x = x := p", "gradient"),
        ("/-- Its VJP. -/ theorem t (x : Nat) : wired x = x := p", "VJP"),
        ("/-- The adjoint. -/ theorem t (x : Nat) : wired x = x := p", "adjoint"),
        ("/-- Random. -/ theorem t (x : Nat) : x = x := p", "random"),
        ("/-- As the runtime does. -/ theorem t (x : Nat) : x = x := p", "runtime"),
        ("/-- As in PyTorch. -/ theorem t (x : Nat) : x = x := p", "PyTorch"),
        ("/-- Numerically stable. -/ theorem t (x : Nat) : x = x := p", "numerically stable"),
        ("/-- End-to-end. -/ theorem t (W : Weights) (x : Nat) : W.w = x := p", "end-to-end"),
        ("/-- The full block. -/ theorem t (pack : E → F) (x : Nat) : pack x = x := p", "complete"),
        ("/-- Trainable. -/ theorem t (w : Vec 3) (x : Nat) : f w = x := p", "trainable"),
    ],
)
def test_a_promise_that_nothing_backs_is_found(statement: str, word: str) -> None:
    assert words(statement) == [(word, "DOCSTRING")]


@pytest.mark.parametrize(
    "statement",
    [
        "/-- A sparse one. -/ theorem t (x : Nat) : x ∈ support f := p",
        "/-- Holds unconditionally. -/ theorem t (x : Nat) : x = x := p",
        "/-- For every ε. -/ theorem t (ε x : Nat) (hx : 0 < x) : ε = ε := p",
        "/-- For all x. -/ theorem t : ∀ x : Nat, x = x := p",
        "/-- Not a problem. -/ theorem t (ε : Nat) (hε : 0 < ε) : ε = ε := p",
        "/-- A masked one. -/ theorem t (mask : Nat) : maskedScores mask = 1 := p",
        "/-- A masked one. -/ theorem t (x : Nat) : softMax x = x := p",
        "/-- A masked one. -/ theorem t (x : Nat) : wired x = x := p",
        "/-- A masked one. -/ theorem t (x : Nat) : blockMask x = x := p",
        "/-- With a causal one. -/ theorem t (x : Nat) : causalMask x x := p",
        "/-- The exact value. -/ theorem t (x : Nat) : x = x := p",
        "/-- Is differentiable. -/ theorem t (x : Nat) : HasFDerivAt f := p",
        "/-- Is differentiable. -/ theorem t (x : Nat) : Smooth f := p",
        "/-- Its gradient. -/ theorem t (x : Nat) : step x = x := p",
        "/-- The adjoint. -/ theorem t (x : Nat) : dotSum x x = x := p",
        "/-- End-to-end. -/ theorem t (c : Certificate f) (ε : ℝ) (xV : Vec 3) (hx : good xV) : f xV = ε := p",
        "/-- End-to-end. -/ theorem t (tokens : Vec 3) (W : Weights) : f tokens = W := p",
        "/-- Its masks are not masked. -/ theorem t (masks : Nat) : masks = masks := p",
        "/-- Not sparse, and never exactly so. -/ theorem t (x : Nat) : x ≤ x := p",
        "/-- See https://a.b/sparse and `maskedScores`, `blockMask*`. -/ theorem t (x : Nat) : x = x := p",
        "/-- Of `sparse`. -/ theorem t (sparse : Nat) : sparse = 1 := p",
        "/-- The unmasked block, ε and ∀. -/ theorem t (x : Nat) : x = x := p",
    ],
)
def test_a_promise_that_the_text_backs_is_none(statement: str) -> None:
    assert words(statement) == []


@pytest.mark.parametrize(
    ("with_it", "without"),
    [
        ("(mask : Nat) : f mask = 1", "(bias : Nat) : f bias = 1"),
        ("(x : Nat) : wired x = 1", "(x : Nat) : helper x = 1"),
        ("(x : Nat) : blockMask x = 1", "(x : Nat) : maskedScores x = 1"),
    ],
)
def test_backing_that_is_removed_from_the_statement_is_missed(with_it: str, without: str) -> None:
    says = "/-- The masked one. -/ theorem t "
    assert words(f"{says}{with_it} := p") == []
    assert words(f"{says}{without} := p") == [("mask", "DOCSTRING")]


def test_backing_that_is_removed_from_a_definition_is_missed() -> None:
    text = f"{DEFINITIONS}/-- The masked one. -/ theorem t (x : Nat) : blockMask x = 1 := p"
    changed = text.replace("if i = 0 then 0 else 1", "i")
    assert [c.word.word for c in found(text) if c.name == "t"] == []
    assert [c.word.word for c in found(changed) if c.name == "t"] == ["mask"]
    assert ("blockMask", "mask") in [(c.name, c.word.word) for c in found(changed)]


def test_what_another_file_keeps_private_is_looked_into() -> None:
    other = "private def inner (mask : Nat) : Nat := mask\ndef outer (x : Nat) : Nat := inner x\n"
    text = "import NN.Other\n/-- The masked one. -/\ntheorem t (x : Nat) : outer x = 1 := p"
    assert found(text, Other=other) == []
    assert [c.name for c in found(text, Other=other.replace("mask", "x"))] == ["t"]


def test_names_of_declarations_promise_too() -> None:
    names = [(c.name, c.word.word, c.said) for c in found(DEFINITIONS) if c.place is Standing.NAME]
    assert names == [("maskedScores", "mask", "masked")]
    text = "theorem maskedGptDecoder_endToEnd_eq_adjoint (w : Vec 3) : f w = w := p"
    said = [c.said for c in found(text) if c.place is Standing.NAME]
    assert said == ["masked", "Decoder", "Gpt", "end To End", "adjoint"]
    assert found("theorem unmasked_bias (x : Nat) : x = x := p") == []


def test_names_of_modules_promise_what_one_of_their_declarations_must_have() -> None:
    text = "theorem t (x : Nat) : x = x := p\n"
    (promise,) = found(text, MaskedCore=text)
    assert (promise.name, promise.word.word, promise.place, promise.line) == (
        "NN/MaskedCore.lean",
        "mask",
        Standing.NAME,
        1,
    )
    assert found(text, MaskedCore=f"{text}theorem s (mask : Nat) : mask = 1 := p\n") == []


def test_docs_of_modules_sections_and_fields_promise_too() -> None:
    text = """/-! # A masked module

Not a word here. -/
/-! ## Sparse things -/
theorem t (x : Nat) : x = x := p
/-! ## Causal things -/
structure Pair where
  /-- A GPT. -/
  left : Nat
/-! ## References
The masked decoder. -/
/-! ## Open work
A masked decoder. -/
/-- A runtime sign. -/
notation "!" => 1
"""
    lines = text.split("\n")
    got = [(c.word.word, c.place.name, c.name) for c in found(text)]
    assert got == [
        ("mask", "MODULE", SEED),
        ("sparse", "SECTION", SEED),
        ("causal", "SECTION", SEED),
        ("GPT", "PART", "Pair"),
    ]
    for promise in found(text):
        assert promise.said in lines[promise.line - 1]


def test_a_section_is_about_what_stands_in_it() -> None:
    text = """/-! ## Masked things -/
theorem a (x : Nat) : x = x := p
/-! ## Other things -/
theorem b (mask : Nat) : mask = 1 := p
"""
    assert [(c.word.word, c.line) for c in found(text)] == []  # the first comment is about the module
    text = f"/-! # Things -/\n{text}"
    assert [(c.word.word, c.line) for c in found(text)] == [("mask", 2)]


def test_what_a_section_says_of_every_epsilon_is_broken_by_one_theorem() -> None:
    text = """/-! For every ε, unconditionally. -/
theorem a (ε : Nat) : ε = ε := p
theorem b (ε : Nat) (hε : 0 < ε) : ε = ε := p
def c (ε : Nat) : Nat := ε
"""
    assert [(c.word.word, c.lacks) for c in found(text)] == [
        ("unconditional", "hypotheses: hε"),
        ("for every", "ε is restricted by hε"),
    ]
    assert found("/-! Unconditionally. -/\ndef c (ε : Nat) : Nat := ε\n") == []


def test_what_coverage_claims_is_claimed_of_the_nearest_module_that_it_imports() -> None:
    coverage = "/-!\n# Coverage\n\n* the masked attention core\n* a sparse embedding\n* a causal unread one\n-/\n"
    imports = {"NN/Coverage.lean": ["NN.MaskedAttention", "NN.SparseEmbedding", "NN.UnreadOne"]}
    bare = "theorem t (bias : Nat) : bias = 1 := p\n"
    masked = "theorem t (mask : Nat) : mask = 1 := p\n"
    files = {"MaskedAttention": bare, "SparseEmbedding": "theorem s : x ∈ support f := p\n", "Coverage": coverage}
    got = [(c.word.word, c.line) for c in found("", imports, **files) if c.file == "NN/Coverage.lean"]
    assert got == [("mask", 4)]
    assert [c.name for c in found("", imports, **{**files, "MaskedAttention": masked})] == []
    assert [c.file for c in found("", {}, **files)] == ["NN/MaskedAttention.lean"]


def test_what_is_lacking_is_named() -> None:
    (promise,) = found("/-- End to end. -/ theorem t (W : Weights) (f : E → F) (DE : E) : f W = 1 := p")
    assert promise.lacks == "fixed or supplied: W, f"


def test_definitions_conclude_nothing_and_theorems_about_them_may_back_their_words() -> None:
    text = f"{DEFINITIONS}/-- Exactly the VJP. -/ def vjpOf (x : Nat) : Nat := helper x\n"
    assert [c.word.word for c in found(text) if c.name == "vjpOf"] == ["VJP", "VJP"]
    proved = f"{text}theorem s (x : Nat) : inner (vjpOf x) = inner x := p\n"
    assert [c.word.word for c in found(proved) if c.name == "vjpOf"] == []
    assert [c.word.word for c in found(text) if c.name == "lonely"] == ["gradient"]


def test_repeats_are_folded_and_the_most_telling_comes_first() -> None:
    text = """/-! # A masked module -/
/-- A masked value, as in PyTorch. -/
def a (x : Nat) : Nat := x
/-- A masked, masked fact. -/
theorem b (x : Nat) : x = x := p
theorem masked_c (x : Nat) : x = x := p
/-- Sparse. -/
theorem d (x : Nat) : x = x := p
"""
    other = "/-- A masked one, as in PyTorch. -/\ntheorem e (x : Nat) : x = x := p\n"
    folded = ranked(found(text, Other=other), SEED)
    assert [[(c.word.word, c.name, c.times) for c in repeats] for repeats in folded] == [
        [("mask", "masked_c", 1), ("mask", "b", 2), ("mask", "a", 1), ("mask", SEED, 1)],
        [("sparse", "d", 1)],
        [("mask", "e", 1)],
        [("PyTorch", "a", 1), ("PyTorch", "e", 1)],
    ]
    asked = ranked(found(text, Other=other), SEED, ["e"])
    assert [(repeats[0].word.word, repeats[0].name, len(repeats)) for repeats in asked] == [
        ("mask", "e", 1),
        ("PyTorch", "e", 1),
        ("mask", "masked_c", 4),
        ("sparse", "d", 1),
        ("PyTorch", "a", 1),
    ]


def test_every_loaded_word_says_what_would_back_it() -> None:
    assert len({entry.word for entry in loaded_words()}) == len(loaded_words()) >= 20
    for entry in loaded_words():
        assert entry.word == "for every" or entry.pattern.search(entry.word)
        assert len(entry.backed_by.split()) >= 4


def test_places_are_told_in_words() -> None:
    assert [str(place) for place in Standing][:2] == ["the name", "the docstring"]


def test_an_empty_name_promises_nothing(tmp_path: Path) -> None:
    assert [word.in_name("") for word in loaded_words()] == [""] * len(loaded_words())
