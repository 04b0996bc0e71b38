"""Every theorem about graphs says which graphs its instances run, and where."""

from __future__ import annotations

from inspect import signature

import pytest

from mirror.arithmetic import precision
from mirror.core.fderiv import ctx_size, eval_vec
from tests.engine.strategies.sampling import sample
from theorems.engine.case import DIFFERENCES
from theorems.engine.graph_run import GraphRun
from theorems.engine.registry import theorems
from theorems.engine.reverse_mode import FORMULA, POINT
from theorems.engine.sizes import PROFILES
from theorems.engine.theorem import Theorem

# What runs a graph or a node on flat vectors or lists: a theorem whose Lean text names one of them is about graphs.
RUNS = {
    f"Proofs.Autograd.{name}"
    for name in (
        *(f"Graph.{run}" for run in ("evalVec", "jvpVec", "backpropVec", "jvpCtx", "backpropCtx")),
        *(f"Node.{run}" for run in ("forwardVec", "jvpVec", "vjpVec")),
    )
}
WITH_RUNS = [t for t in theorems().values() if t.runs]


def test_the_theorems_about_graphs_are_those_whose_lean_text_runs_one() -> None:
    about = [name for name, t in theorems().items() if RUNS & set(t.declaration.references)]
    assert [t.name for t in WITH_RUNS] == about
    assert len(about) == 29


@pytest.mark.parametrize("theorem", WITH_RUNS, ids=lambda t: t.name.split("Autograd.")[-1])
def test_a_graph_fits_its_point_and_what_runs_through_it(theorem: Theorem) -> None:
    for case in sample(theorem.instances(PROFILES["quick"].sizes), 2):
        with precision(320):
            runs = list(theorem.graph_runs(case))
            assert runs
            for run in runs:
                assert_fits(theorem, run)


def assert_fits(theorem: Theorem, run: GraphRun) -> None:
    inputs, everything = ctx_size(run.graph.context), ctx_size((*run.graph.context, *run.graph.saved))
    assert len(eval_vec(theorem.arithmetic, run.graph, run.x)) == everything
    assert {len(h) for h in run.tangents} <= {inputs}
    assert {len(w) for w in run.cotangents} <= {everything}


def test_the_reverse_mode_theorems_are_one_statement_about_many_graphs() -> None:
    shared = [t for t in theorems().values() if t.formula.startswith(FORMULA)]
    assert len(shared) == 12
    # A conclusion stands in the source where its graph does, and asks for what the graph asks for.
    assert {t.conclusion.__module__ for t in shared} == {t.conclusion.__wrapped__.__module__ for t in shared}  # type: ignore[attr-defined]
    decoder = next(t for t in shared if "decoderCore" in t.name)
    assert list(signature(decoder.conclusion).parameters) == ["ar", "dims", "parameters", *POINT, DIFFERENCES]
