"""Which node of the graphs that an instance runs is wrong: the first in order that disagrees with its forward map."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from mirror.arithmetic import Arithmetic, Array, Undecided, precision
from mirror.core.fderiv import eval_vec, forward_vec, node_vjp_vec, snoc_ctx, unsnoc_ctx
from mirror.core.soundness import Node
from mirror.ops.norm.layer_norm import WHOLE_NODE, Inputs, layer_norm_graph, pack_inputs_clm
from theorems.engine.case import Case
from theorems.engine.evidence.held import Held
from theorems.engine.evidence.nodes import NodePart, WrongPart, disagreements, jvp_and_vjp_agree, raised
from theorems.engine.graph_run import GraphRun
from theorems.engine.theorem import PRECISIONS, Theorem


@dataclass(frozen=True, slots=True, eq=False)
class WrongNode:
    """The node at `position` of a graph, and what of it disagrees with its forward map.

    `forward_alone` says that its jvp and vjp both do and agree with each other; `undecided` why nothing was seen of it;
    `inside` is the wrong node of the graph that a whole LayerNorm runs, where the node is one.
    """

    run: GraphRun
    position: int
    disagreements: tuple[WrongPart, ...]
    forward_alone: bool = False
    undecided: str = ""
    inside: WrongNode | None = None

    @property
    def node(self) -> Node:
        """The node itself."""
        return self.run.graph.nodes[self.position]


def first_wrong_node(theorem: Theorem, case: Case) -> WrongNode | None:
    """The first node, graph by graph, that is wrong at the instance; None where every node is right.

    The precision is raised until each node before it is decided; a node that stays undecided ends the search.
    """
    found: WrongNode | None = None
    for bits in PRECISIONS:
        with precision(bits):
            found = next(filter(None, (_wrong_in(theorem.arithmetic, run) for run in theorem.graph_runs(case))), None)
        if found is None or not found.undecided:
            break
    return found


def _wrong_in(ar: Arithmetic, run: GraphRun) -> WrongNode | None:
    here, tangents, cotangents = run.x, list(run.tangents), _cotangents(ar, run)
    for k, node in enumerate(run.graph.nodes):
        try:
            held = Held(ar, node, here)
            if found := disagreements(held, tangents, [δ[k] for δ in cotangents]):
                return WrongNode(run, k, tuple(found), _forward_alone(held, found), inside=_inside(ar, node, here))
            tangents = [snoc_ctx(ar, h, held.derivative(h)) for h in tangents]
            here = snoc_ctx(ar, here, forward_vec(ar, node, here))
        except Undecided as why:
            return WrongNode(run, k, (), undecided=str(why))
        except Exception as why:  # Lean's forward maps are total
            return WrongNode(run, k, (raised(NodePart.FORWARD, why),))
    return None


def _forward_alone(held: Held, found: list[WrongPart]) -> bool:
    differ = {d.part for d in found if d.probe is not None}
    return {NodePart.JVP, NodePart.VJP} <= differ and jvp_and_vjp_agree(held)


def _inside(ar: Arithmetic, node: Node, here: Array) -> WrongNode | None:
    """The wrong node of the graph that a whole LayerNorm runs; None where there is none, or the node is another."""
    if node.kind != WHOLE_NODE.name:
        return None
    m, n = node.inputs[0].shape
    packed = pack_inputs_clm(Inputs(*node.inputs))(ar, here)
    return _wrong_in(ar, GraphRun(layer_norm_graph(m, n, node.parameters["ε"]), packed))


def _cotangents(ar: Arithmetic, run: GraphRun) -> list[list[Array]]:
    """What the reverse run gives each node of each cotangent; nothing where a node raises, which is found by itself."""
    found: list[list[Array]] = []
    with suppress(Exception):
        values = eval_vec(ar, run.graph, run.x)
        for seed in run.cotangents:
            given = []
            for node in reversed(run.graph.nodes):
                seed, delta = unsnoc_ctx(node.shape, seed)
                given.append(delta)
                seed = seed + node_vjp_vec(ar, node, values[: seed.shape[0]], delta)
            found.append(given[::-1])
    return found
