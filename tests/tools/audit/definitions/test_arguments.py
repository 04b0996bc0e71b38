"""What a counterpart is called with follows from Lean's binders and from what its hints mean, not from their words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import wraps
from typing import Annotated, Any, NewType, Optional, Union

import numpy as np
import pytest
from flint import fmpq

from lean_refs.normal import digest
from mirror.core.soundness import Idx
from mirror.dims import Dims
from mirror.linear_map import LinearMap
from mirror.nodes import arithmetic
from mirror.ops.attention import masked_multi_head_self_attention as attention
from mirror.ops.transformer import decoder_block as block
from mirror.spec.core.shape import Shape
from tests.tools.audit.conftest import BLOCK, failing
from theorems.tools.audit.definitions import built
from theorems.tools.audit.definitions.hints import UnreadableHintError, classes, hints
from theorems.tools.audit.definitions.section import same_definition
from theorems.tools.audit.findings import Section
from theorems.tools.audit.material import Material

CORE, GRAPH = f"{BLOCK}.decoderMaskedCoreDGraph", f"{BLOCK}.decoderCoreGraph"
MASKED = "Proofs.Autograd.MultiHeadAttention.maskedCoreDGraph"
QUERIES = "Proofs.Autograd.MultiHeadAttention.idxMaskedCoreQ"


@pytest.fixture(scope="module")
def few(pinned: Material) -> Material:
    """The pin, of which four definitions are compared."""
    material = Material(pinned.pin)
    prints = {name: pinned.fingerprints[name] for name in (CORE, GRAPH, MASKED, QUERIES)}
    vars(material)["fingerprints"] = prints
    return material


@pytest.fixture(scope="module")
def before(few: Material) -> Section:
    section = same_definition(few)
    assert failing(section) == {}
    assert section.summary.startswith("4 the same")
    return section


Exact = NewType("Exact", fmpq)
Row = np.ndarray
MASK = Sequence[Any] | np.ndarray | None
# Each is another spelling of the hint that stands there.
REWORDED: list[tuple[Any, str, Any]] = [
    (block.decoder_masked_core_dgraph, "bias", Optional[Union[np.ndarray, Sequence[Any]]]),  # noqa: UP007, UP045
    (block.decoder_masked_core_dgraph, "bias", "np.ndarray | None"),
    (block.decoder_masked_core_dgraph, "bias", "'Sequence[fmpq] | np.ndarray | None'"),
    (block.decoder_masked_core_dgraph, "c", "'fmpq'"),
    (block.decoder_masked_core_dgraph, "c", Annotated[fmpq, "the scale"]),
    (block.decoder_masked_core_dgraph, "c", Exact),
    (block.decoder_core_graph, "dims", Dims),
    (block.decoder_core_graph, "dims", "'Dims'"),
    (block.decoder_core_graph, "p", Union[block.Parameters, None]),  # noqa: UP007
    (block.Parameters, "merge_bias", Row),
    (block.Parameters, "merge_bias", "'np.ndarray'"),
    (block.Parameters, "merge_bias", MASK),
    (block.Parameters, "bias", Optional[np.ndarray]),  # noqa: UP045
    (block.Parameters, "fc1", Optional[LinearMap]),  # noqa: UP045
    (attention.masked_core_dgraph, "n", Union[int, None]),  # noqa: UP007
    (attention.idx_masked_core_q, "saved", tuple[Shape, ...]),
    (attention.idx_masked_core_q, "saved", "'Context'"),
    (arithmetic.affine, "return", "'Node'"),
    (arithmetic.affine, "return", Any),
]


@pytest.mark.parametrize(("target", "name", "hint"), REWORDED)
def test_a_reworded_hint_changes_nothing(
    few: Material, before: Section, monkeypatch: pytest.MonkeyPatch, target: Any, name: str, hint: Any
) -> None:
    assert name in target.__annotations__
    monkeypatch.setitem(target.__annotations__, name, hint)
    built.lean_kind.cache_clear()
    assert same_definition(few) == before


@pytest.mark.parametrize(
    ("target", "name", "hint", "lean", "says"),
    [
        (attention.masked_core_dgraph, "n", str, MASKED, "the parameter n of type str matches no Lean argument"),
        (attention.masked_core_dgraph, "n", Any, MASKED, "the parameter n of type Any matches no Lean argument"),
        (block.Parameters, "fc2", Idx, GRAPH, "the parameter fc2 of type mirror.core.soundness.Idx matches no Lean"),
        (block.decoder_core_graph, "p", str, GRAPH, "the parameter p of type str matches no Lean argument"),
        (block.decoder_core_graph, "p", "Lost", GRAPH, "the hints of decoder_core_graph cannot be read: name 'Lost'"),
        (block.Parameters, "fc2", "Lost", GRAPH, "the hints of Parameters cannot be read: name 'Lost'"),
    ],
)
def test_a_parameter_that_no_rule_covers_is_named(
    few: Material, monkeypatch: pytest.MonkeyPatch, target: Any, name: str, hint: Any, lean: str, says: str
) -> None:
    monkeypatch.setitem(target.__annotations__, name, hint)
    assert failing(same_definition(few))[lean].startswith(f"the counterpart cannot be called: {says}")


@pytest.mark.parametrize(
    ("target", "name", "hint", "lean", "says"),
    [
        (block.decoder_masked_core_dgraph, "c", LinearMap, CORE, "c is of type LinearMap here, ℝ in Lean"),
        (block.decoder_masked_core_dgraph, "c", int, CORE, "c is of type int here, ℝ in Lean"),
        (block.Parameters, "eps1", "np.ndarray", GRAPH, "eps1 is of type ndarray here, ℝ in Lean"),
        (attention.masked_core_dgraph, "n", fmpq, MASKED, "n is of type fmpq here, Nat in Lean"),
        (
            attention.idx_masked_core_q,
            "saved",
            Shape,
            QUERIES,
            "saved is of type Shape here, (List Spec.Shape) in",
        ),
        (
            block.Parameters,
            "fc1",
            fmpq,
            GRAPH,
            "fc1 is of type fmpq here, a type that depends on dimensions in Lean",
        ),
    ],
)
def test_a_parameter_of_another_kind_than_leans_is_named(
    few: Material, monkeypatch: pytest.MonkeyPatch, target: Any, name: str, hint: Any, lean: str, says: str
) -> None:
    monkeypatch.setitem(target.__annotations__, name, hint)
    assert failing(same_definition(few))[lean].startswith(f"the counterpart cannot be called: the parameter {says}")


def test_a_map_where_the_mirror_takes_a_vector_is_named(few: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(block.Parameters.__annotations__, "b2", LinearMap)
    says = r"the mirror cannot build it: 'MarkedMap' object has no attribute 'shape'$"
    assert re.search(says, failing(same_definition(few))[GRAPH])


def test_a_lean_argument_of_another_type_is_named(few: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    made = few.fingerprints[CORE]
    binders = [replace(b, type=digest("Nat")) if b.name == "c" else b for b in made.binders]
    monkeypatch.setitem(few.fingerprints, CORE, replace(made, binders=tuple(binders)))
    says = "the counterpart cannot be called: the parameter c is of type fmpq here, Nat in Lean"
    assert failing(same_definition(few)) == {CORE: says}


def test_a_parameter_that_lean_does_not_have_is_named(few: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    def with_more(n: int, num_heads: int, head_dim: int, saved: Any, slope: fmpq) -> Any:
        raise AssertionError("never called")

    monkeypatch.setattr(attention, "idx_masked_core_q", with_more)
    with_more.__annotations__["saved"] = tuple[Shape, ...]
    says = (
        "the counterpart cannot be called: the parameter slope of type flint.types.fmpq.fmpq matches no Lean argument"
    )
    assert failing(same_definition(few))[QUERIES] == says


def test_another_vector_in_place_of_the_mask_is_named(few: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    real = block.decoder_core_graph

    @wraps(real)
    def other(dims: Dims, p: block.Parameters) -> Any:
        assert p.bias is not None
        return real(dims, replace(p, bias=p.b1))

    monkeypatch.setattr(block, "decoder_core_graph", other)
    assert failing(same_definition(few))[GRAPH].endswith("bias in Lean, b1 in the mirror")


def test_hints_are_resolved_and_taken_apart() -> None:
    def function(a: Optional[Union[Row, Sequence[int]]], b: Exact) -> None: ...  # noqa: UP007, UP045

    found = hints(function)
    assert classes(found["a"]) == {np.ndarray, Sequence}
    assert classes(found["b"]) == {fmpq}
    assert classes(found["return"]) == frozenset()


def test_a_hint_that_names_nothing_is_refused() -> None:
    def function(a: int) -> None: ...

    function.__annotations__["a"] = "Lost"
    with pytest.raises(UnreadableHintError, match=r"hints of .*function cannot be read: name 'Lost' is not defined"):
        hints(function)
