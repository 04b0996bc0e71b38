"""Nodes and graphs on flat vectors: adjointness, and the reverse run as the adjoint of the derivative."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from hypothesis import strategies as st

from mirror.arithmetic import Arithmetic, Array
from mirror.core.fderiv import (
    GraphFDerivCorrectAt,
    backprop_vec,
    ctx_size,
    eval_vec,
    jvp_vec,
    node_jvp_vec,
    node_vjp_vec,
    of_vec_t,
    unflatten_ctx,
)
from mirror.core.soundness import Graph, Node, dot_list
from mirror.core.vectorization import inner
from mirror.nodes.graph_composition import graph_certificate_at
from mirror.ops.norm.layer_norm import WHOLE_NODE
from mirror.spec.core.shape import Context, size
from mirror.tensor.basic.folds import dot
from theorems.engine.evidence.derivatives import fderivs, has_fderiv_at
from theorems.engine.evidence.differentiability import Forward
from theorems.engine.evidence.graph_certificates import adjoints_belong, claimed_derivative, graph_certificate_holds
from theorems.engine.evidence.verdicts import Claim, Equal
from theorems.engine.families import Family
from theorems.engine.graph_run import GraphRun
from theorems.engine.graphs import KINDS, GraphSpec, NodeSpec
from theorems.engine.reverse_mode import reverse_mode_theorem
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.graph_points import NOT_DRAWN, decided, graph_points, norm_at_corner
from theorems.engine.strategies.graphs import ALL_KINDS, SMOOTH_KINDS, node_specs, operand_contexts
from theorems.engine.strategies.mixture import mixed_fills
from theorems.engine.strategies.probes import dual_pair, seeded_probes
from theorems.engine.strategies.pruning import alone, of_inputs
from theorems.engine.strategies.shapes import context_vector
from theorems.engine.strategies.values import Fill
from theorems.engine.theorem import Hypothesis, theorem

# ---- adjointness: no derivative occurs, so a node may stand at a corner


# One more case beside the kinds: a LayerNorm where var + ε = 0 exactly, whose jvp and vjp are both 0.
AT_CORNER = f"{WHOLE_NODE.name} at var + ε = 0"
CASES = (*ALL_KINDS, AT_CORNER)


@st.composite
def node_points(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A context Γ with a point and a tangent, and nodes in it with a cotangent each.

    Half of the instances have a node of every kind, so that none is left out; the others have one, of all that it
    reads where the values are dense.
    """
    fill = draw(mixed_fills())
    context = draw(operand_contexts(sizes, int(fill.dense)))
    x = context_vector(fill, context)
    cases = draw(st.one_of(st.sampled_from(CASES).map(lambda case: (case,)), st.just(CASES)))
    nodes = tuple(_node(draw, case, context, x, fill, sizes) for case in cases)
    if fill.dense and len(nodes) == 1:
        lone, less, kept = alone(nodes[0], context)
        nodes, context, x = (lone,), less, of_inputs(x, context, kept)
    pairs = [dual_pair(fill, ctx_size(context), size(node.build(context).shape)) for node in nodes]
    tangents, cotangents = zip(*pairs, strict=True)
    values = {"values": fill.family, "cases": cases, "Γ": context, "node": nodes}
    return {**values, "ctxV": x, "dctxV": tangents, "δV": cotangents}


def node_runs(
    ar: Arithmetic,
    cases: tuple[str, ...],
    Γ: Context,
    node: tuple[NodeSpec, ...],
    ctxV: Array,
    dctxV: tuple[Array, ...],
    δV: tuple[Array, ...],
) -> Iterator[GraphRun]:
    """Each node as a graph of its own."""
    for case, spec, dx, δ in zip(cases, node, dctxV, δV, strict=True):
        seed = ar.concat([ar.zeros(ctx_size(Γ)), δ])
        yield GraphRun(Graph(Γ, (spec.build(Γ),)), ctxV, (dx,), (seed,), case)


def _node(draw: st.DrawFn, case: str, context: Context, x: Array, fill: Fill, sizes: Sizes) -> NodeSpec:
    if case == AT_CORNER:
        return norm_at_corner(draw(st.sampled_from(WHOLE_NODE.reads(context))), context, x)
    return draw(node_specs(context, fill, sizes, (case,)))


@theorem(
    "Proofs.Autograd.Node.correct_inner",
    formula="⟨node.jvpVec ctxV dctxV, δV⟩ = ⟨dctxV, node.vjpVec ctxV δV⟩",
    says="A node's cotangent map is adjoint to its tangent map, at every point; so says its own proof field too.",
    binders="{Γ τ} (node) (ctxV dctxV) (δV)",
    family=Family.NODES,
    instances=node_points,
    runs=node_runs,
)
def correct_inner(
    ar: Arithmetic,
    cases: tuple[str, ...],
    Γ: Context,
    node: tuple[NodeSpec, ...],
    ctxV: Array,
    dctxV: tuple[Array, ...],
    δV: tuple[Array, ...],
) -> Iterator[Claim]:
    for case, spec, dx, δ in zip(cases, node, dctxV, δV, strict=True):
        built = spec.build(Γ)
        yield _correct(ar, case, built, ctxV, dx, δ)
        left = inner(ar, node_jvp_vec(ar, built, ctxV, dx), δ)
        yield Equal(f"{case}: ⟨jvpVec, δ⟩ = ⟨dctx, vjpVec⟩", left, inner(ar, dx, node_vjp_vec(ar, built, ctxV, δ)))


def _correct(ar: Arithmetic, case: str, node: Node, x: Array, dx: Array, δ: Array) -> Claim:
    # Lean's `Node` carries this as a proof, so it belongs to what the theorem is given.
    context, tangent = unflatten_ctx(node.context, x), unflatten_ctx(node.context, dx)
    cotangent = of_vec_t(node.shape, δ)
    left = dot(ar, node.jvp(ar, context, tangent), cotangent)
    right = dot_list(ar, tangent, node.vjp(ar, context, cotangent))
    return Equal(f"{case}: dot (jvp) δ = dotList dctx (vjp)", left, right)


@st.composite
def graph_runs(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A graph of nodes of every kind, an input point, a tangent and a seed."""
    fill = draw(mixed_fills())
    drawn = draw(graph_points(fill, sizes, admits=decided))
    dx, seed = dual_pair(fill, len(drawn["x"]), _everything(drawn["g"]))
    return {**drawn, "dx": dx, "seed": seed}


def run_with_tangent(ar: Arithmetic, g: GraphSpec, x: Array, dx: Array, seed: Array) -> Iterator[GraphRun]:
    yield GraphRun(g.build(), x, (dx,), (seed,))


def _everything(g: GraphSpec) -> int:
    return ctx_size((*g.context, *g.build().saved))


@theorem(
    "Proofs.Autograd.Graph.backprop_correct_inner",
    formula="⟨jvpVec g xV dxV, seedV⟩ = ⟨dxV, backpropVec g xV seedV⟩",
    says="For every graph the reverse run is adjoint to the forward-mode run, differentiable or not.",
    binders="{Γ ss} (g) (xV dxV seedV)",
    family=Family.GRAPHS,
    instances=graph_runs,
    runs=run_with_tangent,
    covers_not=NOT_DRAWN,
)
def backprop_correct_inner(ar: Arithmetic, g: GraphSpec, x: Array, dx: Array, seed: Array) -> Iterator[Claim]:
    graph = g.build()
    left, right = jvp_vec(ar, graph, x, dx), backprop_vec(ar, graph, x, seed)
    yield Equal("⟨jvpVec dx, seed⟩ = ⟨dx, backpropVec seed⟩", inner(ar, left, seed), inner(ar, dx, right))


# ---- the derivative of a graph: with a certificate everywhere, or at the point only


def _differentiable_graphs(kinds: Iterable[str]) -> Callable[[Sizes], st.SearchStrategy[dict[str, Any]]]:
    """Graphs of those kinds at points where each node has a derivative, with a seed and directions."""

    @st.composite
    def differentiable_graphs(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
        fill = draw(mixed_fills())
        drawn = draw(graph_points(fill, sizes, kinds))
        g: GraphSpec = drawn["g"]
        return {**drawn, **draw(seeded_probes(fill, g.context, g.build().saved))}

    return differentiable_graphs


def _read_at(ar: Arithmetic, g: GraphSpec, x: Array) -> GraphFDerivCorrectAt:
    """The global certificate at x; with a node of a kind that has none, the certificates for this point alone."""
    if any(KINDS[spec.kind].certificate is None for spec in g.nodes):
        return g.certificate_at(ar, x)
    return graph_certificate_at(ar, g.certificate(), x)


def certified_everywhere(ar: Arithmetic, g: GraphSpec, x: Array) -> bool:
    """Whether the global certificate holds, as far as one point can show."""
    return graph_certificate_holds(ar, _read_at(ar, g, x))


def certified_at_point(ar: Arithmetic, g: GraphSpec, x: Array) -> bool:
    return graph_certificate_holds(ar, g.certificate_at(ar, x))


GLOBAL: dict[str, Any] = {
    "family": Family.GRAPHS,
    "instances": _differentiable_graphs(SMOOTH_KINDS),
    "hypotheses": (
        Hypothesis("hg", "every node has the derivative of its global certificate", certified_everywhere, data=True),
    ),
    "covers_not": f"a global certificate is tried at the one point that the instance draws; {NOT_DRAWN}",
}
AT_POINT: dict[str, Any] = {
    "family": Family.GRAPHS,
    "instances": _differentiable_graphs(ALL_KINDS),
    "hypotheses": (
        Hypothesis("hg", "every node has its certificate's derivative at this point", certified_at_point, data=True),
    ),
    "covers_not": NOT_DRAWN,
}


def _evaluation(graph: Graph) -> Forward:
    return lambda ar, x: eval_vec(ar, graph, x)


def forward_runs(ar: Arithmetic, g: GraphSpec, x: Array, directions: tuple[Array, ...]) -> Iterator[GraphRun]:
    yield GraphRun(g.build(), x, directions)


def _derivative_and_jvp(ar: Arithmetic, hg: Any, x: Array, directions: tuple[Array, ...]) -> Iterator[Claim]:
    # The D that Lean says exists is the one that its proof builds from the certificates.
    def claimed(h: Array) -> Array:
        return claimed_derivative(ar, hg, h)

    yield from has_fderiv_at(_evaluation(hg.graph), x, claimed, directions)
    for k, h in enumerate(directions):
        yield Equal(f"jvpVec g x h = D h, direction {k}", jvp_vec(ar, hg.graph, x, h), claimed(h))
    yield from adjoints_belong(ar, hg)


def _jvp_is_fderiv(ar: Arithmetic, g: GraphSpec, x: Array, directions: tuple[Array, ...]) -> Iterator[Claim]:
    graph = g.build()
    derivatives = fderivs(_evaluation(graph), x, directions)
    for k, (h, derivative) in enumerate(zip(directions, derivatives, strict=True)):
        yield Equal(f"jvpVec g x h = fderiv (evalVec g) x h, direction {k}", jvp_vec(ar, graph, x, h), derivative)


def _built(g: GraphSpec) -> Graph:
    return g.build()


@theorem(
    "Proofs.Autograd.Graph.hasFDerivAt_evalVec_and_jvp",
    formula="∃ D, HasFDerivAt (evalVec g) D xV ∧ ∀ dxV, jvpVec g xV dxV = D dxV",
    says="A graph with a certificate for each node has a derivative everywhere, and the forward-mode run applies it.",
    binders="{Γ ss} (g) (hg) (xV)",
    runs=forward_runs,
    **GLOBAL,
)
def has_fderiv_at_eval_vec_and_jvp(
    ar: Arithmetic, g: GraphSpec, x: Array, directions: tuple[Array, ...]
) -> Iterator[Claim]:
    return _derivative_and_jvp(ar, _read_at(ar, g, x), x, directions)


@theorem(
    "Proofs.Autograd.Graph.hasFDerivAt_evalVec_and_jvp_at",
    formula="GraphFDerivCorrectAt g xV → ∃ D, HasFDerivAt (evalVec g) D xV ∧ ∀ dxV, jvpVec g xV dxV = D dxV",
    says="With certificates at the point only, the graph has a derivative there, and the forward-mode run applies it.",
    binders="{Γ ss} (g) (xV) (hg)",
    runs=forward_runs,
    **AT_POINT,
)
def has_fderiv_at_eval_vec_and_jvp_at(
    ar: Arithmetic, g: GraphSpec, x: Array, directions: tuple[Array, ...]
) -> Iterator[Claim]:
    return _derivative_and_jvp(ar, g.certificate_at(ar, x), x, directions)


jvp_vec_eq_fderiv = theorem(
    "Proofs.Autograd.Graph.jvpVec_eq_fderiv",
    formula="jvpVec g xV dxV = (fderiv ℝ (evalVec g) xV) dxV",
    says="With a certificate for each node, the forward-mode run applies the graph's derivative, at every point.",
    binders="{Γ ss} (g) (hg) (xV dxV)",
    runs=forward_runs,
    **GLOBAL,
)(_jvp_is_fderiv)

jvp_vec_eq_fderiv_at = theorem(
    "Proofs.Autograd.Graph.jvpVec_eq_fderiv_at",
    formula="GraphFDerivCorrectAt g xV → jvpVec g xV dxV = (fderiv ℝ (evalVec g) xV) dxV",
    says="With certificates at the point only, the forward-mode run applies the graph's derivative there.",
    binders="{Γ ss} (g) (xV dxV) (hg)",
    runs=forward_runs,
    **AT_POINT,
)(_jvp_is_fderiv)

backprop_vec_eq_adjoint_fderiv = reverse_mode_theorem(
    "Proofs.Autograd.Graph.backpropVec_eq_adjoint_fderiv",
    says="With a certificate for each node, the reverse run applies the adjoint of the derivative, at every point.",
    binders="{Γ ss} (g) (hg) (xV) (seedV)",
    **GLOBAL,
)(_built)

backprop_vec_eq_adjoint_fderiv_at = reverse_mode_theorem(
    "Proofs.Autograd.Graph.backpropVec_eq_adjoint_fderiv_at",
    says="With certificates at the point only, the reverse run applies the adjoint of the derivative there.",
    binders="{Γ ss} (g) (xV) (seedV) (hg)",
    **AT_POINT,
)(_built)
