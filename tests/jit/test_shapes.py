"""The shapes that the jitted block's annotations write are those that it is given, and it runs without them."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections import Counter
from typing import Any, NamedTuple

import numpy as np
import pytest

from tests.source import ROOT, module_files

pytest.importorskip("jaxtyping", reason="the shapes are for type checkers, and nothing else is installed with them")
from jaxtyping import Float

from tests.jit.shapes import WrongShape, held

MODULES = {name: path for name, path in module_files("mirror").items() if name.startswith("mirror.jit")}
# What no run can hold: a protocol has no body, a function on a mesh is returned, and JAX has the rule of a vmap.
NOT_HELD = {
    "mirror.jit.formulas.Map.apply",
    "mirror.jit.formulas.Map.apply_adjoint",
    "mirror.jit.rule._of_all_under_vmap",
    "mirror.jit.schedule.Schedule.forward",
    "mirror.jit.schedule.Schedule.pullback",
    "mirror.jit.sharded.decoder_core_on",
    "mirror.jit.sharded.masked_attention_on",
}


def run(*call: str) -> str:
    done = subprocess.run([sys.executable, *call], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_function_is_given_and_gives_what_it_writes() -> None:
    counts = json.loads(run("-m", "tests.jit.shape_checks"))
    assert {name for name, arrays in counts.items() if not arrays} == NOT_HELD
    assert len(counts) > 90


def test_nothing_of_it_is_needed_to_run() -> None:
    code = """
import sys
sys.modules["jaxtyping"] = None
from importlib import import_module
from tests.source import module_files
for name in module_files("mirror"):
    import_module(name)
import jax, numpy as np
from mirror.jit import BiasPlan, BlockContext, BlockParameters, decoder_core
one = lambda *shape: np.ones(shape, np.float32)
context = BlockContext(one(1, 2, 1), one(1, 1, 2), one(1, 2, 1), one(2, 3), *(one(3) for _ in range(4)))
parameters = BlockParameters(one(1, 1, 3), one(3), one(3, 1), one(1), one(1, 3), one(3), 1.0, 1.0, 1.0)
plan = BiasPlan.of(None, heads=1, seq_len=2)
y, pullback = jax.vjp(lambda c: decoder_core(c, parameters, plan), context)
print(y.shape, len(pullback(y)[0]))
"""
    assert run("-c", code) == "(2, 3) 8\n"


def test_anything_goes_only_into_the_operators_of_an_array() -> None:
    """`Any` is what `KernelArray` asks its operators to take, and what no other interface of the kernel takes."""
    users = {
        name
        for name, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Name) and node.id == "Any"
    }
    assert users == {"mirror.jit.arrays"}


# ---- the check itself


class Pair(NamedTuple):
    left: Float[np.ndarray, "n d"]
    right: Float[np.ndarray, "d n"]


def product(a: Float[np.ndarray, "*B n d"], b: Float[np.ndarray, "d m"]) -> Float[np.ndarray, "*B n m"]:
    return a @ b


def transposed_by_mistake(a: Float[np.ndarray, "n m"]) -> Float[np.ndarray, "n m"]:
    return a.T


def of_pair(pair: Pair, n: Float[np.ndarray, "n"]) -> Float[np.ndarray, "k"] | None:
    return None


def several(given: tuple[Float[np.ndarray, "n _"], ...] | Float[np.ndarray, "n"]) -> tuple[Float[np.ndarray, "n"], int]:
    return given[0][:, 0], 1


def array(*shape: int) -> np.ndarray:
    return np.zeros(shape)


def test_arrays_that_fit_are_counted() -> None:
    count: Counter[str] = Counter()
    assert held(product, count)(array(7, 2, 3), array(3, 4)).shape == (7, 2, 4)
    held(of_pair, count)(Pair(array(2, 3), array(3, 2)), array(9))  # the letters of a record are its own
    held(several, count)((array(2, 5), array(2, 6)))
    assert list(count.values()) == [3, 3, 3]


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (product, (array(2, 3), array(4, 3)), r"product: b has the shape \(4, 3\), annotated 'd m'"),
        (transposed_by_mistake, (array(2, 3),), r"mistake: what it returns has the shape \(3, 2\), annotated 'n m'"),
        (of_pair, (Pair(array(2, 3), array(2, 3)), array(9)), r"of_pair: pair\.right has the shape \(2, 3\)"),
        (of_pair, (Pair(array(2, 3), array(3, 2)), array(9, 1)), r"of_pair: n has the shape \(9, 1\), annotated 'n'"),
        (several, ((array(2, 5), array(3, 5)),), r"several: given\[1\] has the shape \(3, 5\), annotated 'n _'"),
        (several, (array(2, 5),), r"several: given has the shape \(2, 5\), annotated 'n'"),
    ],
)
def test_an_array_of_another_shape_is_found(function: Any, arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(WrongShape, match=message):
        held(function, Counter())(*arguments)
