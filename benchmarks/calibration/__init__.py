"""Right kernels and wrong ones, and which rule accepts which: `python -m benchmarks.calibration`.

`stepwise`, `online` and `block` compute attention and block step by step. The kernels of the modules whose names begin
with `right` and `wrong` are these with a step of their own, those of `compiled` are in JAX. `catalogue` lists them all,
`verdicts` has every rule judge them on the same instances, `table` is what comes of it.
"""
