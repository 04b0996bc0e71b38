"""Per-head products by quadruple loops, and row softmax by quotients."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from mirror.arithmetic import BALL, EXACT, precision
from mirror.core.fderiv import forward_vec, node_jvp_vec, node_vjp_vec
from mirror.core.soundness import Idx
from mirror.nodes.batched import (
    h_mat_size,
    heads,
    heads_clm,
    matmul,
    matmul_bilin,
    matmul_certificate,
    softmax_last,
    softmax_last_certificate,
    unheads,
    unheads_clm,
)
from mirror.spec.core.shape import Shape
from tests.nodes.plain_nodes import Probe, assert_node, probed
from tests.plain import SIZES, Numbers, assert_matrix, enclosed, numbers, plus, scattered, total, unit, vector
from tests.plain_softmax import by_rows, image, softmax, softmax_jacobian
from theorems.engine.strategies.shapes import dimensions
from theorems.engine.strategies.values import Fill, fills

SIDES = st.integers(0, 3)
FEW = st.integers(0, 2)


def product(h: int, m: int, n: int, p: int, a: Numbers, b: Numbers) -> Numbers:
    """C[g, i, k] = Σ_j A[g, i, j]·B[g, j, k], row-major."""
    return [
        sum((a[(g * m + i) * n + j] * b[(g * n + j) * p + k] for j in range(n)), Fraction(0))
        for g in range(h)
        for i in range(m)
        for k in range(p)
    ]


# ---- heads


@pytest.mark.lean("Proofs.Autograd.TapeNodes.Batched.heads", "Proofs.Autograd.TapeNodes.Batched.unheads")
@given(SIDES, SIDES, fills())
def test_a_head_is_a_stretch_of_the_vector(h: int, n: int, fill: Fill) -> None:
    x = numbers(fill.vector(h * n))
    split = heads(h, n, vector(x))
    assert split.shape == (h, n)
    assert [numbers(split[g]) for g in range(h)] == [[x[g * n + j] for j in range(n)] for g in range(h)]
    assert numbers(unheads(h, n, split)) == x


@pytest.mark.lean("Proofs.Autograd.TapeNodes.Batched.heads")
def test_heads_refuse_another_length() -> None:
    with pytest.raises(ValueError, match=r"shape \(5,\), expected a vector of length 6"):
        heads(2, 3, vector(range(5)))


@pytest.mark.lean("Proofs.Autograd.TapeNodes.Batched.headsCLM", "Proofs.Autograd.TapeNodes.Batched.unheadsCLM")
@given(SIDES, SIDES)
def test_heads_end_to_end_are_the_vector_itself(h: int, n: int) -> None:
    for linear in (heads_clm(h, n), unheads_clm(h, n)):
        assert_matrix(linear, h * n, h * n, lambda i, j: int(i == j))


@pytest.mark.lean("Proofs.Autograd.TapeNodes.Batched.HMatSize")
@given(SIDES, SIDES, SIDES)
def test_the_size_of_all_heads(h: int, m: int, n: int) -> None:
    assert h_mat_size(h, m, n) == sum(1 for _ in range(h) for _ in range(m) for _ in range(n))


# ---- the product


@pytest.mark.lean("Proofs.Autograd.TapeNodes.Batched.matmulBilin")
@given(SIDES, SIDES, SIDES, SIDES, fills())
def test_the_bilinear_product_multiplies_head_by_head(h: int, m: int, n: int, p: int, fill: Fill) -> None:
    a, b = numbers(fill.vector(h * m * n)), numbers(fill.vector(h * n * p))
    linear = matmul_bilin(EXACT, h, m, n, p, vector(a))
    assert numbers(linear(EXACT, vector(b))) == product(h, m, n, p, a, b)


@pytest.mark.lean("Proofs.Autograd.TapeNodes.Batched.matmulBilin")
@given(FEW, FEW, FEW, FEW, fills())
def test_the_bilinear_product_has_the_matrix_of_a_in_every_head(h: int, m: int, n: int, p: int, fill: Fill) -> None:
    a = numbers(fill.vector(h * m * n))

    def entry(out: int, column: int) -> Fraction | int:
        (g, i), k = divmod(out // p, m), out % p
        (other, j), q = divmod(column // p, n), column % p
        return a[(g * m + i) * n + j] if (g, k) == (other, q) else 0

    assert_matrix(matmul_bilin(EXACT, h, m, n, p, vector(a)), h * m * p, h * n * p, entry)


@pytest.mark.lean("Proofs.Autograd.TapeNodes.Batched.matmul", "Proofs.Autograd.TapeNodes.Batched.matmulFderiv")
@given(*[dimensions(SIZES)] * 4, st.data())
def test_matmul(h: int, m: int, n: int, p: int, data: st.DataObject) -> None:
    probe, (a, b) = data.draw(probed(Shape(h, m, n), Shape(h, n, p)))
    u, v, delta = probe.read(a), probe.read(b), probe.cotangent((h, m, p))
    to_a = [
        sum((delta[(g * m + i) * p + k] * v[(g * n + j) * p + k] for k in range(p)), Fraction(0))
        for g in range(h)
        for i in range(m)
        for j in range(n)
    ]
    to_b = [
        sum((u[(g * m + i) * n + j] * delta[(g * m + i) * p + k] for i in range(m)), Fraction(0))
        for g in range(h)
        for j in range(n)
        for k in range(p)
    ]
    tangent = plus(product(h, m, n, p, u, probe.tangent(b)), product(h, m, n, p, probe.tangent(a), v))
    cotangent = plus(scattered(probe.context, a.i, to_a), scattered(probe.context, b.i, to_b))
    node = matmul(a, b)
    assert_node(node, probe, (h, m, p), product(h, m, n, p, u, v), tangent, delta, cotangent)
    assert node.kind == "matmul"

    deriv = matmul_certificate(node).deriv(EXACT, vector(probe.x))
    assert (deriv.domain, deriv.codomain) == (total(probe.context), h * m * p)
    assert numbers(deriv(EXACT, vector(probe.dx))) == tangent
    assert numbers(deriv.adjoint(EXACT, vector(delta))) == cotangent


@pytest.mark.lean("Proofs.Autograd.TapeNodes.Batched.matmul")
@given(FEW, SIDES, st.data())
def test_an_entry_may_be_multiplied_by_itself(h: int, n: int, data: st.DataObject) -> None:
    probe, (a,) = data.draw(probed(Shape(h, n, n)))
    u, du = probe.read(a), probe.tangent(a)
    node, x = matmul(a, a), vector(probe.x)
    assert numbers(forward_vec(EXACT, node, x)) == product(h, n, n, n, u, u)
    tangent = plus(product(h, n, n, n, u, du), product(h, n, n, n, du, u))
    assert numbers(node_jvp_vec(EXACT, node, x, vector(probe.dx))) == tangent


@pytest.mark.lean("Proofs.Autograd.TapeNodes.Batched.matmul")
@pytest.mark.parametrize(
    ("left", "right"),
    [((2, 3, 4), (2, 3, 4)), ((2, 3, 4), (1, 4, 5)), ((3, 4), (2, 4, 5)), ((2, 3, 4), (4, 5))],
    ids=["inner dimensions", "heads", "rank of the left", "rank of the right"],
)
def test_shapes_that_do_not_meet_have_no_product(left: tuple[int, ...], right: tuple[int, ...]) -> None:
    context = (Shape(*left), Shape(*right))
    a, b = (Idx(context, i, context[i]) for i in range(2))
    with pytest.raises(ValueError, match=r"needs shapes \[h, m, n\] and \[h, n, p\], got \[.*\] at 0 and \[.*\] at 1"):
        matmul(a, b)


# ---- softmax


@st.composite
def softmax_cases(draw: st.DrawFn) -> tuple[Probe, Idx, Numbers]:
    """A tame point (its exponentials are of readable size), an index of an [h, m, n] entry, a cotangent."""
    shape = Shape(*(draw(dimensions(SIZES)) for _ in range(3)))
    probe, (idx,) = draw(probed(shape))
    fill = Fill(draw(st.sampled_from(("zeros", "one-hot", "integers", "fractions"))), draw(st.integers(0, 2**32 - 1)))
    n = total(probe.context)
    x, dx = numbers(fill.vector(n)), numbers(fill.vector(n))
    return Probe(probe.context, fill, x, dx), idx, numbers(fill.vector(shape[0] * shape[1] * shape[2]))


def along_rows(n: int, x: Numbers, dx: Numbers) -> list[arb]:
    """The Jacobian of each row times that row of dx (the Jacobian is symmetric)."""
    both = zip(by_rows(n, x), by_rows(n, dx), strict=True)
    return [entry for row, tangent in both for entry in image(softmax_jacobian(row), tangent)]


@pytest.mark.lean(
    "Proofs.Autograd.TapeNodes.Batched.softmaxLast", "Proofs.Autograd.TapeNodes.Batched.softmaxLastFderiv"
)
@given(softmax_cases())
def test_softmax_last(case: tuple[Probe, Idx, Numbers]) -> None:
    probe, idx, delta = case
    n, x, dx = idx.shape[2], vector(probe.x), vector(probe.dx)
    node = softmax_last(idx)
    assert (node.kind, node.shape, node.inputs) == ("softmaxLast", idx.shape, (idx,))
    with precision(256):
        value = [y for row in by_rows(n, probe.read(idx)) for y in softmax(row)]
        tangent = along_rows(n, probe.read(idx), probe.tangent(idx))
        cotangent = scattered(probe.context, idx.i, along_rows(n, probe.read(idx), delta))
        cotangent = [vector([q])[0] if isinstance(q, Fraction) else q for q in cotangent]
        enclosed(forward_vec(BALL, node, x), value)
        enclosed(node_jvp_vec(BALL, node, x, dx), tangent)
        enclosed(node_vjp_vec(BALL, node, x, vector(delta)), cotangent)
        deriv = softmax_last_certificate(node).deriv(BALL, x)
        assert (deriv.domain, deriv.codomain) == (total(probe.context), len(delta))
        enclosed(deriv(BALL, dx), tangent)
        enclosed(deriv.adjoint(BALL, vector(delta)), cotangent)


@pytest.mark.lean("Proofs.Autograd.TapeNodes.Batched.softmaxLast")
def test_softmax_normalises_the_last_axis_only() -> None:
    shape = Shape(1, 2, 2)
    node = softmax_last(Idx((shape,), 0, shape))
    with precision(256):
        e = arb(1).exp()
        expected = [1 / (1 + e), e / (1 + e), 1 / arb(2), 1 / arb(2)]
        enclosed(forward_vec(BALL, node, vector([0, 1, 7, 7])), expected)
        assert numbers(node_jvp_vec(BALL, node, vector([0, 0, 0, 0]), unit(4, 2))) == [
            0,
            0,
            Fraction(1, 4),
            Fraction(-1, 4),
        ]


@pytest.mark.lean("Proofs.Autograd.TapeNodes.Batched.softmaxLast")
def test_softmax_needs_three_dimensions() -> None:
    with pytest.raises(ValueError, match=r"softmaxLast needs an index of an entry \[h, m, n\], got shape \[2, 3\]"):
        softmax_last(Idx((Shape(2, 3),), 0, Shape(2, 3)))
