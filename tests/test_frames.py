"""Tracebacks and profiles name what they show: `affine.vjp`, never `<lambda>`."""

from __future__ import annotations

import ast
import traceback
from types import FunctionType
from typing import Any

import pytest
from hypothesis import strategies as st

from mirror.arithmetic import BALL
from mirror.core.soundness import Idx, Node
from mirror.frames import named
from mirror.nodes.arithmetic import scale
from mirror.nodes.elementwise import gelu
from mirror.nodes.graph_composition import weaken_node_middle
from mirror.rooms import node_kinds
from mirror.spec.core.shape import Shape
from tests.engine.strategies.sampling import sample
from tests.source import module_files
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.graphs import node_specs, operand_contexts
from theorems.engine.strategies.values import Fill

ROLES = ("forward", "jvp", "vjp")
# What a Python function is given to, which names it.
NAMING = {"node_of_vec", "NodeFDerivCorrect"}
SHAPE = Shape(2)
IDX = Idx((SHAPE,), 0, SHAPE)


def frames(function: Any) -> set[str]:
    """What a function calls itself, and what its frames are called."""
    return {function.__name__, function.__qualname__, function.__code__.co_name, function.__code__.co_qualname}


def one_of_each_kind() -> dict[str, Node]:
    sizes = Sizes()
    specs = operand_contexts(sizes).flatmap(
        lambda context: st.tuples(st.just(context), node_specs(context, Fill("integers", 1), sizes, node_kinds()))
    )
    return {(node := spec.build(context)).kind: node for context, spec in sample(specs, 600)}


@pytest.mark.unmeasured
def test_every_constructor_names_the_frames_of_its_node() -> None:
    nodes = one_of_each_kind()
    assert nodes.keys() == node_kinds().keys()
    for kind, node in nodes.items():
        assert node.vec is not None
        assert [frames(getattr(node.vec, role)) for role in ROLES] == [{f"{kind}.{role}"} for role in ROLES]
        assert [getattr(node, role).__name__ for role in ROLES] == [f"tensor_{role}" for role in ROLES]
        if (certificate := node_kinds()[kind].certificate) is not None:
            assert frames(certificate(node).deriv) == {f"{kind}.deriv"}


def test_a_node_in_a_longer_context_has_its_kind_in_its_frames() -> None:
    weakened = weaken_node_middle((SHAPE,), (SHAPE,), (), gelu(IDX))
    assert weakened.vec is not None
    assert (weakened.kind, weakened.vec.vjp.__name__) == ("gelu", "gelu.vjp")


def test_a_traceback_shows_the_node() -> None:
    node = scale(IDX, "no number")  # type: ignore[arg-type]
    assert node.vec is not None
    with pytest.raises(TypeError, match="can't multiply") as raised:
        node.vec.vjp(BALL, BALL.zeros(2), BALL.zeros(2))
    assert [f.name for f in traceback.extract_tb(raised.tb)][1] == "scale.vjp"


def lambdas(tree: ast.AST) -> list[int]:
    """The lines of lambdas but those that are given to what names them."""
    given = {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NAMING
        for argument in node.args
    }
    return [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Lambda) and id(node) not in given]


def test_no_frame_of_the_mirror_is_a_lambda() -> None:
    """Outside the number systems, whose entrywise functions are not seen from above."""
    found = {name: lambdas(ast.parse(path.read_text("utf-8"))) for name, path in module_files("mirror").items()}
    assert {name for name, lines in found.items() if lines and not name.startswith("mirror.arithmetic")} == set()
    assert lambdas(ast.parse("node_of_vec(lambda ar, x: x, key=lambda k: k)\nf = lambda x: x")) == [2, 1]


# ---- the naming itself


def made(by: int) -> Any:
    def inner(x: int, y: int = by, *, times: int = 2) -> int:
        return times * (x + y + by)

    return inner


def test_a_named_function_is_a_copy_that_does_the_same() -> None:
    function = made(3)
    copy = named(function, "affine", "vjp")
    assert isinstance(copy, FunctionType)
    assert frames(copy) == {"affine.vjp"}
    assert (copy(1), copy(1, 1)) == (function(1), function(1, 1)) == (14, 10)
    assert function.__name__ == "inner"
    assert copy.__code__ is named(made(4), "affine", "vjp").__code__  # one for each place in the text, not each node
    assert named(made(4), "add", "vjp").__code__.co_name == "add.vjp"


def test_what_stands_in_a_module_or_is_no_function_keeps_its_name() -> None:
    assert named(made, "affine", "vjp") is made
    assert named(BALL.zeros, "affine", "vjp") == BALL.zeros
