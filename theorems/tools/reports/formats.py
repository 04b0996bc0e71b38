"""What each JSON report says that it is, and in which version: by this `leanmirror report` knows it."""

from __future__ import annotations

CHECK = "leanmirror check 1"
HYPOTHESES = "leanmirror labels 1"
FAULTS = "leanmirror faults 1"
MUTANTS = "leanmirror mutants 1"
AUDIT = "leanmirror audit 1"
BENCH = "leanmirror bench 2"
BENCH_GPU = "leanmirror bench gpu 3"
CONFORM = "leanmirror conform 1"
