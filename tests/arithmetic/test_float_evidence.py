"""The float lane, certified: what the block computes in IEEE arithmetic lies where it must.

Every enclosure here comes from the mirror's own definitions, run over `Rounded`; no tolerance occurs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flint import arb, fmpq

from mirror.arithmetic import BALL, FLOAT64, Arithmetic, Array, precision, rational_vector
from mirror.arithmetic.jax import Jax
from mirror.arithmetic.rounded import JAX_FLOAT32, JAX_FLOAT64, NUMPY_FLOAT64, Backend, Rounded
from mirror.core.fderiv import backprop_vec, ctx_size, eval_vec, node_vjp_vec
from mirror.core.soundness import Graph, Idx
from mirror.dims import Dims
from mirror.fderiv.softmax import softmax_rows, softmax_vec
from mirror.linear_map import PositionWise
from mirror.ops.attention.masked_multi_head_self_attention import masked_core_dgraph
from mirror.ops.norm.layer_norm import Inputs, context_ln, layer_norm_graph, whole_node
from mirror.ops.transformer.decoder_block import Parameters, decoder_core_graph
from mirror.spec.layers.activation import gelu_spec
from theorems.engine.evidence.floats import BITS, FloatVerdict, Program, enclosure, examine, judge_floats, runs_in
from theorems.engine.evidence.verdicts import AtMost
from theorems.engine.strategies.masks import MASKS, mask
from theorems.engine.strategies.values import Fill

EPS = fmpq(1, 1000)


@pytest.fixture(autouse=True)
def _x64() -> Iterator[None]:
    with jax.enable_x64(True):
        yield


def small(fill: Fill, n: int) -> np.ndarray:
    """Numbers of moderate size that no binary format holds: their rounding is part of the test."""
    return fill.vector(n) * fmpq(1, 30)


def block(dims: Dims, family: str) -> Graph:
    """A decoder block whose weights are of the size that trained ones have."""
    fill = Fill("dyadic", 3)
    n, model, hidden, heads = dims.seq_len, dims.d_model, dims.d_ff, dims.num_heads * dims.head_dim

    def weight(positions: int, rows: int, columns: int) -> PositionWise:
        return PositionWise(positions, rows, columns, tuple(small(fill, rows * columns)))

    parameters = Parameters(
        merge=weight(1, n * model, n * heads),
        merge_bias=small(fill, n * model),
        fc1=weight(n, hidden, model),
        b1=small(fill, n * hidden),
        fc2=weight(n, model, hidden),
        b2=small(fill, n * model),
        c=fmpq(7, 10),
        eps1=EPS,
        eps2=EPS,
        bias=mask(family, fill, n, dims.num_heads).bias,
    )
    return decoder_core_graph(dims, parameters)


@dataclass(frozen=True, slots=True)
class SizedProgram:
    """A program of the mirror and the lengths of its inputs."""

    program: Program
    lengths: tuple[int, ...]

    def inputs(self, seed: int) -> tuple[np.ndarray, ...]:
        fill = Fill("fractions", seed)
        return tuple(small(fill, n) * 10 for n in self.lengths)


def forward_and_reverse(graph: Graph) -> SizedProgram:
    """Both runs of a graph, end to end: what the theorems are about."""

    def program(ar: Arithmetic, x: Array, seed: Array) -> Array:
        return ar.concat([eval_vec(ar, graph, x), backprop_vec(ar, graph, x, seed)])

    return SizedProgram(program, (ctx_size(graph.context), ctx_size((*graph.context, *graph.saved))))


CASES: dict[str, SizedProgram] = {
    "block, causal": forward_and_reverse(
        block(Dims(seq_len=3, d_model=4, num_heads=2, head_dim=2, d_ff=5), "causal, gap -1e4")
    ),
    "block, one head": forward_and_reverse(
        block(Dims(seq_len=2, d_model=3, num_heads=1, head_dim=2, d_ff=1), "random")
    ),
    "masked core": forward_and_reverse(masked_core_dgraph(3, 2, 2, fmpq(7, 10)).g),
    "layer norm": forward_and_reverse(layer_norm_graph(3, 4, EPS)),
    "softmax": SizedProgram(softmax_vec, (5,)),
    "gelu": SizedProgram(gelu_spec, (9,)),
}
EVERY_CASE = pytest.mark.parametrize("name", CASES)
SEEDS = range(10)


def jitted(case: SizedProgram, dtype: str) -> Callable[..., np.ndarray]:
    """The program under jit, one value at a time; compiled once, because the shapes are fixed."""
    ar = Jax(dtype)
    compiled = jax.jit(lambda *inputs: case.program(ar, *inputs))
    return lambda inputs: np.asarray(compiled(*(ar.embed(x) for x in inputs)))


@EVERY_CASE
def test_numpy_is_inside(name: str) -> None:
    case = CASES[name]
    for seed in SEEDS:
        inputs = case.inputs(seed)
        found = examine(case.program, inputs, runs_in(FLOAT64, case.program, inputs), NUMPY_FLOAT64)
        assert found.verdict is FloatVerdict.INSIDE, found.mismatch
        assert found.tightness >= 1


@pytest.mark.unmeasured
@EVERY_CASE
def test_jax_in_double_precision_under_jit_is_inside(name: str) -> None:
    case = CASES[name]
    compiled = jitted(case, "float64")
    for seed in SEEDS:
        found = examine(case.program, case.inputs(seed), compiled(case.inputs(seed)), JAX_FLOAT64)
        assert found.verdict is FloatVerdict.INSIDE, found.mismatch
        assert found.tightness >= 1


@pytest.mark.unmeasured
@EVERY_CASE
def test_jax_in_single_precision_under_jit_is_inside(name: str) -> None:
    case = CASES[name]
    compiled = jitted(case, "float32")
    for seed in SEEDS:
        found = examine(case.program, case.inputs(seed), compiled(case.inputs(seed)), JAX_FLOAT32)
        assert found.verdict is FloatVerdict.INSIDE, found.mismatch
        assert found.tightness >= 1


@pytest.mark.parametrize("family", MASKS)
def test_numpy_under_every_mask(family: str) -> None:
    case = forward_and_reverse(block(Dims(seq_len=3, d_model=2, num_heads=1, head_dim=2, d_ff=2), family))
    inputs = case.inputs(1)
    found = examine(case.program, inputs, runs_in(FLOAT64, case.program, inputs), NUMPY_FLOAT64)
    # exp underflows on a whole row, and 1/0 = 0 is a jump: nothing is certified there (see below).
    blocked = family == "fully blocked row"
    assert found.verdict is (FloatVerdict.UNDECIDED if blocked else FloatVerdict.INSIDE)


@EVERY_CASE
def test_a_result_moved_by_more_than_the_bound_is_outside(name: str) -> None:
    case = CASES[name]
    inputs = case.inputs(0)
    result = runs_in(FLOAT64, case.program, inputs)
    with precision(BITS):
        balls = enclosure(case.program, inputs, NUMPY_FLOAT64)
    for k in (0, len(result) // 2, len(result) - 1):
        moved = result.copy()
        moved[k] += max(2.1 * float(arb(balls[k]).rad()), 2.1 * np.spacing(abs(result[k])))
        found = examine(case.program, inputs, moved, NUMPY_FLOAT64)
        assert found.verdict is FloatVerdict.OUTSIDE
        assert found.mismatch is not None
        assert found.mismatch.position == k
        assert math.isinf(found.bound)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_a_number_is_outside(bad: float) -> None:
    case = CASES["gelu"]
    result = runs_in(FLOAT64, case.program, case.inputs(0))
    result[4] = bad
    assert examine(case.program, case.inputs(0), result, NUMPY_FLOAT64).verdict is FloatVerdict.OUTSIDE


def test_an_unbounded_enclosure_is_undecided() -> None:
    # The exponential overflows, whatever is claimed to be its value.
    inputs = (rational_vector([710]),)
    for claimed in (math.inf, 1.0):
        found = examine(lambda ar, x: ar.exp(x), inputs, [claimed], NUMPY_FLOAT64)
        assert found.verdict is FloatVerdict.UNDECIDED
        assert found.mismatch is not None
    # A norm of a constant row with ε = 0 meets 1/0.
    graph = layer_norm_graph(1, 2, fmpq(0))
    inputs = (rational_vector(["1/3", "1/3", 1, 1, 0, 0]),)
    found = examine(lambda ar, x: eval_vec(ar, graph, x), inputs, [0.0] * 33, NUMPY_FLOAT64)
    assert found.verdict is FloatVerdict.UNDECIDED
    assert "sign of" in str(found.mismatch)


@pytest.mark.parametrize(
    ("name", "careless"),
    [
        ("block, causal", replace(NUMPY_FLOAT64, bits=75)),
        ("layer norm", replace(NUMPY_FLOAT64, bits=62)),
        ("masked core", replace(NUMPY_FLOAT64, bits=60)),
        ("softmax", replace(NUMPY_FLOAT64, bits=58)),
        ("gelu", replace(NUMPY_FLOAT64, bits=58)),
    ],
    ids=lambda v: v if isinstance(v, str) else f"2^-{v.bits}",
)
def test_too_small_a_round_off_leaves_honest_results_outside(name: str, careless: Backend) -> None:
    case = CASES[name]
    verdicts = [
        examine(case.program, case.inputs(s), runs_in(FLOAT64, case.program, case.inputs(s)), careless).verdict
        for s in SEEDS
    ]
    assert FloatVerdict.OUTSIDE in verdicts


def test_the_double_precision_bound_is_too_small_for_single_precision() -> None:
    case = CASES["softmax"]
    result = jitted(case, "float32")(case.inputs(0))
    assert examine(case.program, case.inputs(0), result, JAX_FLOAT64).verdict is FloatVerdict.OUTSIDE


def test_the_judgement_says_what_it_assumes_and_how_tight_it_is() -> None:
    case = CASES["gelu"]
    inputs = case.inputs(0)
    found = examine(case.program, inputs, runs_in(FLOAT64, case.program, inputs), NUMPY_FLOAT64)
    assert found.assumes == NUMPY_FLOAT64.assumes
    assert 0 < found.error <= found.bound < 1e-12
    assert 1 <= found.tightness < 1000
    exact = examine(lambda ar, x: x + x, (rational_vector([1]),), [2.0], NUMPY_FLOAT64)
    assert exact.error == 0
    assert math.isinf(exact.tightness)
    empty = examine(lambda ar, x: x + x, (rational_vector([]),), [], NUMPY_FLOAT64)
    assert (empty.verdict, empty.bound) == (FloatVerdict.INSIDE, 0.0)


def test_a_result_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="the result has 2 entries, its enclosure 1"):
        judge_floats([1.0, 2.0], rational_vector([1]), rational_vector([1]), NUMPY_FLOAT64)


@EVERY_CASE
def test_an_enclosure_holds_the_real_value_too(name: str) -> None:
    case = CASES[name]
    with precision(BITS):
        balls = enclosure(case.program, case.inputs(0), JAX_FLOAT64)
        real = np.asarray(case.program(BALL, *case.inputs(0))).reshape(-1)
        assert all(arb(b).overlaps(arb(r)) for b, r in zip(balls, real, strict=True))


@pytest.mark.unmeasured
def test_the_norm_as_one_node_runs_under_jit_and_vmap() -> None:
    case = CASES["block, one head"]
    ar = Jax("float64")
    batch = [case.inputs(seed) for seed in range(4)]
    stacked = [jnp.stack([ar.embed(inputs[k]) for inputs in batch]) for k in range(2)]
    results = jax.jit(jax.vmap(lambda x, s: case.program(ar, x, s)))(*stacked)
    for inputs, result in zip(batch, results, strict=True):
        assert examine(case.program, inputs, result, JAX_FLOAT64).verdict is FloatVerdict.INSIDE


def test_the_norm_has_no_derivative_at_the_boundary_under_jit_either() -> None:
    # Rows of exactly representable constants and ε = 0: var + ε is 0 in floating point, too.
    context = context_ln(2, 2)
    node = whole_node(Inputs(*(Idx(context, i, s) for i, s in enumerate(context))), fmpq(0))
    ar = Jax("float64")
    pullback = jax.jit(jax.vmap(lambda x, delta: node_vjp_vec(ar, node, x, delta)))
    points = jnp.array([[1.0, 1, 2, 3, 1, 1, 0, 0], [1.0, 2, 2, 3, 1, 1, 0, 0]])
    at_boundary, away = pullback(points, jnp.ones((2, 4)))
    assert not at_boundary.any()
    assert list(away[-2:]) == [2.0, 2.0]


# ---- where Lean's value and IEEE's part: a gap of -1e9 on a whole row

GAP = -(10**9)
LOGITS = rational_vector(["1/3", "-7/5", 1])


def blocked_row(ar: Arithmetic, logits: Array) -> Array:
    """Softmax of a row that is blocked as a whole, as the masked core computes it."""
    return softmax_vec(ar, logits + ar.constant(fmpq(GAP)))


def shifted_row(ar: Arithmetic, logits: Array) -> Array:
    """The same, with the largest entry subtracted first, as libraries do (the largest is the last)."""
    blocked = (logits + ar.constant(fmpq(GAP))).reshape(1, 3)
    return softmax_rows(ar, blocked - blocked[:, 2:]).reshape(-1)


def within(left: object, bound: object) -> bool:
    return AtMost("", left, bound, arb(2) ** -64).judge().verdict.passes


def test_over_the_reals_a_blocked_row_is_the_softmax_of_its_logits() -> None:
    with precision(BITS):
        difference = blocked_row(BALL, LOGITS) - softmax_vec(BALL, LOGITS)
        assert all(abs(d) < arb(2) ** -100 for d in difference)


@pytest.mark.parametrize(
    ("ar", "backend"), [(lambda: FLOAT64, NUMPY_FLOAT64), (lambda: Jax("float32"), JAX_FLOAT32)], ids=["numpy", "jax"]
)
def test_in_floating_point_the_mirrors_blocked_row_is_zero_and_not_certified(
    ar: Callable[[], Arithmetic], backend: Backend
) -> None:
    """exp(-1e9) underflows, the sum is 0, and 1/0 = 0: the row is 0 where Lean's adds up to 1.

    The difference is Lean's probability, at most 1, and 1 over the row: no bound in terms of u exists,
    so the verdict is `undecided`, not `inside` and not `outside`.
    """
    computed = runs_in(ar(), blocked_row, (LOGITS,))
    assert not computed.any()
    assert examine(blocked_row, (LOGITS,), computed, backend).verdict is FloatVerdict.UNDECIDED
    with precision(BITS):
        real = blocked_row(BALL, LOGITS)
        assert all(within(p, 1) for p in real)
        assert within(BALL.sum(real, axis=0) - 1, arb(2) ** -100)


def test_subtracting_the_largest_entry_leaves_a_uniform_row_in_single_precision() -> None:
    """Every logit below half the spacing (64) of float32 at 1e9 is lost, so the row is uniform.

    Lean's probabilities differ from 1/n by at most (e^r - 1)/n, r the range of the logits: each lies
    between e^-r/n and e^r/n. A logit may be off by 1e9·u = 60, e^60 is no bound worth the name, and twice
    that overflows: the verdict is `undecided`.
    """
    row = np.asarray(jax.jit(jax.nn.softmax)(Jax("float32").embed(LOGITS) + np.float32(GAP)))
    assert len(set(row.tolist())) == 1
    with precision(BITS):
        bound = ((max(LOGITS) - min(LOGITS)) * arb(1)).exp() - 1
        assert all(within(p - fmpq(1, 3), bound / 3) for p in softmax_vec(BALL, LOGITS))
        assert all(not within(p - fmpq(1, 3), bound / 300) for p in softmax_vec(BALL, LOGITS)[1:])
    assert examine(shifted_row, (LOGITS,), row, JAX_FLOAT32).verdict is FloatVerdict.UNDECIDED


def test_subtracting_the_largest_entry_keeps_the_logits_in_double_precision() -> None:
    """Half the spacing of float64 at 1e9 is 2^-24: each probability is right to a factor e^(±2^-22)."""
    computed = runs_in(FLOAT64, shifted_row, (LOGITS,))
    found = examine(shifted_row, (LOGITS,), computed, NUMPY_FLOAT64)
    assert found.verdict is FloatVerdict.INSIDE
    assert found.bound < math.expm1(2.0**-21)
    assert found.error < math.expm1(2.0**-22)
    # The gap costs digits that a softmax of the logits alone would have to keep.
    raw = examine(softmax_vec, (LOGITS,), computed, NUMPY_FLOAT64)
    assert raw.verdict is FloatVerdict.OUTSIDE


def test_a_gap_of_ten_thousand_is_certified_in_both_precisions() -> None:
    def causal(ar: Arithmetic, logits: Array) -> Array:
        return softmax_vec(ar, logits + ar.embed(rational_vector([0, 0, -(10**4)])))

    for ar, backend in ((FLOAT64, NUMPY_FLOAT64), (Jax("float32"), JAX_FLOAT32)):
        computed = runs_in(ar, causal, (LOGITS,))
        assert computed[2] == 0
        assert examine(causal, (LOGITS,), computed, backend).verdict is FloatVerdict.INSIDE
    assert Rounded(JAX_FLOAT32).backend.absolute == fmpq(2) ** -126
