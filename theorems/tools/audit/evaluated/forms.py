"""Values of the mirror in the forms of Lean, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from lean_refs.evaluator.kept import ListedFunction
from lean_refs.evaluator.machine import force
from lean_refs.evaluator.values import (
    PROOF,
    UNIT,
    Constructed,
    Fin,
    LeanValue,
    LinearMap,
    Pair,
    StructureValue,
    euclidean,
)
from mirror.algebra.soundness import TList
from mirror.arithmetic import BALL, Arithmetic, Jet, JetArray
from mirror.core.fderiv import (
    GraphFDerivCorrect,
    GraphFDerivCorrectAt,
    NodeFDerivCorrect,
    NodeFDerivCorrectAt,
)
from mirror.core.soundness import Graph, Idx, Node
from mirror.linear_map import LinearMap as MirrorMap
from mirror.nodes.graph_composition import DGraph
from mirror.ops.norm.layer_norm import Inputs
from mirror.spec.core.shape import Context, Shape
from mirror.spec.core.tensor.core import Tensor
from theorems.tools.audit.evaluated.coordinates import array, coordinates, entries, of_coordinates
from theorems.tools.audit.evaluated.names import (
    DGRAPH,
    GRAPH,
    IDX,
    INPUTS,
    NODE,
    NODE_CERTIFICATE,
    NODE_CERTIFICATE_AT,
    SHAPE,
    TENSOR,
    TLIST,
)


def arithmetic_for(*values: Any) -> Arithmetic:
    """The arithmetic that fits the arrays: jets where one of them is of jets."""
    jets = next((v for v in values if isinstance(v, JetArray)), None)
    return BALL if jets is None else Jet(monomials=jets.monomials)


# ---- to Lean


def shape(value: Shape) -> Constructed:
    """A shape."""
    if not value:
        return Constructed(SHAPE + ".scalar", ())
    return Constructed(SHAPE + ".dim", (value[0], shape(Shape(*value[1:]))))


def context(value: Context) -> tuple[Constructed, ...]:
    """A list of shapes."""
    return tuple(map(shape, value))


def tensor(value: Tensor) -> Constructed:
    """A tensor."""
    return _tensor(value.shape, entries(value.entries))


def _tensor(dims: Shape, numbers: list[Any]) -> Constructed:
    if not dims:
        return Constructed(TENSOR + ".scalar", (numbers[0],))
    inner = Shape(*dims[1:])
    each = len(numbers) // dims[0] if dims[0] else 0
    slices = [_tensor(inner, numbers[i * each : (i + 1) * each]) for i in range(dims[0])]
    return Constructed(TENSOR + ".dim", (dims[0], shape(inner), ListedFunction(slices)))


def typed_list(value: Iterable[Tensor]) -> Constructed:
    """A typed list."""
    made, shapes = Constructed(TLIST + ".nil", ()), ()
    for entry in reversed(tuple(value)):
        head = shape(entry.shape)
        made, shapes = Constructed(TLIST + ".cons", (head, shapes, tensor(entry), made)), (head, *shapes)
    return made


def index(value: Idx) -> StructureValue:
    """An index into a context."""
    return StructureValue(IDX, {"i": Fin(value.i, len(value.context)), "h": PROOF})


def inputs(value: Inputs) -> StructureValue:
    """Where LayerNorm's inputs lie."""
    return StructureValue(INPUTS, {name: index(getattr(value, name)) for name in ("x", "gamma", "beta")})


def linear(value: MirrorMap, domain: LeanValue, codomain: LeanValue) -> LinearMap:
    """A linear map between two spaces."""

    def apply(x: LeanValue) -> LeanValue:
        v = array(coordinates(domain, x))
        return of_coordinates(codomain, entries(value.apply(arithmetic_for(v), v)))

    return LinearMap(domain, codomain, apply)


def _flat(value: MirrorMap) -> LinearMap:
    return linear(value, euclidean(value.domain), euclidean(value.codomain))


def node(value: Node) -> StructureValue:
    """A node, by what it does to typed lists."""

    def forward(x: LeanValue) -> LeanValue:
        here = read_list(x)
        return tensor(value.forward(_of_lists(here), here))

    def jvp(x: LeanValue, dx: LeanValue) -> LeanValue:
        here, moved = read_list(x), read_list(dx)
        return tensor(value.jvp(_of_lists(here, moved), here, moved))

    def vjp(x: LeanValue, delta: LeanValue) -> LeanValue:
        here, back = read_list(x), read_tensor(delta)
        return typed_list(value.vjp(_of_lists(here, TList((back,))), here, back))

    return StructureValue(NODE, {"forward": forward, "jvp": _curried(jvp), "vjp": _curried(vjp), "correct": PROOF})


def _curried(
    function: Callable[[LeanValue, LeanValue], LeanValue],
) -> Callable[[LeanValue], Callable[[LeanValue], LeanValue]]:
    return lambda x: lambda y: function(x, y)


def _of_lists(*lists: TList) -> Arithmetic:
    return arithmetic_for(*(t.entries for xs in lists for t in xs))


def graph(value: Graph) -> Constructed:
    """A graph, node by node."""
    made = Constructed(GRAPH + ".nil", ())
    for k, one in enumerate(value.nodes):
        made = Constructed(GRAPH + ".snoc", (context(value.saved[:k]), shape(one.shape), made, node(one)))
    return made


def certificate(value: NodeFDerivCorrect) -> StructureValue:
    """A node's derivative at every point."""

    def deriv(x: LeanValue) -> LeanValue:
        v = array(force(x))
        return _flat(value.deriv(arithmetic_for(v), v))

    return StructureValue(NODE_CERTIFICATE, {"deriv": deriv, "hasFDerivAt": PROOF, "jvp_eq": PROOF})


def certificate_at(value: NodeFDerivCorrectAt) -> StructureValue:
    """A node's derivative at one point."""
    return StructureValue(NODE_CERTIFICATE_AT, {"deriv": _flat(value.deriv), "hasFDerivAt": PROOF, "jvp_eq": PROOF})


def graph_certificate(value: GraphFDerivCorrect | GraphFDerivCorrectAt) -> LeanValue:
    """A certificate for each node of a graph, nested as Lean nests them."""
    made: LeanValue = UNIT
    for one in value.nodes:
        made = Pair(made, certificate(one) if isinstance(one, NodeFDerivCorrect) else certificate_at(one))
    return made


def certified_graph(value: DGraph) -> StructureValue:
    """A graph with its certificates."""
    return StructureValue(DGRAPH, {"g": graph(value.g), "hg": graph_certificate(value.hg)})


# ---- from Lean


def read_shape(value: LeanValue) -> Shape:
    """A shape."""
    dims: list[int] = []
    known = force(value)
    while known.arguments:
        size, rest = known.arguments
        dims.append(force(size))
        known = force(rest)
    return Shape(*dims)


def read_context(value: LeanValue) -> Context:
    """A list of shapes."""
    return tuple(map(read_shape, force(value)))


def read_tensor(value: LeanValue) -> Tensor:
    """A tensor."""
    dims, numbers = _read_tensor(force(value))
    return Tensor(dims, array(numbers).reshape(tuple(dims)))


def _read_tensor(value: Constructed) -> tuple[Shape, list[Any]]:
    if value.name == TENSOR + ".scalar":
        return Shape(), [force(value.arguments[0])]
    count, inner, part = map(force, value.arguments)
    found = [_read_tensor(force(part(Fin(i, count))))[1] for i in range(count)]
    return Shape(count, *read_shape(inner)), [x for numbers in found for x in numbers]


def read_list(value: LeanValue) -> TList:
    """A typed list."""
    found: list[Tensor] = []
    known = force(value)
    while known.arguments:
        _, _, head, rest = known.arguments
        found.append(read_tensor(head))
        known = force(rest)
    return TList(tuple(found))


def read_index(value: LeanValue) -> tuple[int, int]:
    """Where an index points, and how long its context is."""
    place = force(force(value).fields["i"])
    return place.value, place.bound
