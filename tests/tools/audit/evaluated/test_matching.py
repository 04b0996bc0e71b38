"""Which argument of Lean a parameter gets."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from mirror.arithmetic import BALL, Arithmetic, Array, rational_vector
from mirror.core.soundness import Idx, Node
from mirror.dims import Dims
from mirror.linear_map import dense
from mirror.nodes.arithmetic import affine, scale
from mirror.ops.transformer.decoder_block import Parameters
from mirror.spec.core.shape import Context, Shape
from theorems.tools.audit.evaluated.arguments import DrawnArgument
from theorems.tools.audit.evaluated.matching import UnmatchedError, call_matched, matched, spelled

V, W = rational_vector([1, 2]), rational_vector([3])
IDX = Idx((Shape(2),), 0, Shape(2))


def argument(name: str, mirror: Any, kind: str = "(") -> DrawnArgument:
    return DrawnArgument(name, kind, mirror, None, None)


def test_names_are_spelled_as_the_mirror_does() -> None:
    assert [spelled(n) for n in ("xV", "f'", "V", "ε₁", "numHeads")] == ["x", "f_prime", "v", "eps1", "num_heads"]


def test_by_name_then_by_kind_in_order() -> None:
    def target(ar: Arithmetic, context: Context, x: Array, y: Array, more: int = 3) -> None: ...

    given = [argument("Γ", (Shape(2),), "{"), argument("n", 2, "{"), argument("yV", V), argument("", W)]
    assert matched(target, given) == {"ar": BALL, "context": (Shape(2),), "x": W, "y": V, "more": 2}
    assert "more" not in matched(target, given[:1] + given[2:])


def test_of_two_of_a_kind_the_name_tells_which_is_meant() -> None:
    given = [argument("sIn", Shape(2), "{"), argument("sOut", Shape(1), "{"), argument("idx", IDX)]
    found = matched(affine, [*given, argument("A", dense([[1, 2]])), argument("b", W)])
    assert (found["s_out"], found["idx"]) == (Shape(1), IDX)


def test_the_node_of_a_certificate_is_made() -> None:
    def target(node: Node) -> None: ...

    node = scale(IDX, fmpq(2))
    assert matched(target, [], lambda: node)["node"] is node


def test_records_hold_what_lean_takes() -> None:
    def target(dims: Dims, p: Parameters) -> None: ...

    found = matched(target, [argument("seqLen", 2, "{"), argument("c", fmpq(5))])
    assert (found["dims"].seq_len, found["dims"].d_ff) == (2, 29)
    assert (found["p"].c, found["p"].merge) == (5, None)


def test_a_vector_is_a_function_of_positions_where_one_is_wanted() -> None:
    def target(n: int, f: Callable[[int], Any], g: Callable[[int], Any]) -> None: ...

    found = matched(target, [argument("n", 2, "{"), argument("f", V), argument("", V)])
    assert [found["f"](1), found["g"](0)] == [2, 1]


def test_a_parameter_without_an_argument_is_named() -> None:
    def target(idx: Idx) -> None: ...

    said = r"the parameter idx of .*target gets no argument of Lean: none is called so \((x|none has a name)\), and"
    for name in ("x", ""):
        with pytest.raises(UnmatchedError, match=said):
            matched(target, [argument(name, np.zeros(1))])


def test_arguments_are_given_by_position_until_one_is_left_out() -> None:
    def target(n: int, *, m: int = 0) -> Any: ...

    def stands_in(*positional: Any, **named: Any) -> Any:
        return positional, named

    stands_in.__signature__ = signature(target)  # type: ignore[attr-defined]
    stands_in.__annotations__ = target.__annotations__
    assert call_matched(stands_in, [argument("n", 2, "{")]) == ((2,), {})
