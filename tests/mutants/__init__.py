"""Mutants: small mechanical changes of the mirror, each run against the theorems and tests that execute it.

`python -m tests.mutants` runs the sample and writes `result.json`. The operators are our own, on `ast`, because no
library fits. mutmut 3.8 leaves every decorated function alone, which in the mirror is nearly all of them, and draws no
sample. cosmic-ray 8.7 has no operator for indices, axes, dropped terms, swapped arguments or early returns, starts a
process for each mutant, and needs thirteen packages, sqlalchemy, aiohttp and gitpython among them. libcst and parso
have no operators, and to keep the source's layout is nothing that a mutant needs.
"""
