"""The chain-rule theorems: one statement, `HasFDerivAt (f_k ∘ … ∘ f_1) (D_k ∘ … ∘ D_1) x`, about many composites."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from mirror.arithmetic import Arithmetic
from mirror.spec.core.shape import size
from theorems.engine.activity import Differentiated
from theorems.engine.asking import asks_for, given, named_by
from theorems.engine.evidence.chains import Stage, chain_rule, composite
from theorems.engine.evidence.verdicts import Claim
from theorems.engine.graph_run import GraphRun
from theorems.engine.theorem import Theorem, theorem

Stages = Callable[..., Sequence[Stage]]


def chain_rule_theorem(name: str, **described: Any) -> Callable[[Stages], Theorem]:
    """Register the decorated function's stages as the composite of the chain-rule theorem `name`.

    The function takes the arithmetic and, by name, what it needs of an instance.
    """

    def register(stages: Stages) -> Theorem:
        names = named_by(stages)

        @asks_for([*names, "x", "directions"], instead_of=stages)
        def conclusion(ar: Arithmetic, **values: Any) -> Iterator[Claim]:
            return chain_rule(ar, given(stages, values, ar), values["x"], values["directions"])

        @asks_for([*names, "x"], instead_of=stages)
        def runs(ar: Arithmetic, **values: Any) -> Iterator[GraphRun]:
            point = values["x"]
            for stage in given(stages, values, ar):
                if stage.graph is not None:
                    yield GraphRun(stage.graph, point, name=stage.name)
                # Only when the graph before has been looked at: its forward run may be what raises.
                point = stage.forward(ar, point)

        @asks_for([*names, "x"], instead_of=stages)
        def differentiates(ar: Arithmetic, **values: Any) -> Differentiated:
            made = given(stages, values, ar)
            graph = made[-1].graph
            return Differentiated(composite(made), values["x"], size(graph.saved[-1]) if graph else None)

        return theorem(name, runs=runs, differentiates=differentiates, **described)(conclusion)

    return register
