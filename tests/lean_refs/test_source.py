"""The real source, where LEANMIRROR_SOURCE names a checkout of the pinned revision."""

import shutil

import pytest

from lean_refs.closure import rests_on
from lean_refs.drift import Change, drift
from lean_refs.facts import PINNED_REVISION
from lean_refs.home import lean_refs_folder
from lean_refs.pin import pinned_fingerprints, raw_pin, read_source
from lean_refs.pinning import make_pin, pin_text
from lean_refs.reader.tree import read_tree
from lean_refs.scope import load_scope
from lean_refs.twins import twins

TRANSFORMER = "Proofs.Autograd.Transformer"


@pytest.fixture(scope="module")
def tree(source):
    return read_tree(source)


def test_the_whole_tree_is_read(tree):
    assert len(tree.files) > 1000
    assert len(tree.declarations) > 12000
    assert {record.why for record in tree.unread} == {"the rest of the file is a Verso document, which is not read"}


def test_every_pinned_declaration_is_where_the_pin_says(tree):
    places = {(d.name, d.kind, d.file, d.line, d.end_line) for d in tree.declarations}
    pinned = {(e["name"], e["kind"], e["file"], e["line"], e["end"]) for e in raw_pin()["declarations"]}
    assert pinned <= places


def test_the_pin_is_made_again_to_the_byte(tree):
    raw = raw_pin()
    made = make_pin(tree, load_scope(), raw["revision"])
    assert pin_text(made.data) == (lean_refs_folder() / "pins" / f"{PINNED_REVISION}.json").read_text("utf-8")
    assert (made.missing, made.unread) == ((), ())


def test_what_tanh_rests_on_is_in_scope_or_brought_in(tree):
    nodes = "Proofs.Autograd.TapeNodes"
    known = load_scope().entries.keys() - {f"{nodes}.tanh", f"{nodes}.tanhFderiv"}
    found = rests_on(tree, [f"{nodes}.tanhFderiv"], known)
    assert [d.name for d in found] == [f"{nodes}.tanh", f"{nodes}.tanhFderiv"]


def test_the_known_twins_are_found(tree):
    found = [{name.rsplit(".", 1)[-1] for name in t.names} for t in twins(tree, "NN/Proofs/Autograd/Tape")]
    assert {
        "postNormGptDecoderBlock_hasFDerivAt",
        "twoSublayerPostNormBlock_hasFDerivAt",
        "postNormEncoderBlock_hasFDerivAt",
    } in found
    assert {
        "postNorm_backpropVec_eq_adjoint_fderiv_at",
        "residualAttentionPostNorm_backpropVec_eq_adjoint_fderiv_at",
        "residualFeedForwardPostNorm_backpropVec_eq_adjoint_fderiv_at",
    } in found


@pytest.mark.parametrize(
    ("old", "new", "name", "change"),
    [
        ("⟨⟨3, by simp⟩", "⟨⟨4, by simp⟩", "idxDecoderResidualInput", Change.BODY),
        ("gamma := idxDecoderNorm1Gamma", "gamma := idxDecoderNorm2Gamma", "decoderNorm1Inputs", Change.BODY),
        ("(hNorm1StdNe0 :", "(hNorm1Std :", "postNormGptDecoderBlock_hasFDerivAt", Change.COSMETIC),
        ("0 < CtxVec.get", "0 ≤ CtxVec.get", "postNormGptDecoderBlock_hasFDerivAt", Change.OTHER),
        ("def decoderNorm2Inputs", "-- def decoderNorm2Inputs", "decoderNorm2Inputs", Change.DELETED),
    ],
)
def test_a_fault_in_a_copy_is_found(source, tmp_path, old, new, name, change):
    raw = raw_pin()
    for file in {entry["file"] for entry in raw["declarations"]}:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source / file, tmp_path / file)
    path = tmp_path / load_scope().seed_module
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    report = {found.name: found for found in drift(pinned_fingerprints(raw), read_source(tmp_path, raw).prints)}
    assert change in {finding.change for finding in report[f"{TRANSFORMER}.{name}"].differences}
