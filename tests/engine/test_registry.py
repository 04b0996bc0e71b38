"""How names select theorems, and what is said about a name that selects none."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from lean_refs import load_pin
from lean_refs.names import did_you_mean, matching
from theorems import Theorem, get, select, theorems
from theorems.engine.families import Family
from theorems.engine.reasons import NOT_RUN
from theorems.engine.registry import UnknownTheorem
from theorems.engine.theorem import theorem

NAMES = ["A.Idx.last", "A.Idx.blast", "A.Graph.backpropVec", "B.last"]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("A.Idx.last", ["A.Idx.last"]),
        ("last", ["A.Idx.last", "B.last"]),
        ("Idx.last", ["A.Idx.last"]),
        ("A.Idx.*", ["A.Idx.last", "A.Idx.blast"]),
        ("Idx.*", ["A.Idx.last", "A.Idx.blast"]),
        ("l*", ["A.Idx.last", "B.last"]),
        ("dx.*", []),
        ("*ast", ["A.Idx.last", "A.Idx.blast", "B.last"]),
        ("a.idx.last", []),
        ("A.Idx", []),
        ("", []),
    ],
)
def test_a_pattern_is_a_name_a_suffix_at_a_dot_or_a_glob(pattern: str, found: list[str]) -> None:
    assert matching(pattern, NAMES) == found


def test_the_nearest_name_is_suggested() -> None:
    assert did_you_mean("A.Graph.backpropvek", NAMES) == "; did you mean A.Graph.backpropVec?"
    assert did_you_mean("zzz", NAMES) == ""


def test_theorems_are_in_the_order_of_the_lean_files() -> None:
    pin = load_pin()
    places = [(t.declaration.file, t.declaration.line) for t in theorems().values()]
    assert places == sorted(places)
    assert [t.name for t in select()] == list(theorems())
    assert set(theorems()) == {d.name for d in pin.theorems} - NOT_RUN.keys()


def test_patterns_select_each_theorem_once() -> None:
    everything = list(theorems())
    chosen = [t.name for t in select(["inner_get_single", "*.CtxVec.inner_*", "Graph.backprop_correct_inner"])]
    assert chosen == [name for name in everything if name in chosen]
    assert len(set(chosen)) == len(chosen)
    assert "Proofs.Autograd.CtxVec.inner_get_single" in chosen


def test_the_package_offers_the_registry() -> None:
    assert isinstance(get("inner_get_single"), Theorem)
    with pytest.raises(AttributeError, match="module 'theorems' has no attribute 'nothing'"):
        import_nothing()


def import_nothing() -> object:
    import theorems as package

    return package.nothing


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("inner_get_singel", r"no theorem is called inner_get_singel; did you mean .*CtxVec\.inner_get_single"),
        ("zzzzzz", "no theorem is called zzzzzz$"),
        ("", "no theorem is called ''$"),
        ("eventually_of_forall", "eventually_of_forall is not run: .+"),
        ("Proofs.*", r"Proofs\.\* names \d+ theorems: "),
    ],
)
def test_what_selects_no_one_theorem_is_said(pattern: str, says: str) -> None:
    with pytest.raises(UnknownTheorem, match=says):
        get(pattern)


def _register(name: str) -> None:
    conclusion = get("Proofs.Autograd.CtxVec.inner_get_single").conclusion
    family, nothing = Family.VECTORS, st.nothing()
    theorem(name, formula="", says="", binders="", family=family, instances=lambda sizes: nothing)(conclusion)


@pytest.mark.parametrize("name", ["Proofs.Autograd.no_such_theorem", "Proofs.Autograd.Idx.weaken"])
def test_what_lean_does_not_prove_cannot_be_registered(name: str) -> None:
    with pytest.raises(LookupError, match=f"{name} is not a theorem or lemma of the pinned"):
        _register(name)


def test_a_theorem_has_one_counterpart() -> None:
    with pytest.raises(ValueError, match=r"has a counterpart already, in theorems\.nodes\.context"):
        _register("Proofs.Autograd.CtxVec.inner_get_single")
