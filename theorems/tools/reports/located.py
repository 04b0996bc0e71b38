"""Which node is wrong, in words: its position and kind, what it reads, what disagrees and where."""

from __future__ import annotations

from collections.abc import Iterator

from mirror.core.fderiv import ctx_size
from mirror.ops.norm.layer_norm import WHOLE_NODE
from theorems.engine.case import Case
from theorems.engine.evidence.held import Probe
from theorems.engine.evidence.nodes import NodePart, WrongPart
from theorems.engine.evidence.verdicts import Mismatch
from theorems.engine.locating import WrongNode, first_wrong_node
from theorems.engine.theorem import Theorem
from theorems.tools.reports.named_contexts import NamedContext, named_graph

# What is wrong with a part, and what its two sides are called.
SAYS = {
    NodePart.JVP: ("its jvp is not D, the derivative of its forward map", "jvp h", "D h"),
    NodePart.VJP: ("its vjp is not the adjoint of D, the derivative of its forward map", "vjp w", "D† w"),
    NodePart.CERTIFICATE: (
        "its certificate claims another derivative than D, that of its forward map",
        "claimed h",
        "D h",
    ),
    NodePart.ADJOINT: ("the derivative that its certificate claims has another adjoint than D", "claimed† w", "D† w"),
    NodePart.TENSORS: ("its forward map or jvp on tensors is not the one on vectors", "on tensors", "on vectors"),
    NodePart.TENSOR_VJP: ("its vjp on tensors is not the one on vectors", "on tensors", "on vectors"),
}
FORWARD_ALONE = "its jvp and vjp are adjoint to each other, so it may be the forward map that is wrong"
NONE_IS_WRONG = (
    "located: no node is wrong at this instance",
    "  jvp, vjp and certificate of each node agree with the derivative of its forward map; what is left:",
    "  - how the runs put the nodes together: order, accumulation, weakening, appending",
    "  - how the certificates are put together, and what the theorem's counterpart asks of an instance",
    "  - a forward map that is wrong together with its derivative: only a definition's test can see it",
)


NORM_IS_RIGHT = "each node of the norm's own graph is right; what is left is how the norm runs it and packs x, γ and β"


def locate(theorem: Theorem, case: Case) -> list[str]:
    """The lines that say which node of the graphs that an instance runs is wrong."""
    try:
        return located(case, first_wrong_node(theorem, case))
    except Exception as why:  # a fault of the mirror may break the construction outright
        return [f"located: no node, for the graph cannot be built: {type(why).__name__}: {why}"]


def located(case: Case, wrong: WrongNode | None) -> list[str]:
    """The lines that name the first wrong node, or say that there is none and what that leaves."""
    if wrong is None:
        return list(NONE_IS_WRONG)
    lines = list(_lines(case, wrong, "located"))
    if wrong.inside:
        m, n = wrong.node.inputs[0].shape
        norm = {"m": m, "n": n, "eps": wrong.node.parameters["ε"]}
        lines += ("  " + line for line in _lines(norm, wrong.inside, "the norm's own graph"))
    elif wrong.node.kind == WHOLE_NODE.name and not wrong.undecided:
        lines.append(f"  {NORM_IS_RIGHT}")
    return lines


def _lines(case: Case, wrong: WrongNode, heading: str) -> Iterator[str]:
    graph, k = wrong.run.graph, wrong.position
    names, inputs = named_graph(case, graph), len(graph.context)
    which = f" of the graph of {wrong.run.name}" if wrong.run.name else ""
    yield f"{heading}: node {k} of {len(graph.nodes)}{which}, counted from 0: {wrong.node.kind}"
    yield f"  it reads {', '.join(names.entry(idx.i) for idx in wrong.node.inputs) or 'its whole context'}"
    yield f"  it makes {names.entry(inputs + k)}"
    if wrong.undecided:
        yield f"  whether it is right stays undecided at the highest precision: {wrong.undecided}"
    here = NamedContext(names.context[: inputs + k], names.names)
    made = NamedContext(names.context[inputs + k : inputs + k + 1], names.names[inputs + k :], first=inputs + k)
    for found in wrong.disagreements:
        yield from ("  " + line for line in _disagreement(found, here, made))
    if wrong.forward_alone:
        yield f"  {FORWARD_ALONE}"
    before = f"nodes 0 to {k - 1} are" if k > 1 else "node 0 is"
    yield f"  {before} right at this instance, those after it were not examined" if k else "  it is the first node"


def _disagreement(found: WrongPart, context: NamedContext, result: NamedContext) -> Iterator[str]:
    if found.probe is None:
        yield f"its {found.part} raises {found.mismatch.left}"
        return
    says, left, right = SAYS[found.part]
    tried, where = (result, context) if found.part.takes_cotangents else (context, result)
    yield f"{says}:"
    yield f"  for {_probe('w' if found.part.takes_cotangents else 'h', found.probe, tried)}"
    yield f"  at {_place(found.mismatch, where)}"
    width = max(len(left), len(right)) + 1
    yield f"    {left + ':':{width}} {found.mismatch.left}"
    yield f"    {right + ':':{width}} {found.mismatch.right}"


def _probe(name: str, probe: Probe, context: NamedContext) -> str:
    if probe.coordinate is None:
        return f"the {name} {probe.says}"
    return f"{name} = 1 at {context.locate(probe.coordinate)}, 0 elsewhere"


def _place(mismatch: Mismatch, context: NamedContext) -> str:
    if mismatch.entries != ctx_size(context.context):
        return "their lengths"
    return context.locate(mismatch.position)
