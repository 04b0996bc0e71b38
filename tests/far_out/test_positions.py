"""Late positions of a long context: offsets, reading, writing, flattening."""

from __future__ import annotations

from math import prod

import pytest

from mirror.arithmetic import EXACT
from mirror.core.fderiv import (
    append_clm,
    append_vec,
    cast_clm,
    cast_ctx_vec,
    cast_vec,
    ctx_size,
    flatten_ctx,
    snoc_clm,
    snoc_ctx,
    unflatten_ctx,
    unsnoc_ctx,
)
from mirror.core.soundness import Idx, dot_list, get_idx
from mirror.core.soundness import single as single_entry
from mirror.nodes.context import get, get_clm, get_clm_raw, get_raw, head_clm, single, single_raw, tail_clm
from mirror.nodes.graph_composition import drop_middle_clm
from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor.core import tensor
from mirror.util.idx import last, weaken
from tests.far_out.plainly import entries, typed, values
from tests.plain import block as stretch
from tests.plain import numbers, scattered, total, vector

A = "Proofs.Autograd."

# 48 entries of few shapes, so that every position has others of its shape far from it.
LONG = tuple(Shape(*s) for s in ((2,), (), (1, 2), (0,), (3,), (2,)) * 8)
POSITIONS = pytest.mark.parametrize("i", [0, 11, 20, 21, 22, 30, 40, 47])


@pytest.mark.lean(f"{A}Idx", f"{A}CtxVec.get", f"{A}CtxVec.getRaw", f"{A}CtxVec.getCLM", f"{A}CtxVec.getCLMRaw")
@POSITIONS
def test_a_late_block_is_read_at_its_offset(i: int) -> None:
    idx, x = Idx(LONG, i, LONG[i]), values(total(LONG))
    start, length = total(LONG[:i]), prod(LONG[i])
    assert (idx.start, idx.stop, idx.total) == (start, start + length, total(LONG))
    expected = x[start : start + length]
    assert numbers(get(idx, vector(x))) == numbers(get_raw(LONG, i, vector(x))) == expected
    for linear in (get_clm(idx), get_clm_raw(LONG, i)):
        assert numbers(linear(EXACT, vector(x))) == expected
        assert numbers(linear.adjoint(EXACT, vector(expected))) == scattered(LONG, i, expected)


@pytest.mark.lean(f"{A}CtxVec.single", f"{A}CtxVec.singleRaw", f"{A}TList.single", f"{A}getIdx")
@POSITIONS
def test_a_late_block_is_written_at_its_offset(i: int) -> None:
    idx, v = Idx(LONG, i, LONG[i]), values(prod(LONG[i]))
    expected = scattered(LONG, i, v)
    assert numbers(single(EXACT, idx, vector(v))) == numbers(single_raw(EXACT, LONG, i, vector(v))) == expected
    assert entries(single_entry(EXACT, idx, tensor(LONG[i], v))) == expected
    x = values(total(LONG))
    assert numbers(get_idx(typed(LONG, x), idx).entries) == stretch(LONG, i, x)


@pytest.mark.lean(f"{A}Idx.weaken", f"{A}Idx.last")
@POSITIONS
def test_a_late_index_keeps_its_position(i: int) -> None:
    longer = weaken(Idx(LONG, i, LONG[i]), LONG)
    assert (longer.i, longer.shape, longer.context) == (i, LONG[i], (*LONG, *LONG))
    end = last(LONG[:i], LONG[i:], LONG[i])
    assert (end.i, end.shape, end.context) == (len(LONG), LONG[i], (*LONG, LONG[i]))


@pytest.mark.lean(
    f"{A}ctxSize", f"{A}flattenCtx", f"{A}unflattenCtx", f"{A}TList.dotList", f"{A}snocCtx", f"{A}unsnocCtx"
)
def test_a_long_context_is_laid_end_to_end() -> None:
    x, y = values(total(LONG)), values(total(LONG), 5)
    xs = typed(LONG, x)
    assert ctx_size(LONG) == len(x)
    assert numbers(flatten_ctx(EXACT, xs)) == x
    apart = unflatten_ctx(LONG, vector(x))
    assert (apart.context, entries(apart)) == (LONG, x)
    assert numbers(dot_list(EXACT, xs, typed(LONG, y))) == [sum(a * b for a, b in zip(x, y, strict=True))]
    longer = snoc_ctx(EXACT, vector(x), vector(y[:2]))
    head, end = unsnoc_ctx(Shape(2), longer)
    assert (numbers(longer), numbers(head), numbers(end)) == (x + y[:2], x, y[:2])


@pytest.mark.lean(f"{A}castVec", f"{A}castCtxVec", f"{A}appendVec")
def test_a_long_vector_is_cast_and_appended_to_as_it_is() -> None:
    x = values(total(LONG))
    assert numbers(cast_ctx_vec(LONG, LONG, vector(x))) == numbers(cast_vec(len(x), vector(x))) == x
    assert numbers(append_vec(EXACT, vector(x), vector(x))) == [*x, *x]


@pytest.mark.lean(f"{A}CtxVec.headCLM", f"{A}CtxVec.tailCLM", f"{A}DGraph.dropMiddleCLM")
@pytest.mark.lean(f"{A}Graph.castCLM", f"{A}Graph.snocCLM", f"{A}Graph.appendCLM")
def test_a_projection_of_a_long_vector_keeps_its_coordinates_and_its_adjoint_puts_them_back() -> None:
    n, cut, front, back = total(LONG), total(LONG[:1]), total(LONG[:5]), total(LONG[:30])
    kept = {
        head_clm(LONG[0], LONG[1:]): range(cut),
        tail_clm(LONG[0], LONG[1:]): range(cut, n),
        drop_middle_clm(LONG[:5], LONG[5:30], LONG[30:]): [*range(front), *range(back, n)],
        cast_clm(n, n): range(n),
        append_clm(n, 2): range(n + 2),
        snoc_clm(LONG, Shape(2)): range(n + 2),
    }
    for linear, coordinates in kept.items():
        x = values(linear.domain)
        assert numbers(linear(EXACT, vector(x))) == [x[k] for k in coordinates]
        back_again = linear.adjoint(EXACT, vector([x[k] for k in coordinates]))
        assert numbers(back_again) == [v if k in coordinates else 0 for k, v in enumerate(x)]
