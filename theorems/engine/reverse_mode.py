"""The reverse-mode theorems: one statement about many graphs.

The reverse run of a graph is the adjoint of the derivative of its forward run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from mirror.arithmetic import Arithmetic
from mirror.core.fderiv import backprop_vec, eval_vec
from mirror.core.soundness import Graph
from theorems.engine.asking import asks_for, given, named_by
from theorems.engine.case import DIFFERENCES
from theorems.engine.evidence.derivatives import adjoint_by_differences, adjoint_of_fderiv
from theorems.engine.evidence.differentiability import Forward, every_input_moves
from theorems.engine.evidence.verdicts import Claim
from theorems.engine.graph_run import GraphRun
from theorems.engine.theorem import Theorem, theorem

FORMULA = "backpropVec g x seed = (fderiv ℝ (evalVec g) x)† seed"
# What every instance of such a theorem has, besides what its graph is made of.
POINT = ["x", "seed", "directions"]


def reverse_mode_theorem(
    name: str, *, g: str = "", also: Callable[..., Iterable[Claim]] | None = None, **described: Any
) -> Callable[[Callable[..., Graph]], Theorem]:
    """Register the decorated function's graph as the g of the reverse-mode theorem `name`.

    The function takes by name what it needs of an instance; `g` says in the formula what it builds. `also` takes the
    instance's values and `pulled_back`, the reverse run's result, and yields what that one theorem says besides.
    """

    def register(build: Callable[..., Graph]) -> Theorem:
        names = [*named_by(build), *POINT]
        extra = [n for n in named_by(also) if n != "pulled_back"] if also else []

        @asks_for([*names, *extra], instead_of=build, marks=(DIFFERENCES,))
        def conclusion(ar: Arithmetic, **values: Any) -> Iterator[Claim]:
            graph, x, seed = given(build, values), values["x"], values["seed"]
            pulled_back = backprop_vec(ar, graph, x, seed)
            yield from adjoint_of_fderiv(_forward(graph), x, seed, pulled_back, values["directions"])
            if values.get(DIFFERENCES):
                moved = every_input_moves(len(x))
                yield from adjoint_by_differences(_forward(graph), x, seed, pulled_back, moved)
            if also:
                yield from given(also, {**values, "pulled_back": pulled_back})

        @asks_for(names, instead_of=build)
        def runs(ar: Arithmetic, **values: Any) -> Iterator[GraphRun]:
            yield GraphRun(given(build, values), values["x"], values["directions"], (values["seed"],))

        formula = f"{FORMULA},  g = {g}" if g else FORMULA
        return theorem(name, formula=formula, runs=runs, **described)(conclusion)

    return register


def _forward(graph: Graph) -> Forward:
    return lambda ar, z: eval_vec(ar, graph, z)
