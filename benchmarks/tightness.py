"""How tight the certified bounds of a block are; `python -m benchmarks.tightness`.

A ratio is bound over error of one entry of a float32 block in NumPy; what has no error is left out. A figure is the
median over the entries of all instances, for cotangents the largest of the eight. An instance has a causal mask and
ordinary numbers: weights are normal with a variance of 1 over their fan-in, all else is standard normal, and the scale
is 1/√d.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from benchmarks.calibration.block import StepwiseBlock
from mirror.bounds.block import block_bounds
from mirror.bounds.declared import SumOrder, declared_for
from mirror.dims import Dims
from mirror.jit import BlockContext
from theorems.engine.strategies.jitted import Setting, instances

MASK = "causal, gap -1e4"


class Tightness(NamedTuple):
    """Median ratios: of the output, and the largest of the cotangents'."""

    output: float
    cotangents: float


def _shape(text: str) -> Setting:
    heads, n, d, model, hidden = map(int, text.split(","))
    dims = Dims(seq_len=n, d_model=model, num_heads=heads, head_dim=d, d_ff=hidden)
    return Setting(text, dims, scale=d**-0.5)


# H, n, d, D, F; and what is wanted in any order.
WANTED = {
    "2,4,4,8,16": Tightness(100, 350),
    "2,8,8,16,32": Tightness(250, 1_200),
    "4,32,16,64,256": Tightness(2_000, 20_000),
}
SHAPES = {text: _shape(text) for text in WANTED}


def ratios(shape: Setting, seed: int, order: SumOrder = SumOrder.ANY) -> Iterator[np.ndarray]:
    """Of the output and of each cotangent of one instance; raises `AssertionError` where an entry is outside."""
    batch = instances(shape, MASK, "float32", 1, np.random.default_rng(seed))
    context, bias = BlockContext(*(a[0] for a in batch.inputs)), np.asarray(batch.bias).astype(np.float32)
    given = context, batch.parameters, bias
    kernel, cotangent = StepwiseBlock(), batch.cotangent[0]
    results = kernel(*given), *kernel.vjp(*given, cotangent)
    arithmetic = replace(declared_for("float32", "numpy"), order=order)
    for got, known in zip(results, block_bounds(*given, cotangent, arithmetic), strict=True):
        error = abs(got.astype(np.float64) - known.real)
        assert (error <= known.certified).all(), f"outside: {shape.name}, seed {seed}"
        yield known.certified[error > 0] / error[error > 0]


def tightness(shape: Setting, seeds: Iterable[int], order: SumOrder = SumOrder.ANY) -> Tightness:
    """The medians over some instances together."""
    arrays = zip(*(ratios(shape, seed, order) for seed in seeds), strict=True)
    output, *cotangents = (float(np.median(np.concatenate(parts))) for parts in arrays)
    return Tightness(output, max(cotangents))


def main() -> int:
    """Print the table; 1 where a median is larger than is wanted, in any order."""
    print(f"{'H,n,d,D,F':18}{'order':8}{'y':>8}{'worst cotangent':>18}{'s an instance':>15}")
    held = True
    for text, shape in SHAPES.items():
        seeds = range(2 if shape.dims.d_model > 32 else 20)
        for order in (SumOrder.ANY, SumOrder.TREE):
            began = time.process_time()
            found = tightness(shape, seeds, order)
            seconds = (time.process_time() - began) / len(seeds)
            print(f"{text:18}{order:8}{found.output:8.0f}{found.cotangents:18.0f}{seconds:15.2f}")
            held &= order is not SumOrder.ANY or all(f <= w for f, w in zip(found, WANTED[text], strict=True))
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
