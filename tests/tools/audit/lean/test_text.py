"""The derived Lean files: generic facts, known names, and a wrong mirror that changes them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import mirror.ops.attention.masked_multi_head_self_attention as masked
import mirror.ops.transformer.decoder_block as block
import mirror.ops.transformer.post_norm as post_norm
from lean_refs import load_pin
from lean_refs.home import lean_refs_folder
from lean_refs.pin import pinned_fingerprints, raw_pin
from mirror.core.soundness import Idx
from mirror.dims import Dims
from mirror.spec.core.shape import Context, Shape
from theorems.tools.audit.lean.facts import Fact, GenericIndex, NotGenericError, facts
from theorems.tools.audit.lean.files import DECLS, FACTS, cited, difference, lean_files
from theorems.tools.audit.lean.messages import asked
from theorems.tools.audit.lean.text import mirror_facts, module_name

PIN = load_pin()
BLOCK = "Proofs.Autograd.Transformer."
# Lean's and the language's own words in the files, besides declarations and their arguments.
WORDS = {"open", "import", "example", "rfl", "Nat", "List", "length", "map", "i.val", "x", "gamma", "beta"}
CONSTRUCTORS = {"Shape", "Shape.dim", "Shape.scalar", "Shape.size"}


def text_of_facts() -> str:
    return mirror_facts(PIN, facts())


def fact(name: str) -> Fact:
    return next(f for f in facts() if f.name == name)


def code(text: str) -> str:
    """The text without its comments."""
    return re.sub(r"/-.*?-/", "", text, flags=re.DOTALL)


def index_constants() -> dict[str, int]:
    """The index constants of the decoder-block module by name, and the position that each has at any dimensions."""
    found = pinned_fingerprints(raw_pin())
    values: dict[str, list[Any]] = {d.name: [made.value for made in found[d.name].values] for d in PIN.seed}
    indices = {name: {v["index"] for v in vs if isinstance(v, dict) and "index" in v} for name, vs in values.items()}
    return {name: positions.pop() for name, positions in indices.items() if len(positions) == 1}


# ---- what is stated


def test_every_interpreted_shape_list_index_and_size_has_its_facts() -> None:
    stated = {f.name for f in facts()}
    constants = index_constants()
    assert len(constants) >= 15
    assert constants.keys() <= stated
    lists = {d.name for d in PIN.definitions if re.match(r"Γ|ss[A-Z]", d.short_name) and d.name not in stated}
    assert not lists


def test_a_fact_is_about_names_not_numbers() -> None:
    found = fact(f"{BLOCK}idxDecoderFfnHiddenPre").generic
    assert isinstance(found, GenericIndex)
    assert (found.position, found.shape) == (16, ("seqLen", "dFF"))
    assert found.context[1] == ("numHeads", "headDim", "seqLen")
    assert found.context[-1] == ("seqLen", "dFF")


def test_the_positions_of_the_pin_are_those_of_the_facts() -> None:
    positions = {f.name: f.generic.position for f in facts() if isinstance(f.generic, GenericIndex)}
    pinned = index_constants()
    assert {name: positions[name] for name in pinned} == pinned


def test_sizes_are_stated_at_primes_and_with_a_zero() -> None:
    text = text_of_facts()
    assert (
        "Shape.size (Proofs.Autograd.MultiHeadAttention.ScoresShape (n := 2) (numHeads := 3)) =\n      12 := rfl"
        in text
    )
    assert "HMatSize (h := 1) (m := 0) (n := 4) =\n      0 := rfl" in text


# ---- only known names


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


def test_the_names_that_lean_is_asked_about_are_all_that_are_cited_and_not_private() -> None:
    private = {d.name for d in PIN.declarations.values() if d.private}
    names = [question.name for question in asked(lean_files()[DECLS])]
    assert names == cited() == lean_files()["lean_decls"].split()
    assert len(names) == len(set(names))
    assert set(names) == set(PIN.declarations) - private
    assert all(question.axioms for question in asked(lean_files()[DECLS]))


# ---- a wrong mirror


def taking_dims(wrong: Callable[[Dims], Context]) -> Callable[[Dims], Context]:
    """A counterpart that takes `Dims`: the annotation says so."""

    def counterpart(dims: Dims) -> Context:
        return wrong(dims)

    return counterpart


def stale() -> str:
    """Where the committed facts are not those of the mirror as it is now."""
    return difference(lean_refs_folder() / FACTS, text_of_facts())


def test_the_committed_facts_are_those_of_the_mirror() -> None:
    assert stale() == ""


def test_a_wrong_position_in_the_mirror_changes_the_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    def one_further(dims: Dims, saved: Context = ()) -> Idx:
        return Idx((*block.context_decoder_core(dims), *saved), 5, Shape(dims.d_model))

    monkeypatch.setattr(block, "idx_decoder_norm1_gamma", one_further)
    assert re.match(r":\d+: has '      4 := rfl', the mirror says '      5 := rfl'", stale())
    found = fact(f"{BLOCK}decoderNorm1Inputs").generic
    assert isinstance(found, dict)
    assert found["gamma"].position == 5


def test_swapped_dimensions_in_the_mirror_change_the_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masked, "kt_shape", lambda n, num_heads, head_dim: Shape(num_heads, n, head_dim))
    assert "headDim" in stale()


def test_a_saved_list_that_lacks_an_entry_changes_the_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = block.saved_decoder_core
    monkeypatch.setattr(block, "saved_decoder_core", taking_dims(lambda dims: whole(dims)[:-1]))
    assert stale() != ""


def test_a_fixed_dimension_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def with_a_one(seq_len: int, d_model: int) -> Context:
        return (Shape(d_model, 1), Shape())

    monkeypatch.setattr(post_norm, "context_post_norm", with_a_one)
    assert fact(f"{BLOCK}ΓPostNorm").generic == (("dModel", "1"), ())
    assert "[Shape.dim dModel (Shape.dim 1 Shape.scalar),\n        Shape.scalar]" in text_of_facts()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (lambda dims: (Shape(dims.d_model + 1),), "a dimension, which is none of seqLen, dModel, numHeads, headDim"),
        (lambda dims: (Shape(2),) * dims.seq_len, "the length, is 2, 17, 1 at different dimensions"),
        (lambda dims: (Shape(*[1] * dims.seq_len),), "the number of dimensions, is 2, 17, 1 at different dimensions"),
    ],
)
def test_a_mirror_without_a_pattern_is_named(
    monkeypatch: pytest.MonkeyPatch, wrong: Callable[[Dims], Context], why: str
) -> None:
    monkeypatch.setattr(block, "context_decoder_core", taking_dims(wrong))
    with pytest.raises(NotGenericError, match=f"^{BLOCK}ΓDecoderCore: {why}"):
        facts()


# ---- the other files


def test_the_notebook_is_one_that_jupyter_opens() -> None:
    book = json.loads((lean_refs_folder() / "notebooks" / "decoder_block.ipynb").read_text("utf-8"))
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    assert book["metadata"]["kernelspec"] == {"display_name": "Lean 4", "language": "lean4", "name": "lean4"}
    keys = {"markdown": set(), "code": {"execution_count", "outputs"}}
    for cell in book["cells"]:
        assert cell.keys() == {"cell_type", "id", "metadata", "source"} | keys[cell["cell_type"]]
        assert all(isinstance(line, str) for line in cell["source"])
        assert all(line.endswith("\n") for line in cell["source"][:-1])
    assert len({cell["id"] for cell in book["cells"]}) == len(book["cells"])
    commands = "".join(line for cell in book["cells"] if cell["cell_type"] == "code" for line in cell["source"])
    theorems = [d.name for d in PIN.seed if d.is_theorem]
    assert len(theorems) == 3
    assert all(f"#check @{name}" in commands and f"#print axioms {name}" in commands for name in theorems)


def test_the_alignment_has_every_cited_declaration_once() -> None:
    lines = (lean_refs_folder() / "formalization.yaml").read_text("utf-8").splitlines()
    entry = ("    - source: ", "      lean: ", "      module: ", "      status: ", "      note: ")
    start = lines.index("  statements:") + 1
    rows = [lines[k : k + len(entry)] for k in range(start, len(lines), len(entry))]
    read = [[json.loads(line.removeprefix(key)) for line, key in zip(row, entry, strict=True)] for row in rows]
    assert [row[1] for row in read] == cited()
    for _, name, module, status, note in read:
        declaration = PIN.declarations[name]
        assert module == module_name(declaration.file)
        assert status == ("proved" if declaration.is_theorem else "defined")
        assert note.startswith(("run by theorems.", "mirrored by mirror.", "no counterpart: "))
    assert lines[1] == 'version: "v0.4"'
    top = [line.rstrip(":") for line in lines if re.fullmatch(r"\w+:", line)]
    assert set(top) >= {"project", "sources", "automation", "review", "alignment"}, "what schema v0.4 requires"


def test_no_text_of_the_files_names_a_place_on_a_machine() -> None:
    for text in lean_files().values():
        assert not re.search(r"(?<![\w.`:/])/(home|tmp|work|srv|usr)/", text)
        assert str(Path.home()) not in text
