"""The executable counterpart of every Lean definition that the decoder block rests on.

Each definition is written once, on twin paths with Lean (`lean_refs.twin_module`), and evaluated
over an arithmetic of `mirror.arithmetic`: exact rationals, balls, float64 or JAX.
"""
