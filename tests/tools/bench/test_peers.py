"""The peers compute the block; those whose library is absent are skipped by name."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import jax
import numpy as np
import pytest

from mirror.dims import Dims
from theorems.tools.bench import gate, ours
from theorems.tools.bench.candidate import Absent
from theorems.tools.bench.peers import PEERS, Peer, with_jax, with_numpy
from theorems.tools.bench.problem import SIZES, TINY, Size, problem
from theorems.tools.bench.reference import reference


@pytest.fixture(autouse=True)
def _x32() -> Iterator[None]:
    """As the worker runs them."""
    with jax.enable_x64(False):
        yield


@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize(
    "size",
    [
        Size(2, Dims(seq_len=5, d_model=7, num_heads=3, head_dim=4, d_ff=6)),
        Size(1, Dims(seq_len=1, d_model=1, num_heads=1, head_dim=1, d_ff=1)),
        TINY,
    ],
)
def test_numpy_computes_the_block(size: Size, causal: bool) -> None:
    p = problem(size, seed=3, causal=causal)
    before = [a.copy() for a in (*p.context, *p.arrays, p.bias, p.cotangent)]
    candidate = with_numpy.build(p)
    results = candidate.results()
    expected = reference(p)
    if size.dims.d_model > 1:
        assert gate.error(results, expected) < gate.LIMITS["float32"]
    else:  # one feature: both norms are constant, and so is the output
        assert all(np.abs(r - e).max() < 1e-6 for r, e in zip(results, expected, strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(before, (*p.context, *p.arrays, p.bias, p.cotangent), strict=True))


def test_numpy_keeps_the_exponentials_of_every_head_for_the_reverse_only() -> None:
    memory = with_numpy.build(
        problem(Size(1, Dims(seq_len=128, d_model=4, num_heads=4, head_dim=4, d_ff=4)))
    ).temp_bytes
    one_head = 128 * 128 * 4
    assert memory is not None
    assert memory[0] < 3 * one_head
    assert memory[1] > 4 * one_head


@pytest.mark.parametrize("name", ["jax naive", "jax naive, one example", "jax.nn XLA", ours.NAME])
def test_jax_computes_the_block(name: str) -> None:
    p = problem(TINY, seed=1)
    found = {peer.name: peer.build for peer in PEERS} | {ours.NAME: ours.build}
    candidate = found[name](p, "cpu")
    assert gate.error(candidate.results(), reference(p)) < gate.LIMITS["float32"]
    assert candidate.temp_bytes is not None
    assert min(candidate.temp_bytes) > 0


def test_a_block_written_for_one_example_takes_no_more() -> None:
    with pytest.raises(Absent, match=r"^the batch holds 2 examples: it is written for one$"):
        with_jax.one_example(problem(Size(2, Dims(seq_len=5, d_model=7, num_heads=3, head_dim=4, d_ff=6))), "cpu")


@pytest.mark.parametrize("name", ["torch SDPA, bias", "torch.compile", "tokamax"])
def test_a_library_that_is_absent_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (peer,) = (peer for peer in PEERS if peer.name == name)
    assert peer.extra is not None
    monkeypatch.setitem(sys.modules, peer.extra, None)
    for module in [m for m in sys.modules if m.startswith("theorems.tools.bench.peers.with_t")]:
        monkeypatch.delitem(sys.modules, module)
    with pytest.raises(Absent, match=rf"^{peer.extra} is not installed: pip install 'leanmirror\[{peer.extra}\]'$"):
        peer.build(problem(TINY), "cpu")


def test_a_module_of_ours_that_is_missing_is_no_absent_library() -> None:
    with pytest.raises(ModuleNotFoundError, match="with_nothing"):
        Peer("nothing", "with_nothing:build", "torch").build(problem(TINY), "cpu")


def test_every_extra_is_declared() -> None:
    from tests.test_repository import PYPROJECT

    extras = PYPROJECT["project"]["optional-dependencies"]
    assert {peer.extra for peer in PEERS if peer.extra} < set(extras)


def test_dense_operations_are_those_of_the_table() -> None:
    forward, both = Size(2, Dims(seq_len=5, d_model=11, num_heads=3, head_dim=7, d_ff=13)).dense_flops
    attention, linear = 4 * 3 * 25 * 7, 2 * 5 * 3 * 7 * 11 + 4 * 5 * 11 * 13
    assert forward == 2 * (attention + linear)
    assert both == forward + 2 * (2 * attention + linear)
    assert tuple(SIZES["cpu"]) == ("small", "mid", "large")


def test_a_dense_bias_leaves_no_two_rows_alike() -> None:
    bias = problem(TINY, causal=False).bias
    assert bias.shape == (2, 6, 6)
    assert len(np.unique(bias)) == bias.size
    assert np.isfinite(bias).all()
