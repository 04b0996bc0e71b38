"""Graphs of rational nodes run on plain dual numbers: values with their gradients, no reverse pass.

The gradient rows are the Jacobian, so J·dx is what a forward-mode run must give and Jᵀ·seed what a
reverse run must give.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from mirror.spec.core.shape import Context
from tests.plain import SMALL, Numbers, block, count, numbers, total
from theorems.engine.graphs import GraphSpec
from theorems.engine.strategies.graphs import graph_specs
from theorems.engine.strategies.values import Fill


@dataclass(frozen=True)
class Dual:
    """A number and its derivative by each input that it depends on."""

    value: Fraction
    gradient: dict[int, Fraction] = field(default_factory=dict)

    def __add__(self, other: Dual) -> Dual:
        places = {*self.gradient, *other.gradient}
        zero = Fraction(0)
        return Dual(
            self.value + other.value,
            {j: self.gradient.get(j, zero) + other.gradient.get(j, zero) for j in places},
        )

    def scaled(self, c: Fraction) -> Dual:
        return Dual(c * self.value, {j: c * d for j, d in self.gradient.items()})

    def __mul__(self, other: Dual) -> Dual:
        product = self.scaled(other.value) + other.scaled(self.value)
        return Dual(self.value * other.value, product.gradient)


ZERO = Dual(Fraction(0))
Duals = list[Dual]


def dual_sum(terms: Sequence[Dual]) -> Dual:
    result = ZERO
    for term in terms:
        result = result + term
    return result


def _affine(shapes: Context, xs: list[Duals], p: dict[str, Any]) -> Duals:
    weight, shift, x = numbers(list(p["A"].weight)), numbers(p["b"]), xs[0]
    row = len(x)
    return [dual_sum([x[j].scaled(weight[i * row + j]) for j in range(row)] + [Dual(b)]) for i, b in enumerate(shift)]


def _row_mean(shapes: Context, xs: list[Duals], p: dict[str, Any]) -> Duals:
    m, n = shapes[0]
    return [dual_sum(xs[0][i * n : i * n + n]).scaled(Fraction(1, n) if n else Fraction(0)) for i in range(m)]


def _matmul(shapes: Context, xs: list[Duals], p: dict[str, Any]) -> Duals:
    (h, m, n), q = shapes[0], shapes[1][2]
    a, b = xs
    return [
        dual_sum([a[(g * m + i) * n + j] * b[(g * n + j) * q + k] for j in range(n)])
        for g in range(h)
        for i in range(m)
        for k in range(q)
    ]


Rule = Callable[[Context, list[Duals], dict[str, Any]], Duals]
RULES: dict[str, Rule] = {
    "affine": _affine,
    "add": lambda shapes, xs, p: [a + b for a, b in zip(*xs, strict=True)],
    "sub": lambda shapes, xs, p: [a + b.scaled(Fraction(-1)) for a, b in zip(*xs, strict=True)],
    "mul": lambda shapes, xs, p: [a * b for a, b in zip(*xs, strict=True)],
    "scale": lambda shapes, xs, p: [a.scaled(numbers(p["c"])[0]) for a in xs[0]],
    "broadcastRow": lambda shapes, xs, p: [a for a in xs[0] for _ in range(p["n"])],
    "broadcastCol": lambda shapes, xs, p: [a for _ in range(p["m"]) for a in xs[0]],
    "rowMean": _row_mean,
    "matmul": _matmul,
}


KINDS = tuple(RULES)


@dataclass(frozen=True)
class PlainRun:
    """All entries of a run, flat and in order, as dual numbers over `inputs` inputs."""

    duals: Duals
    inputs: int

    @property
    def values(self) -> Numbers:
        return [d.value for d in self.duals]

    def tangent(self, dx: Numbers) -> Numbers:
        """J·dx."""
        return [sum((d * dx[j] for j, d in y.gradient.items()), Fraction(0)) for y in self.duals]

    def pulled_back(self, seed: Numbers) -> Numbers:
        """Jᵀ·seed."""
        out = [Fraction(0)] * self.inputs
        for y, s in zip(self.duals, seed, strict=True):
            for j, d in y.gradient.items():
                out[j] += d * s
        return out


def run_plainly(spec: GraphSpec, x: Numbers) -> PlainRun:
    """Run a graph of the kinds above, node after node."""
    duals = [Dual(q, {j: Fraction(1)}) for j, q in enumerate(x)]
    shapes = list(spec.context)
    for node in spec.nodes:
        context = tuple(shapes)
        read = [block(context, i, duals) for i in node.inputs]
        duals = duals + RULES[node.kind](tuple(context[i] for i in node.inputs), read, node.parameters)
        shapes.append(node.build(context).shape)
        assert len(duals) == sum(count(s) for s in shapes)
    return PlainRun(duals, len(x))


@dataclass(frozen=True, eq=False)
class GraphCase:
    """A graph of rational nodes with an input point, a tangent and a seed."""

    spec: GraphSpec
    fill: Fill
    x: Any
    dx: Any
    seed: Any

    def plainly(self) -> PlainRun:
        return run_plainly(self.spec, numbers(self.x))


@st.composite
def graph_cases(draw: st.DrawFn) -> GraphCase:
    """A random graph over integer, dyadic or one-hot values."""
    fill = Fill(draw(st.sampled_from(("one-hot", "integers", "dyadic"))), draw(st.integers(0, 2**32 - 1)))
    spec = draw(graph_specs(fill, SMALL, kinds=KINDS))
    inputs = total(spec.context)
    outputs = total((*spec.context, *spec.build().saved))
    return GraphCase(spec, fill, fill.vector(inputs), fill.vector(inputs), fill.vector(outputs))
