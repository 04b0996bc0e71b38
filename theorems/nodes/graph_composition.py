"""Appending certified graphs and re-running one in a longer context.

Twin of `NN/Proofs/Autograd/Tape/Nodes/GraphComposition.lean`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from mirror.arithmetic import EXACT, Arithmetic, Array
from mirror.core.fderiv import append_vec, cast_vec, ctx_size
from mirror.core.soundness import Graph
from mirror.nodes.graph_composition import append, drop_middle_clm, weaken_context
from mirror.nodes.reductions import take_left_vec, take_right_vec
from mirror.spec.core.shape import Context
from theorems.engine.evidence.verdicts import Claim, Equal
from theorems.engine.families import Family
from theorems.engine.graphs import GraphSpec
from theorems.engine.reverse_mode import reverse_mode_theorem
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.graphs import graph_specs
from theorems.engine.strategies.mixture import mixed_fills
from theorems.engine.strategies.probes import seeded_probes
from theorems.engine.strategies.shapes import context_vector, contexts
from theorems.engine.strategies.values import Fill
from theorems.engine.theorem import theorem


@st.composite
def three_contexts(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """Inputs, extra entries and saved entries, with a vector of all three."""
    context, extra, saved = (draw(contexts(sizes)) for _ in range(3))
    fill = draw(mixed_fills())
    x = context_vector(fill, (*context, *extra, *saved))
    return {"context": context, "extra": extra, "saved": saved, "x": x, "values": fill.family}


@theorem(
    "Proofs.Autograd.DGraph.dropMiddleCLM_apply",
    formula="dropMiddleCLM Γ extra ss x = (the first ctxSize Γ and the last ctxSize ss coordinates of x)",
    says="Dropping the middle keeps the inputs and the saved entries, in order, and nothing of the extra entries.",
    binders="{Γ extra ss} (x)",
    family=Family.VECTORS,
    instances=three_contexts,
    arithmetic=EXACT,
)
def drop_middle_clm_apply(
    ar: Arithmetic, context: Context, extra: Context, saved: Context, x: Array
) -> Iterator[Claim]:
    inputs, front = ctx_size(context), ctx_size((*context, *extra))
    whole = cast_vec(front + ctx_size(saved), x)
    left = take_left_vec(inputs, cast_vec(front, take_left_vec(front, whole)))
    kept = cast_vec(ctx_size((*context, *saved)), append_vec(ar, left, take_right_vec(front, whole)))
    yield Equal("dropMiddleCLM x = left ++ right", drop_middle_clm(context, extra, saved)(ar, x), kept)


def _point_and_seed(draw: st.DrawFn, fill: Fill, context: Context, saved: Context) -> dict[str, Any]:
    probed = draw(seeded_probes(fill, context, saved))
    return {"x": context_vector(fill, context), "values": fill.family, **probed}


@st.composite
def certified_graphs(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A random graph of nodes with global certificates, a point and a seed."""
    fill = draw(mixed_fills())
    graph = draw(graph_specs(fill, sizes))
    return {"graph": graph, **_point_and_seed(draw, fill, graph.context, graph.build().saved)}


@st.composite
def weakened_graphs(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A certified graph and extra context entries, with a point and a seed that include them."""
    fill = draw(mixed_fills())
    graph, extra = draw(graph_specs(fill, sizes)), draw(contexts(sizes))
    context = (*graph.context, *extra)
    return {"graph": graph, "extra": extra, **_point_and_seed(draw, fill, context, graph.build().saved)}


@st.composite
def appended_graphs(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """Two certified graphs, the second over the inputs and results of the first."""
    fill = draw(mixed_fills())
    half = replace(sizes, nodes=sizes.nodes // 2)
    first = draw(graph_specs(fill, half))
    everything = (*first.context, *first.build().saved)
    second = draw(graph_specs(fill, half, context=everything))
    saved = (*first.build().saved, *second.build().saved)
    return {"first": first, "second": second, **_point_and_seed(draw, fill, first.context, saved)}


def no_gradient_from_the_nodes(graph: GraphSpec, extra: Context, seed: Array, pulled_back: Array) -> Iterator[Claim]:
    start, stop = ctx_size(graph.context), ctx_size((*graph.context, *extra))
    yield Equal("the extra entries get no gradient from the nodes", pulled_back[start:stop], seed[start:stop])


@reverse_mode_theorem(
    "Proofs.Autograd.DGraph.weakenContext_backpropVec_eq_adjoint_fderiv",
    g="(weakenContext dg extra).g",
    says=(
        "A graph re-run in a longer context still has the adjoint of its derivative as reverse run; "
        "the extra entries get their own seed back and nothing from the nodes."
    ),
    binders="{Γ ss} (dg) (extra) (xV) (seedV)",
    family=Family.GRAPHS,
    instances=weakened_graphs,
    also=no_gradient_from_the_nodes,
)
def weaken_context_backprop_vec_eq_adjoint_fderiv(graph: GraphSpec, extra: Context) -> Graph:
    return weaken_context(graph.certified(), extra).g


@reverse_mode_theorem(
    "Proofs.Autograd.DGraph.append_backpropVec_eq_adjoint_fderiv",
    g="(append dg₁ dg₂).g",
    says="Two graphs run one after the other have, as reverse run, the adjoint of the derivative of both together.",
    binders="{Γ ss₁ ss₂} (dg₁) (dg₂) (xV) (seedV)",
    family=Family.GRAPHS,
    instances=appended_graphs,
)
def append_backprop_vec_eq_adjoint_fderiv(first: GraphSpec, second: GraphSpec) -> Graph:
    return append(first.certified(), second.certified()).g


@reverse_mode_theorem(
    "Proofs.Autograd.DGraph.backpropVec_eq_adjoint_fderiv",
    g="dg.g",
    says="The reverse run of a graph of certified nodes is the adjoint of the derivative of its forward run.",
    binders="{Γ ss} (dg) (xV) (seedV)",
    family=Family.GRAPHS,
    instances=certified_graphs,
)
def backprop_vec_eq_adjoint_fderiv(graph: GraphSpec) -> Graph:
    return graph.certified().g
