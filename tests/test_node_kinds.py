"""The table of the kinds of node: nothing that the mirror can build is left out, and every entry is drawn."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from flint import fmpq
from hypothesis import strategies as st

from mirror import node_kinds as table
from mirror.core.soundness import Idx, Node
from mirror.linear_map import PositionWise
from mirror.links import Link
from mirror.node_kinds import NodeKind, Parameter, any_entry, kind_of
from mirror.nodes.arithmetic import ADD, SCALE, add, scale
from mirror.nodes.elementwise import INV
from mirror.rooms import links, node_kinds
from mirror.spec.core.shape import Shape, size
from tests.engine.strategies.sampling import sample
from tests.plain import vector
from tests.plain_graphs import RULES
from theorems.engine import graphs as graphs_as_data
from theorems.engine.graphs import NodeSpec
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.graphs import PARAMETERS, node_specs, operand_contexts
from theorems.engine.strategies.values import Fill

# Counterparts that return a node that somebody else made, or made of maps that are given: no kind of their own.
NO_KIND = {
    "Proofs.Autograd.Node.ofVec": "any maps",
    "Proofs.Autograd.DGraph.castNodeContext": "a node as it is",
    "Proofs.Autograd.DGraph.weakenNodeMiddle": "a node in a longer context",
}
SIZES = Sizes()


def constructors(linked: Mapping[str, Link]) -> dict[str, Any]:
    """Every counterpart that takes where it reads and returns a node, by Lean name."""
    found = {}
    for name, link in linked.items():
        if inspect.isfunction(link.target) and typing.get_type_hints(link.target).get("return") is Node:
            found[name] = link.target
    return found


def unlisted(linked: Mapping[str, Link], kinds: Mapping[str, NodeKind]) -> list[str]:
    """The constructors that are not in the table; one of LayerNorm's numbered nodes counts by what it builds."""
    listed = {id(kind.constructor) for kind in kinds.values()}
    return [
        name
        for name, make in constructors(linked).items()
        if name not in NO_KIND and id(make) not in listed and not (_numbered(make) and make_at(make).kind in kinds)
    ]


def _numbered(make: Any) -> bool:
    return list(inspect.signature(make).parameters)[:2] == ["m", "n"]


def make_at(make: Any) -> Node:
    """One of LayerNorm's nodes, of a 2 × 2 matrix."""
    return make(*(2, 2, 1)[: len(inspect.signature(make).parameters)])


def test_every_constructor_is_in_the_table() -> None:
    assert unlisted(links(), node_kinds()) == []


def test_a_constructor_that_is_not_in_the_table_is_named() -> None:
    kinds = {name: kind for name, kind in node_kinds().items() if name not in ("gelu", "rowMean")}
    found = unlisted(links(), kinds)
    assert "Proofs.Autograd.TapeNodes.gelu" in found
    # Whoever builds a node of the kind is named too: LayerNorm's mean and variance are row means.
    assert "Proofs.Autograd.LayerNorm.nodeMean" in found


def test_a_kind_is_called_as_lean_calls_its_constructor() -> None:
    by_constructor = {id(make): name for name, make in constructors(links()).items()}
    lean = {kind.name: by_constructor[id(kind.constructor)] for kind in node_kinds().values()}
    assert {name: full for name, full in lean.items() if full.rsplit(".", 1)[-1] != name} == {}


def drawn_kinds(kinds: Iterable[str]) -> set[str]:
    """What nodes call themselves, of many that are drawn in contexts with operands for every kind."""
    specs = operand_contexts(SIZES).flatmap(
        lambda context: st.tuples(st.just(context), node_specs(context, Fill("integers", 1), SIZES, kinds))
    )
    return {spec.build(context).kind for context, spec in sample(specs, 600)}


@pytest.mark.unmeasured
def test_every_kind_is_drawn_and_its_nodes_say_so() -> None:
    assert drawn_kinds(node_kinds()) == set(node_kinds())


@pytest.mark.unmeasured
def test_a_kind_that_finds_nothing_to_read_is_never_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    # The fault that the test above is there for.
    monkeypatch.setitem(graphs_as_data.KINDS, "inv", replace(INV, reads=lambda context: []))
    assert drawn_kinds(node_kinds()) == set(node_kinds()) - {"inv"}


def test_every_parameter_can_be_drawn() -> None:
    assert set(PARAMETERS) == set(Parameter)


def test_every_rational_kind_has_a_plain_rule() -> None:
    rational = {name for name, kind in node_kinds().items() if kind.rational}
    # Any function of one variable: its tests state the derivative themselves.
    assert set(RULES) == rational - {"elemwise"}


# Of many shapes: dimensions that agree in some places and not in others, several of one shape, squares, a scalar.
MIXED = tuple(
    Shape(*s)
    for s in (
        (2, 3, 4),
        (2, 4, 5),
        (4, 3, 2),
        (3, 4, 2),
        (4, 2, 3),
        (2, 2, 2),
        (3, 2),
        (3, 2),
        (2, 2),
        (2,),
        (2,),
        (3,),
        (),
    )
)
ARGUMENTS: dict[str, Callable[[Idx], tuple[Any, ...]]] = {
    "affine": lambda idx: (Shape(1), PositionWise(1, 1, size(idx.shape), (fmpq(1),) * size(idx.shape)), vector([0])),
    "broadcastCol": lambda idx: (2,),
    "broadcastRow": lambda idx: (2,),
    "elemwise": lambda idx: (graphs_as_data.cube, graphs_as_data.cube_prime),
    "scale": lambda idx: (fmpq(1),),
    "wholeNode": lambda idx: (fmpq(1),),
}


def accepted(kind: NodeKind, count: int) -> list[tuple[int, ...]]:
    """The entries of the mixed context that a constructor takes together, found by trying all."""
    found = []
    for places in product(range(len(MIXED)), repeat=count):
        inputs = tuple(Idx(MIXED, i, MIXED[i]) for i in places)
        with suppress(ValueError):
            kind.make(inputs, *ARGUMENTS.get(kind.name, lambda idx: ())(inputs[0]))
            found.append(places)
    return found


@pytest.mark.parametrize("name", node_kinds())
def test_a_kind_reads_exactly_what_its_constructor_takes(name: str) -> None:
    kind = node_kinds()[name]
    readable = kind.reads(MIXED)
    assert sorted(readable) == accepted(kind, len(readable[0]))


def test_a_name_belongs_to_one_constructor() -> None:
    assert NodeKind.of("add", add, reads=any_entry, certificate=ADD.certificate) is ADD  # a module run again
    with pytest.raises(ValueError, match=r"two constructors make nodes of the kind add: mirror\.nodes"):
        NodeKind.of("add", scale, reads=any_entry, certificate=ADD.certificate)


def test_a_kind_has_one_certificate() -> None:
    with pytest.raises(ValueError, match="scale needs one certificate: at every point, or local"):
        NodeKind("scale", scale, any_entry)
    with pytest.raises(ValueError, match="scale needs one certificate"):
        NodeKind("scale", scale, any_entry, SCALE.certificate, INV.local_certificate)


def test_an_unknown_kind_is_said() -> None:
    shape = Shape(2)
    node = add(Idx((shape,), 0, shape), Idx((shape,), 0, shape))
    with pytest.raises(LookupError, match=r"no kind of node is called sum; there are add, affine, .*, wholeNode$"):
        kind_of(replace(node, kind="sum"))
    assert kind_of(node) is ADD
    assert table.recorded()["add"] is ADD


def test_a_kind_without_a_certificate_everywhere_is_said() -> None:
    node = NodeSpec("inv", (0,)).build((Shape(2),))
    with pytest.raises(LookupError, match="a node of the kind inv has a certificate only at some points"):
        graphs_as_data.global_certificate(node)
