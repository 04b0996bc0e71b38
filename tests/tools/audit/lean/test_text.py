"""The text for Lean says the facts in names that the pin knows."""

from __future__ import annotations

import re

from lean_refs import load_pin
from theorems.tools.audit.lean.facts import facts
from theorems.tools.audit.lean.files import DECLS, FACTS, lean_files
from theorems.tools.audit.lean.text import mirror_facts, module_name

PIN = load_pin()
# Lean's and the language's own words in the files, besides declarations and their arguments.
WORDS = {"open", "import", "example", "rfl", "Nat", "List", "length", "map", "i.val", "x", "gamma", "beta"}
CONSTRUCTORS = {"Shape", "Shape.dim", "Shape.scalar", "Shape.size"}


def text_of_facts() -> str:
    return mirror_facts(PIN, facts())


def code(text: str) -> str:
    """The text without its comments."""
    return re.sub(r"/-.*?-/", "", text, flags=re.DOTALL)


def test_sizes_are_stated_at_primes_and_with_a_zero() -> None:
    text = text_of_facts()
    assert (
        "Shape.size (Proofs.Autograd.MultiHeadAttention.ScoresShape (n := 2) (numHeads := 3)) =\n      12 := rfl"
        in text
    )
    assert "HMatSize (h := 1) (m := 0) (n := 4) =\n      0 := rfl" in text


def test_every_name_of_the_facts_is_one_that_the_pin_knows() -> None:
    known = set(PIN.declarations) | WORDS | CONSTRUCTORS
    binders = {name for d in PIN.declarations.values() for name, _ in d.binders}
    text = code(text_of_facts())
    body = text[text.index("open Spec") :]
    used = set(re.findall(r"[^\W\d][\w']*(?:\.[^\W\d][\w']*)*", body)) - {"Spec", "check"}
    assert used <= known | binders, used - known - binders


def test_each_application_names_the_arguments_of_its_declaration_in_order() -> None:
    applications = re.findall(r"(Proofs[\w.]+)((?: \(\w+ := [^()]+\))+)", code(text_of_facts()))
    assert len(applications) == text_of_facts().count("\nexample")
    for name, arguments in applications:
        given = re.findall(r"\((\w+) :=", arguments)
        assert given == [binder for binder, _ in PIN.declarations[name].binders], name


def test_the_open_namespace_is_that_of_a_pinned_declaration_and_imports_are_pinned_files() -> None:
    modules = {module_name(d.file) for d in PIN.declarations.values()}
    for name in (FACTS, DECLS):
        text = code(lean_files()[name])
        assert {line.removeprefix("import ") for line in text.splitlines() if line.startswith("import ")} <= modules
        assert all(f"{space}.Shape" in PIN.declarations for space in re.findall(r"^open (.+)$", text, re.MULTILINE))
