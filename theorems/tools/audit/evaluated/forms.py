"""Values of the mirror in the forms of Lean, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lean_refs.evaluator.described import described
from lean_refs.evaluator.errors import ContractError
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


# How many arguments each constructor has that the text must have made a value with.
_SHAPES = {SHAPE + ".scalar": 0, SHAPE + ".dim": 2}
_TENSORS = {TENSOR + ".scalar": 1, TENSOR + ".dim": 3}
_LISTS = {TLIST + ".nil": 0, TLIST + ".cons": 4}


def _arguments(value: LeanValue, constructors: Mapping[str, int]) -> tuple[LeanValue, ...]:
    """The arguments of the constructor that made a value; `ContractError` where none of these did."""
    known = force(value)
    if known.__class__ is not Constructed or constructors.get(known.name) != len(known.arguments):
        raise ContractError(f"{described(known)} where {' or '.join(constructors)} is expected")
    return known.arguments


def read_shape(value: LeanValue) -> Shape:
    """A shape."""
    dims: list[int] = []
    left = _arguments(value, _SHAPES)
    while left:
        dims.append(natural(left[0]))
        left = _arguments(left[1], _SHAPES)
    return Shape(*dims)


def natural(value: LeanValue) -> int:
    """A natural number."""
    known = force(value)
    if known.__class__ is not int:
        raise ContractError(f"{described(known)} where a natural number is expected")
    return known


def read_context(value: LeanValue) -> Context:
    """A list of shapes."""
    known = force(value)
    if known.__class__ is not tuple:
        raise ContractError(f"{described(known)} where a list of shapes is expected")
    return tuple(map(read_shape, known))


def read_tensor(value: LeanValue) -> Tensor:
    """A tensor."""
    dims, numbers = _read_tensor(value)
    return Tensor(dims, array(numbers).reshape(tuple(dims)))


def _read_tensor(value: LeanValue) -> tuple[Shape, list[Any]]:
    first, *others = _arguments(value, _TENSORS)
    if not others:
        return Shape(), [force(first)]
    count, (inner, part) = natural(first), map(force, others)
    found = [_read_tensor(part(Fin(i, count)))[1] for i in range(count)]
    return Shape(count, *read_shape(inner)), [x for numbers in found for x in numbers]


def read_list(value: LeanValue) -> TList:
    """A typed list."""
    found: list[Tensor] = []
    left = _arguments(value, _LISTS)
    while left:
        _, _, head, rest = left
        found.append(read_tensor(head))
        left = _arguments(rest, _LISTS)
    return TList(tuple(found))


def fields(value: LeanValue) -> Mapping[str, LeanValue]:
    """The fields of a value of a structure."""
    known = force(value)
    if known.__class__ is not StructureValue:
        raise ContractError(f"{described(known)} where a structure is expected")
    return known.fields


def read_index(value: LeanValue) -> tuple[int, int]:
    """Where an index points, and how long its context is."""
    place = force(fields(value)["i"])
    if place.__class__ is not Fin:
        raise ContractError(f"{described(place)} where an index is expected")
    return place.value, place.bound
