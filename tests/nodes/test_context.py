"""Reading and writing blocks at explicit offsets, and nodes from vector-level maps."""

from __future__ import annotations

import pytest
from hypothesis import given

from mirror.algebra.soundness import TList
from mirror.arithmetic import EXACT
from mirror.core.fderiv import forward_vec, node_jvp_vec, node_vjp_vec
from mirror.core.soundness import Idx
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
from mirror.spec.core.shape import Context, Shape
from mirror.spec.core.tensor.core import tensor
from tests.nodes.plain_nodes import Probe, probed
from tests.plain import SIZES, SMALL, assert_matrix, block, count, numbers, scattered, total, vector
from theorems.engine.strategies.shapes import contexts, shapes

TWO = (Shape(2, 3), Shape(4))
Found = tuple[Probe, tuple[Idx]]


@pytest.mark.lean("Proofs.Autograd.CtxVec.get", "Proofs.Autograd.CtxVec.getRaw")
@given(shapes(SIZES).flatmap(probed))
def test_get_reads_the_block_at_its_offset(found: Found) -> None:
    probe, (idx,) = found
    expected = probe.read(idx)
    assert numbers(get(idx, vector(probe.x))) == expected
    assert numbers(get_raw(idx.context, idx.i, vector(probe.x))) == expected


@pytest.mark.lean("Proofs.Autograd.CtxVec.single", "Proofs.Autograd.CtxVec.singleRaw")
@given(shapes(SIZES).flatmap(probed))
def test_single_writes_the_block_at_its_offset_and_zeros(found: Found) -> None:
    probe, (idx,) = found
    v = probe.cotangent(idx.shape)
    expected = scattered(idx.context, idx.i, v)
    assert numbers(single(EXACT, idx, vector(v))) == expected
    assert numbers(single_raw(EXACT, idx.context, idx.i, vector(v))) == expected


@pytest.mark.lean("Proofs.Autograd.CtxVec.get", "Proofs.Autograd.CtxVec.single")
def test_get_and_single_refuse_another_length() -> None:
    idx = Idx(TWO, 1, Shape(4))
    with pytest.raises(ValueError, match=r"shape \(9,\), expected a vector of length 10"):
        get(idx, vector(range(9)))
    with pytest.raises(ValueError, match=r"shape \(6,\), expected a vector of length 4"):
        single(EXACT, idx, vector(range(6)))


@pytest.mark.lean("Proofs.Autograd.CtxVec.getCLM", "Proofs.Autograd.CtxVec.getCLMRaw")
@given(shapes(SMALL).flatmap(probed))
def test_reading_is_the_matrix_with_ones_at_the_offset(found: Found) -> None:
    _, (idx,) = found
    start = total(idx.context[: idx.i])
    for linear in (get_clm(idx), get_clm_raw(idx.context, idx.i)):
        assert_matrix(linear, count(idx.shape), total(idx.context), lambda i, j: int(j == start + i))


@pytest.mark.lean("Proofs.Autograd.CtxVec.headCLM", "Proofs.Autograd.CtxVec.tailCLM")
@given(contexts(SMALL, least=1))
def test_head_and_tail_split_after_the_first_block(context: Context) -> None:
    n, head = total(context), count(context[0])
    assert_matrix(head_clm(context[0], context[1:]), head, n, lambda i, j: int(j == i))
    assert_matrix(tail_clm(context[0], context[1:]), n - head, n, lambda i, j: int(j == head + i))


@pytest.mark.lean("Proofs.Autograd.Node.ofVec")
@given(shapes(SMALL).flatmap(probed))
def test_a_node_of_vector_maps_gives_them_back_and_conjugates_them(found: Found) -> None:
    probe, (idx,) = found
    n, shape = total(probe.context), Shape(2)

    # Arbitrary maps that mix all three arguments, so that none can be dropped or swapped.
    def forward(ar, x):
        return vector([sum(numbers(x)), len(x)])

    def jvp(ar, x, dx):
        return vector([sum(numbers(x)) - 2 * sum(numbers(dx)), 3])

    def vjp(ar, x, delta):
        return x * numbers(delta)[0].numerator - 5

    node = node_of_vec(probe.context, shape, forward, jvp, vjp, kind="odd", inputs=(idx,), parameters={"p": 1})
    assert (node.context, node.shape, node.kind, node.inputs, node.parameters) == (
        probe.context,
        shape,
        "odd",
        (idx,),
        {"p": 1},
    )
    x, dx, delta = vector(probe.x), vector(probe.dx), vector([7, 8])
    value, tangent = [sum(probe.x), n], [sum(probe.x) - 2 * sum(probe.dx), 3]
    cotangent = [7 * q - 5 for q in probe.x]
    assert numbers(forward_vec(EXACT, node, x)) == value
    assert numbers(node_jvp_vec(EXACT, node, x, dx)) == tangent
    assert numbers(node_vjp_vec(EXACT, node, x, delta)) == cotangent

    points, tangents = (typed(probe.context, values) for values in (probe.x, probe.dx))
    assert numbers(node.forward(EXACT, points).entries) == value
    assert numbers(node.jvp(EXACT, points, tangents).entries) == tangent
    pulled_back = node.vjp(EXACT, points, tensor(shape, [7, 8]))
    assert pulled_back.context == probe.context
    assert [q for t in pulled_back for q in numbers(t.entries)] == cotangent


def typed(context: Context, values: list) -> TList:
    """A flat vector as a typed list, cut at the offsets."""
    return TList(tuple(tensor(s, block(context, i, values)) for i, s in enumerate(context)))


@pytest.mark.lean("Proofs.Autograd.Node.ofVec")
def test_a_node_of_vector_maps_refuses_an_index_into_another_context() -> None:
    with pytest.raises(ValueError, match=r"node reads index 1 of the context \(\[2, 3\], \[4\]\), but stands in"):
        node_of_vec((Shape(4),), Shape(4), lambda ar, x: x, lambda ar, x, dx: dx, lambda ar, x, d: d, inputs=(IDX,))


IDX = Idx(TWO, 1, Shape(4))
