"""The facts of the mirror in the names of dimensions, and a wrong mirror that changes them."""

from __future__ import annotations

import re
from collections.abc import Callable
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
from theorems.tools.audit.lean.files import FACTS, difference
from theorems.tools.audit.lean.text import mirror_facts

PIN = load_pin()
BLOCK = "Proofs.Autograd.Transformer."


def text_of_facts() -> str:
    return mirror_facts(PIN, facts())


def fact(name: str) -> Fact:
    return next(f for f in facts() if f.name == name)


def index_constants() -> dict[str, int]:
    """The index constants of the decoder-block module by name, and the position that each has at any dimensions."""
    found = pinned_fingerprints(raw_pin())
    values: dict[str, list[Any]] = {d.name: [made.value for made in found[d.name].values] for d in PIN.seed}
    indices = {name: {v["index"] for v in vs if isinstance(v, dict) and "index" in v} for name, vs in values.items()}
    return {name: positions.pop() for name, positions in indices.items() if len(positions) == 1}


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
