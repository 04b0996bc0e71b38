"""Reading and writing one block of a context vector. Twin of `NN/Proofs/Autograd/Tape/Nodes/Context.lean`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from mirror.arithmetic import EXACT, Arithmetic, Array
from mirror.core.fderiv import ctx_size, forward_vec, node_jvp_vec, node_vjp_vec
from mirror.core.soundness import Graph, Idx, Node, VecMaps
from mirror.core.vectorization import inner
from mirror.nodes.context import (
    get,
    get_clm,
    get_clm_raw,
    get_raw,
    head_clm,
    node_of_vec,
    single,
    single_raw,
    tail_clm,
)
from mirror.spec.core.shape import Context, size
from theorems.engine.evidence.certificates import decided
from theorems.engine.evidence.verdicts import Claim, Equal
from theorems.engine.families import Family
from theorems.engine.graph_run import GraphRun
from theorems.engine.graphs import NodeSpec
from theorems.engine.lean_values import OnVectors, ProofOf
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.graphs import ASIDE_EVERY, node_specs, rich_contexts
from theorems.engine.strategies.mixture import mixed_fills
from theorems.engine.strategies.pruning import alone
from theorems.engine.strategies.shapes import context_vector, contexts, indices
from theorems.engine.theorem import Hypothesis, theorem


@st.composite
def blocks(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """An index, a context vector x and a block v."""
    return draw(blocks_of(draw(contexts(sizes, least=1))))


@st.composite
def several_blocks(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """The same with at least two entries in the context."""
    return draw(blocks_of(draw(contexts(sizes, least=2))))


@st.composite
def blocks_of(draw: st.DrawFn, context: Context) -> dict[str, Any]:
    """An index into a context, a vector x of that and a block v."""
    idx, fill = draw(indices(context)), draw(mixed_fills())
    return {"idx": idx, "x": context_vector(fill, idx.context), "v": fill.vector(size(idx.shape))}


@theorem(
    "Proofs.Autograd.CtxVec.inner_getRaw_singleRaw",
    formula="⟨x, singleRaw i v⟩ = ⟨getRaw i x, v⟩",
    says="The law of inner_get_single for the definitions that walk the list of shapes.",
    binders="{Γ} (i) (x) (v)",
    family=Family.VECTORS,
    instances=blocks,
    arithmetic=EXACT,
)
def inner_get_raw_single_raw(ar: Arithmetic, idx: Idx, x: Array, v: Array) -> Iterator[Claim]:
    written, read = single_raw(ar, idx.context, idx.i, v), get_raw(idx.context, idx.i, x)
    yield Equal("⟨x, singleRaw i v⟩ = ⟨getRaw i x, v⟩", inner(ar, x, written), inner(ar, read, v))


@theorem(
    "Proofs.Autograd.CtxVec.inner_get_single",
    formula="⟨x, single idx v⟩ = ⟨get idx x, v⟩",
    says="Writing a vector into block idx, zeros elsewhere, is adjoint to reading block idx.",
    binders="{Γ s} (idx) (x) (v)",
    family=Family.VECTORS,
    instances=blocks,
    arithmetic=EXACT,
)
def inner_get_single(ar: Arithmetic, idx: Idx, x: Array, v: Array) -> Iterator[Claim]:
    yield Equal("⟨x, single idx v⟩ = ⟨get idx x, v⟩", inner(ar, x, single(ar, idx, v)), inner(ar, get(idx, x), v))


_SPLIT = {"s": lambda idx: idx.context[0], "ss": lambda idx: idx.context[1:]}


@theorem(
    "Proofs.Autograd.CtxVec.headCLM_apply",
    formula="headCLM x j = x_j",
    says="The first block's coordinate j is coordinate j of the context vector, for every j of the block.",
    binders="{s ss} (x) (j)",
    family=Family.VECTORS,
    instances=blocks,
    arithmetic=EXACT,
    in_lean=_SPLIT,
)
def head_clm_apply(ar: Arithmetic, idx: Idx, x: Array) -> Iterator[Claim]:
    coordinates = [x[j] for j in range(size(idx.context[0]))]
    yield Equal("headCLM x j = x_j", head_clm(idx.context[0], idx.context[1:])(ar, x), coordinates)


@theorem(
    "Proofs.Autograd.CtxVec.tailCLM_apply",
    formula="tailCLM x j = x_(size s + j)",
    says="Coordinate j of the later blocks is coordinate size s + j of the context vector, for every such j.",
    binders="{s ss} (x) (j)",
    family=Family.VECTORS,
    instances=several_blocks,
    arithmetic=EXACT,
    in_lean=_SPLIT,
)
def tail_clm_apply(ar: Arithmetic, idx: Idx, x: Array) -> Iterator[Claim]:
    coordinates = [x[j] for j in range(size(idx.context[0]), len(x))]
    yield Equal("tailCLM x j = x_(size s + j)", tail_clm(idx.context[0], idx.context[1:])(ar, x), coordinates)


@theorem(
    "Proofs.Autograd.CtxVec.getCLMRaw_apply",
    formula="getCLMRaw i x = getRaw i x",
    says="Reading block i by composed projections is reading it by walking the list.",
    binders="{Γ} (i) (x)",
    family=Family.VECTORS,
    instances=blocks,
    arithmetic=EXACT,
)
def get_clm_raw_apply(ar: Arithmetic, idx: Idx, x: Array) -> Iterator[Claim]:
    yield Equal("getCLMRaw i x = getRaw i x", get_clm_raw(idx.context, idx.i)(ar, x), get_raw(idx.context, idx.i, x))


@theorem(
    "Proofs.Autograd.CtxVec.getCLM_apply",
    formula="getCLM idx x = get idx x",
    says="The linear map that reads block idx reads block idx.",
    binders="{Γ s} (idx) (x)",
    family=Family.VECTORS,
    instances=blocks,
    arithmetic=EXACT,
)
def get_clm_apply(ar: Arithmetic, idx: Idx, x: Array) -> Iterator[Claim]:
    yield Equal("getCLM idx x = get idx x", get_clm(idx)(ar, x), get(idx, x))


# ---- nodes from vector-level maps


@st.composite
def vector_level_nodes(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """The vector-level maps of a random node, a point, a tangent and a cotangent; dense ones of all that it reads."""
    fill = draw(mixed_fills())
    context = draw(rich_contexts(sizes, int(fill.dense)))
    spec = draw(node_specs(context, fill, sizes))
    if fill.dense and draw(st.integers(0, ASIDE_EVERY - 1)):
        spec, context, _ = alone(spec, context)
    delta = fill.vector(size(spec.build(context).shape))
    x, dx = context_vector(fill, context), context_vector(fill, context)
    return {"context": context, "node": spec, "x": x, "dx": dx, "delta": delta, "values": fill.family}


def _maps(context: Context, node: NodeSpec) -> VecMaps:
    maps = node.build(context).vec
    assert maps is not None, f"every kind of NodeSpec is built by ofVec, {node.kind} too"
    return maps


def _of_vec(context: Context, node: NodeSpec) -> Node:
    """`ofVec` of the maps, without the short cut that this theorem justifies."""
    maps = _maps(context, node)
    made = node_of_vec(context, node.build(context).shape, maps.forward, maps.jvp, maps.vjp)
    return replace(made, vec=None)


def correct_inner(ar: Arithmetic, context: Context, node: NodeSpec, x: Array, dx: Array, delta: Array) -> bool:
    maps = _maps(context, node)
    left, right = inner(ar, maps.jvp(ar, x, dx), delta), inner(ar, dx, maps.vjp(ar, x, delta))
    return decided([Equal("⟨jvp x dx, δ⟩ = ⟨dx, vjp x δ⟩", left, right)])


def node_run(ar: Arithmetic, context: Context, node: NodeSpec, x: Array, dx: Array, delta: Array) -> Iterator[GraphRun]:
    seed = ar.concat([ar.zeros(ctx_size(context)), delta])
    yield GraphRun(Graph(context, (node.build(context),)), x, (dx,), (seed,))


def _map(name: str, *lengths: str) -> Callable[..., OnVectors]:
    """A map that the node is made of, with the lengths of what it takes and gives: of the context or of the result."""

    def made(context: Context, node: NodeSpec) -> OnVectors:
        known = {"context": ctx_size(context), "result": size(node.build(context).shape)}
        *taken, result = (known[length] for length in lengths)
        return OnVectors(getattr(_maps(context, node), name), tuple(taken), result)

    return made


_IN_LEAN = {
    "τ": lambda context, node: node.build(context).shape,
    "f": _map("forward", "context", "result"),
    "jvp": _map("jvp", "context", "context", "result"),
    "vjp": _map("vjp", "context", "result", "context"),
    "h": ProofOf("Proofs.Autograd.Node.ofVec", "correct_inner"),
}
_ADJOINT = (Hypothesis("h", "vjp x is the adjoint of jvp x (tried at x, dx, δ)", correct_inner),)


@theorem(
    "Proofs.Autograd.Node.forwardVec_ofVec",
    formula="(ofVec f jvp vjp).forwardVec = f",
    says="A node built from vector-level maps has that forward map on flat vectors: unflattening undoes flattening.",
    binders="{Γ τ} (f) (jvp) (vjp) (h)",
    family=Family.NODES,
    instances=vector_level_nodes,
    hypotheses=_ADJOINT,
    runs=node_run,
    in_lean=_IN_LEAN,
)
def forward_vec_of_vec(ar: Arithmetic, context: Context, node: NodeSpec, x: Array) -> Iterator[Claim]:
    yield Equal("forwardVec x = f x", forward_vec(ar, _of_vec(context, node), x), _maps(context, node).forward(ar, x))


@theorem(
    "Proofs.Autograd.Node.jvpVec_ofVec",
    formula="(ofVec f jvp vjp).jvpVec = jvp",
    says="A node built from vector-level maps has that tangent map on flat vectors.",
    binders="{Γ τ} (f) (jvp) (vjp) (h)",
    family=Family.NODES,
    instances=vector_level_nodes,
    hypotheses=_ADJOINT,
    runs=node_run,
    in_lean=_IN_LEAN,
)
def jvp_vec_of_vec(ar: Arithmetic, context: Context, node: NodeSpec, x: Array, dx: Array) -> Iterator[Claim]:
    found = node_jvp_vec(ar, _of_vec(context, node), x, dx)
    yield Equal("jvpVec x dx = jvp x dx", found, _maps(context, node).jvp(ar, x, dx))


@theorem(
    "Proofs.Autograd.Node.vjpVec_ofVec",
    formula="(ofVec f jvp vjp).vjpVec = vjp",
    says="A node built from vector-level maps has that cotangent map on flat vectors.",
    binders="{Γ τ} (f) (jvp) (vjp) (h)",
    family=Family.NODES,
    instances=vector_level_nodes,
    hypotheses=_ADJOINT,
    runs=node_run,
    in_lean=_IN_LEAN,
)
def vjp_vec_of_vec(ar: Arithmetic, context: Context, node: NodeSpec, x: Array, delta: Array) -> Iterator[Claim]:
    found = node_vjp_vec(ar, _of_vec(context, node), x, delta)
    yield Equal("vjpVec x δ = vjp x δ", found, _maps(context, node).vjp(ar, x, delta))
