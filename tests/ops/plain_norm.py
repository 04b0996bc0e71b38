"""LayerNorm, said row by row over scalars: what the equation tests hold the mirror's graph against.

Nothing here calls the mirror. A row of length n with values x has mean μ = Σx/n, biased variance
v = Σ(x-μ)²/n and, with t = v + ε, the scale r = 1/√t where t > 0 and r = 0 elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt
from typing import Any

from flint import arb, fmpq

# Rationals as long as they last, balls after an irrational root.
Number = Any
Row = list[Number]
Matrix = list[Row]

# Shape words of the 17 entries: X, γ, β, then what the 14 nodes save.
INPUTS = ("mn", "n", "n")
SAVED = ("m", "mn", "mn", "mn", "m", "m", "m", "m", "mn", "mn", "mn", "mn", "mn", "mn")

# Kind and input positions of the 14 nodes.
KINDS = (
    ("rowMean", (0,)),
    ("broadcastRow", (3,)),
    ("sub", (0, 4)),
    ("mul", (5, 5)),
    ("rowMean", (6,)),
    ("elemwise", (7,)),
    ("sqrtClamp", (8,)),
    ("inv", (9,)),
    ("broadcastRow", (10,)),
    ("mul", (5, 11)),
    ("broadcastCol", (1,)),
    ("mul", (12, 13)),
    ("broadcastCol", (2,)),
    ("add", (14, 15)),
)


def shape(word: str, m: int, n: int) -> tuple[int, ...]:
    """The shape that a word of `INPUTS` or `SAVED` stands for."""
    return {"mn": (m, n), "m": (m,), "n": (n,)}[word]


def shapes(m: int, n: int, saved: int = 0) -> list[tuple[int, ...]]:
    """The shapes of the inputs and of the first `saved` results."""
    return [shape(word, m, n) for word in INPUTS + SAVED[:saved]]


def root(x: Number) -> Number:
    """√x for x > 0 and 0 elsewhere; a rational where it is one."""
    if x <= 0:
        return fmpq(0)
    if isinstance(x, fmpq):
        p, q = isqrt(int(x.p)), isqrt(int(x.q))
        if (p * p, q * q) == (x.p, x.q):
            return fmpq(p, q)
    return arb(x).sqrt()


def reciprocal(x: Number) -> Number:
    """1/x, and 0 for 0."""
    return fmpq(0) if x == 0 else 1 / x


def total(xs: Row) -> Number:
    """Their sum, one after the other; 0 for none."""
    found = fmpq(0)
    for x in xs:
        found = found + x
    return found


def mean(xs: Row) -> Number:
    """Their mean; 0 for none."""
    return total(xs) / len(xs) if xs else fmpq(0)


@dataclass(frozen=True, slots=True)
class NormRow:
    """What one row of LayerNorm goes through."""

    mean: Number
    centered: Row
    var: Number
    var_eps: Number
    std: Number
    inv_std: Number
    normalized: Row


def norm_row(x: Row, eps: fmpq) -> NormRow:
    """One row before γ and β."""
    mu = mean(x)
    centered = [a - mu for a in x]
    var = mean([a * a for a in centered])
    std = root(var + eps)
    scale = reciprocal(std)
    return NormRow(mu, centered, var, var + eps, std, scale, [a * scale for a in centered])


def flat(rows: Matrix) -> Row:
    """A matrix, row-major."""
    return [a for row in rows for a in row]


def entries(x: Matrix, gamma: Row, beta: Row, eps: fmpq) -> list[Row]:
    """All 17 entries, each flat: the inputs, then what the 14 nodes save, in order."""
    rows, n = [norm_row(row, eps) for row in x], len(gamma)
    return [
        flat(x),
        gamma,
        beta,
        [r.mean for r in rows],
        flat([[r.mean] * n for r in rows]),
        flat([r.centered for r in rows]),
        flat([[a * a for a in r.centered] for r in rows]),
        [r.var for r in rows],
        [r.var_eps for r in rows],
        [r.std for r in rows],
        [r.inv_std for r in rows],
        flat([[r.inv_std] * n for r in rows]),
        flat([r.normalized for r in rows]),
        flat([gamma for _ in rows]),
        flat([[a * g for a, g in zip(r.normalized, gamma, strict=True)] for r in rows]),
        flat([beta for _ in rows]),
        norm(x, gamma, beta, eps),
    ]


def norm(x: Matrix, gamma: Row, beta: Row, eps: fmpq) -> Row:
    """y = (x - μ)·r·γ + β, flat."""
    return [a * g + b for row in x for a, g, b in zip(norm_row(row, eps).normalized, gamma, beta, strict=True)]


def differentiable(x: Matrix, eps: fmpq) -> bool:
    """Whether y is a differentiable function of X, γ and β: no row of length 2 or more has t = 0."""
    return all(len(row) < 2 or norm_row(row, eps).var_eps != 0 for row in x)


def tangent(x: Matrix, gamma: Row, eps: fmpq, dx: Matrix, dgamma: Row, dbeta: Row) -> Row:
    """dy along (dX, dγ, dβ), by the rules of calculus; 0 where y is not differentiable."""
    if not differentiable(x, eps):
        return [fmpq(0)] * (len(x) * len(gamma))
    out: Row = []
    for row, drow in zip(x, dx, strict=True):
        r, dmu = norm_row(row, eps), mean(drow)
        dcentered = [a - dmu for a in drow]
        dt = 2 * mean([c * d for c, d in zip(r.centered, dcentered, strict=True)])
        dscale = -dt * r.inv_std * r.inv_std * r.inv_std / 2
        for j, g in enumerate(gamma):
            moved = dcentered[j] * r.inv_std + r.centered[j] * dscale
            out.append(moved * g + r.normalized[j] * dgamma[j] + dbeta[j])
    return out


def cotangent(x: Matrix, gamma: Row, eps: fmpq, delta: Matrix) -> tuple[Row, Row, Row]:
    """The cotangents of X, γ and β of a cotangent of y; 0 where y is not differentiable."""
    n = len(gamma)
    if not differentiable(x, eps):
        return [fmpq(0)] * (len(x) * n), [fmpq(0)] * n, [fmpq(0)] * n
    to_x: Row = []
    to_gamma, to_beta = [fmpq(0)] * n, [fmpq(0)] * n
    for row, d in zip(x, delta, strict=True):
        r = norm_row(row, eps)
        scaled = [a * g for a, g in zip(d, gamma, strict=True)]
        center, along = mean(scaled), mean([a * c for a, c in zip(scaled, r.centered, strict=True)])
        for j in range(n):
            pull = r.inv_std * r.inv_std * r.inv_std * along
            to_x.append((scaled[j] - center) * r.inv_std - r.centered[j] * pull)
            to_gamma[j] = to_gamma[j] + d[j] * r.normalized[j]
            to_beta[j] = to_beta[j] + d[j]
    return to_x, to_gamma, to_beta
