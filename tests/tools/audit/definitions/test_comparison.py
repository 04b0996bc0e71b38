"""How the comparison of one definition ends when the Lean text, or its counterpart, cannot be evaluated as before."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from lean_refs.fingerprint import Evaluation, Fingerprint
from lean_refs.interpreter.interpret import Disagreement, NotInterpreted
from lean_refs.normal import digest
from mirror.core.soundness import Idx
from mirror.ops.attention import masked_multi_head_self_attention as attention
from mirror.ops.norm.layer_norm import nodes
from mirror.spec.core.shape import Context, Shape
from mirror.util import idx
from tests.lean_refs import mini_lean as mini
from tests.tools.audit.conftest import NORM, failing
from tests.tools.audit.mini_checkout import TAPE, faulty, material, mini_pin
from theorems.tools.audit.definitions.built import plain_of
from theorems.tools.audit.definitions.functions import NotReadError, same_function
from theorems.tools.audit.definitions.markers import MarkedMap, Markers
from theorems.tools.audit.definitions.section import same_definition
from theorems.tools.audit.findings import AuditVerdict, Finding, holds
from theorems.tools.audit.material import Material

LAST = f"{TAPE}.Idx.last"
POSITION = "⟨⟨(Γ ++ ss).length, by simp⟩, by simp⟩"
MASKED = "Proofs.Autograd.MultiHeadAttention.maskedCoreDGraph"


@pytest.fixture(scope="module")
def pin(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return mini_pin(tmp_path_factory.mktemp("mini"))


def about(material: Material, name: str) -> Finding:
    (finding,) = same_definition(material).about({name}).findings
    return finding


def changed(material: Material, monkeypatch: pytest.MonkeyPatch, name: str, **fields: Any) -> None:
    """Change what the Lean text of a declaration says, as if it had been read so."""
    monkeypatch.setitem(material.fingerprints, name, dataclasses.replace(material.fingerprints[name], **fields))


def test_a_source_is_compared_at_random_dimensions_too(tmp_path: Path, pin: dict[str, Any]) -> None:
    basis = "the same data at 6 sets of dimensions, read from the source"
    assert about(material(mini.write(tmp_path), pin), LAST) == holds(LAST, basis)


def test_a_mirror_that_is_wrong_where_the_pin_does_not_look_is_found(
    tmp_path: Path, pin: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def last(context: Context, saved: Context, shape: Shape) -> Idx:
        more = () if shape in (Shape(2, 3), Shape(4), Shape()) else (shape,)
        return Idx((*more, *context, *saved, shape), len((*more, *context, *saved)), shape)

    here = material(mini.write(tmp_path), pin)
    pinned = dataclasses.replace(here, source=None)
    monkeypatch.setattr(idx, "last", last)
    assert about(pinned, LAST).verdict is AuditVerdict.HOLDS
    found = about(here, LAST)
    assert found.verdict is AuditVerdict.FAILS
    assert found.basis == "index: 4 in Lean, 5 in the mirror"


@pytest.mark.parametrize("ending", [Disagreement, NotInterpreted])
def test_a_text_that_has_a_value_at_the_pinned_dimensions_alone_fails(
    tmp_path: Path, pin: dict[str, Any], monkeypatch: pytest.MonkeyPatch, ending: Any
) -> None:
    here = material(mini.write(tmp_path), pin)
    assert here.source
    assert here.fingerprints[LAST].values
    monkeypatch.setattr(here.source.prints, "evaluate", lambda name, *at: ending(name, "the shapes differ"))
    assert failing(same_definition(here))[LAST] == "at other dimensions: the shapes differ"


@pytest.mark.parametrize(
    ("new", "says"),
    [
        ("Classical.choice sorry", "the text is no longer interpreted: "),
        (POSITION.replace(").length", ").length + 1"), "the Lean text contradicts itself: index 1 in "),
    ],
    ids=["a term that is not read", "a position outside the context"],
)
def test_a_text_that_loses_its_value_fails(tmp_path: Path, pin: dict[str, Any], new: str, says: str) -> None:
    assert failing(same_definition(faulty(tmp_path, pin, "tape", POSITION, new)))[LAST].startswith(says)


def with_text(made: Fingerprint, old: str, new: str) -> tuple[Evaluation, ...]:
    """The values of a node with another text for its function."""
    return tuple(
        Evaluation(v.dims, {**v.value, "parameters": {k: new if t == old else t for k, t in parameters.items()}})
        for v in made.values
        if isinstance(v.value, dict) and isinstance(parameters := v.value["parameters"], dict)
    )


def test_a_function_that_is_not_read_is_not_checked(pinned: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"{NORM}.nodeVarEps"
    values = with_text(pinned.fingerprints[name], "fun z => z + ε", "fun z => exp z")
    assert len(values) == 3
    changed(pinned, monkeypatch, name, values=values)
    found = about(pinned, name)
    assert found.verdict is AuditVerdict.NOT_CHECKED
    assert found.basis == "a function that is not compared: fun z => exp z"


def test_a_counterpart_with_an_unknown_parameter_fails(pinned: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    def node_inv_std(m: int, n: int, colour: str) -> Any:
        raise AssertionError("never called")

    monkeypatch.setattr(nodes, "node_inv_std", node_inv_std)
    says = "the counterpart cannot be called: the parameter colour of type str matches no Lean argument"
    assert failing(same_definition(pinned))[f"{NORM}.nodeInvStd"] == says


def test_a_default_that_lean_changed_fails(pinned: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    binders = [
        dataclasses.replace(b, default=digest("1")) if b.default else b for b in pinned.fingerprints[MASKED].binders
    ]
    changed(pinned, monkeypatch, MASKED, binders=tuple(binders))
    says = "the default of bias is not 0, which is what the mirror has"
    assert failing(same_definition(pinned)) == {MASKED: says}


def test_a_counterpart_without_the_default_fails(pinned: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    real = attention.masked_core_dgraph

    def demanding(n: int, num_heads: int, head_dim: int, c: Any, bias: Any) -> Any:
        return real(n, num_heads, head_dim, c, bias)

    demanding.__annotations__ = get_type_hints(real)
    monkeypatch.setattr(attention, "masked_core_dgraph", demanding)
    found = failing(same_definition(pinned))[MASKED]
    assert found.startswith("without bias: the mirror cannot build it: ")
    assert "missing 1 required positional argument: 'bias'" in found


def test_what_the_reader_has_no_schema_for_is_refused() -> None:
    with pytest.raises(TypeError, match=r"^Fraction is not data that the reader's schema has$"):
        plain_of(Fraction(1, 2), Markers(0))


def test_a_marker_is_no_linear_map() -> None:
    marker: Any = MarkedMap("merge")
    for apply in (marker.apply, marker.apply_adjoint):
        with pytest.raises(TypeError, match="the marker merge stands for a linear map and is not one"):
            apply(None, None)


@pytest.mark.parametrize("text", ["fun z => z < 1", "fun z => z(z)", "fun z => z if z else z"])
def test_a_text_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(NotReadError, match=r"^fun z => "):
        same_function(text, lambda ar, z: z, {})
