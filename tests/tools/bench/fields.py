"""Candidates without a library behind them, and a report with round figures."""

from __future__ import annotations

from typing import Any

from theorems.tools.bench import entrants as field
from theorems.tools.bench import ours
from theorems.tools.bench.candidate import Absent, Candidate
from theorems.tools.bench.peers import with_numpy
from theorems.tools.bench.problem import Problem


def exact(p: Problem, device: str) -> Candidate:
    """NumPy, without measuring its memory."""
    candidate = with_numpy.build(p, device)
    return Candidate(candidate.forward, candidate.vjp)


def doubled(p: Problem, device: str) -> Candidate:
    """Wrong: the cotangent of V is twice what it should be."""
    candidate = with_numpy.build(p, device)

    def vjp() -> Any:
        out, (dq, dkt, dv, *rest) = candidate.vjp()
        return out, (dq, dkt, 2 * dv, *rest)

    return Candidate(candidate.forward, vjp)


def shifted(p: Problem, device: str) -> Candidate:
    """Wrong: what `forward` gives is not what `vjp` gives beside the cotangents."""
    candidate = with_numpy.build(p, device)
    return Candidate(lambda: candidate.forward() + 1, candidate.vjp)


def missing(p: Problem, device: str) -> Candidate:
    raise Absent("nolib is not installed: pip install 'leanmirror[nolib]'")


def broken(p: Problem, device: str) -> Candidate:
    raise NotImplementedError("no kernel\n   for this " + "shape " * 60)


def named(**others: field.Build) -> dict[str, field.Build]:
    """NumPy under our names, and the others under theirs."""
    return {ours.NAME: exact, ours.NO_SKIP: exact, **others}


def spread(median: float) -> dict[str, float]:
    return {"q1": median / 2, "median": median, "q3": 2 * median}


def row(name: str, forward: float, vjp: float, **changes: Any) -> dict[str, Any]:
    """A candidate's row; its times in milliseconds, ours being 1 and 2."""
    found = {
        "name": name,
        "error": 4e-7,
        "compile_seconds": 1.25,
        "seconds": {"forward": spread(forward / 1000), "vjp": spread(vjp / 1000)},
        "over_ours": {"forward": spread(forward), "vjp": spread(vjp / 2)},
        "of_matmul": {"forward": spread(0.75 / forward), "vjp": spread(1.5 / vjp)},
        "temp_bytes": {"forward": 2**20, "vjp": 3 * 2**20},
    }
    return {**found, **changes}


def size(name: str, *rows: dict[str, Any], bias: str = "causal", **changes: Any) -> dict[str, Any]:
    dims = {"batch": 1, "num_heads": 4, "seq_len": 128, "head_dim": 32, "d_model": 128, "d_ff": 512}
    matmul = {"order": 1024, "flops_per_second": spread(2e11)}
    found = {"name": name, "dims": dims, "bias": bias, "matmul": matmul, "candidates": list(rows)}
    return {**found, "wrong": {}, "skipped": {}, **changes}


def machine(**changes: Any) -> dict[str, Any]:
    found = {"device": "cpu", "name": "Processor", "processor": "Processor", "cores": 1, "system": "System"}
    return {**found, "environment": {}, **changes}


def gpu_document(**changes: Any) -> dict[str, Any]:
    """A report of an accelerator: one problem with everybody in it, and one that there was no time for."""

    def row(name: str, milliseconds: float) -> dict[str, Any]:
        rates = {"forward": spread(4e14 / milliseconds), "vjp": spread(6e14 / milliseconds)}
        return {
            "name": name,
            "error": 4e-3,
            "first_seconds": 1.0,
            "temp_bytes": {"forward": 2**20, "vjp": 3 * 2**30},
            "seconds": {"forward": spread(milliseconds / 1000), "vjp": spread(3 * milliseconds / 1000)},
            "flops_per_second": rates,
            "of_matmul": {"forward": 0.5 / milliseconds, "vjp": 0.75 / milliseconds},
        }

    def problem(bias: str, *rows: dict[str, Any], **more: Any) -> dict[str, Any]:
        dims = {"batch": 2, "heads": 8, "positions": 8192, "head_dim": 128}
        return {"dims": dims, "dtype": "bfloat16", "bias": bias, "rows": list(rows), **more}

    rows = [
        row("leanmirror, cudnn", 1),
        row("leanmirror, pallas", 2),
        row("jax.nn cuDNN, is_causal", 0.9),
        {"name": "wrong", "error": 0.25, "not_measured": "wrong"},
        {"name": "lost", "error": None, "not_measured": "wrong"},
        {"name": "tokamax", "not_measured": "tokamax is not installed: pip install 'leanmirror[tokamax]'"},
    ]
    law = {"name": "leanmirror, pallas", "dtype": "bfloat16", "bias": "causal", "positions": [512, 1024]}
    found = {
        "format": "leanmirror bench gpu 3",
        "machine": machine(device="gpu", name="A GPU", cores=16),
        "versions": {"Python": "3.12.3", "jax": "0.11.2"},
        "rounds": 9,
        "clock": "wall time, device synchronised",
        "matmul": {"bfloat16": {"order": 8192, "flops_per_second": spread(7e14)}},
        "problems": [
            problem("causal", *rows, auto="cudnn", plan_seconds=1.0),
            problem("dense", {"name": "leanmirror, pallas", "not_measured": "the time was over"}),
        ],
        "growth": [law | {"exponent": 1.0}, law | {"exponent": None}],
        "holds": True,
    }
    return {**found, **changes}


def document(*sizes: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A report as the worker writes it."""
    inside = {"verdict": "inside", "bound": 1e-3, "error": 1e-7}
    found = {
        "format": "leanmirror bench 2",
        "machine": machine(),
        "versions": {"Python": "3.11.7", "jax": "0.10.2"},
        "rounds": 9,
        "clock": "process time",
        "gate": {"dims": {}, "assumes": [], "candidates": {"float64 reference": inside}, "outside": []},
        "sizes": list(sizes),
        "growth": {"dims": {}, "seq_len": [512, 1024], "temp_bytes": [2**20, 2**21], "exponent": 1.0},
        "holds": True,
    }
    return {**found, **changes}
