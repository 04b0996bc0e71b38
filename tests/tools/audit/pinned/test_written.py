"""Numbers and arguments as JSON and back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flint import arb, fmpq

from lean_refs.evaluator import REAL
from mirror.arithmetic import BALL, precision, rational_vector
from mirror.core.fderiv import NodeFDerivCorrectAt, certificate_at
from mirror.core.soundness import Idx, Node
from mirror.linear_map import PositionWise
from mirror.nodes.arithmetic import affine, mul, mul_certificate, scale
from mirror.nodes.graph_composition import graph_certificate_at, nil, snoc
from mirror.ops.norm.layer_norm import Inputs
from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor.core import Tensor
from theorems.engine.codec import MalformedInstance
from theorems.engine.graphs import KINDS, NodeSpec
from theorems.engine.maps import SmoothMap
from theorems.tools.audit.evaluated.functions import MapOfVectors, Operation, Polynomial
from theorems.tools.audit.pinned.written import argument_data, argument_of, numbers_of, numbers_text

TWO = Shape(2)
CONTEXT = (TWO, Shape())
IDX = Idx(CONTEXT, 0, TWO)
MAP = PositionWise(1, 2, 2, (fmpq(1), fmpq(2), fmpq(0), fmpq(1)))
X = rational_vector([2, 3, 5])
CERTIFICATE = mul_certificate(mul(IDX, IDX))
GRAPH = snoc(nil(CONTEXT), CERTIFICATE)
NORMED = (Shape(2, 3), Shape(3), Shape(3))
INPUTS = Inputs(*(Idx(NORMED, k, shape) for k, shape in enumerate(NORMED)))
ARGUMENTS = [
    3,
    fmpq(-3, 2),
    TWO,
    CONTEXT,
    REAL,
    X,
    IDX,
    MAP,
    Tensor(TWO, rational_vector([1, 2])),
    INPUTS,
    Polynomial((fmpq(1), fmpq(2, 3))),
    Operation((fmpq(1), fmpq(2), fmpq(3), fmpq(4))),
    MapOfVectors(SmoothMap("affine", MAP, rational_vector([1, 2])), "jvp"),
    affine(IDX, TWO, MAP, rational_vector([1, 1])),
    scale(IDX, fmpq(2, 3)),
    NodeSpec("broadcastRow", (0,), {"n": 3}).build((TWO,)),
    NodeSpec("broadcastCol", (0,), {"m": 3}).build((TWO,)),
    NodeSpec("wholeNode", (0, 1, 2), {"ε": fmpq(1, 2)}).build(NORMED),
    NodeSpec("elemwise", (0,), {"f": "tanh"}).build((TWO,)),
    CERTIFICATE,
    certificate_at(BALL, CERTIFICATE, X),
    GRAPH.g,
    GRAPH,
    GRAPH.hg,
    graph_certificate_at(BALL, GRAPH.hg, X),
]


@pytest.mark.parametrize("value", ARGUMENTS, ids=lambda one: f"{type(one).__name__} {getattr(one, 'kind', '')}")
def test_an_argument_is_the_same_after_it_was_written(value: Any) -> None:
    data = json.loads(json.dumps(argument_data(value)))
    found = argument_of(data)
    assert type(found) is type(value)
    assert argument_data(found) == data


def test_nodes_of_every_kind_of_parameter_are_written() -> None:
    kinds = {parameter for kind in KINDS.values() for parameter in kind.parameters.values()}
    written = [value for value in ARGUMENTS if isinstance(value, Node)]
    assert {parameter for value in written for parameter in KINDS[value.kind].parameters.values()} == kinds


def test_a_derivative_is_the_same_map_after_it_was_written() -> None:
    found = argument_of(argument_data(certificate_at(BALL, CERTIFICATE, X)))
    assert isinstance(found, NodeFDerivCorrectAt)
    assert list(found.deriv.apply(BALL, rational_vector([1, 1, 0]))) == [4, 6]
    assert list(found.deriv.apply_adjoint(BALL, rational_vector([1, 1]))) == [4, 6, 0]


def test_a_ball_is_written_with_a_radius_that_covers_it() -> None:
    with precision(256):
        balls = [arb(2).exp(), arb(0, 1e-70), arb(1) / 3 - arb(1) / 3, arb(3), arb(1, 0.5)]
        found = numbers_of(numbers_text(balls))
        assert all(kept.contains(ball) for kept, ball in zip(found, balls, strict=True))
        assert all(2 * kept.rad() < arb(2) ** -140 for kept in found[:4])


def test_rationals_are_written_exactly() -> None:
    entries = [fmpq(-7, 3), fmpq(0), fmpq(2**80)]
    assert numbers_text(entries) == "-7/3 0 1208925819614629174706176"
    assert numbers_of(numbers_text(entries)) == entries


@pytest.mark.parametrize("text", [3, None, "x", "1/0", "nan", "1±z", "x±1", "1.5"])
def test_what_is_no_number_is_said(text: Any) -> None:
    with pytest.raises(MalformedInstance):
        numbers_of(text)


@pytest.mark.parametrize("data", [{"type": "Nat"}, {"node": 3}, {"map": 1, "role": 2}, [1]])
def test_what_is_no_argument_is_said(data: Any) -> None:
    with pytest.raises(MalformedInstance):
        argument_of(data)
