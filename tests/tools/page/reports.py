"""Small reports of every kind, as the commands write them, and a folder of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.tools.bench.fields import document as bench_document
from tests.tools.bench.fields import row, size

BLOCK = "Proofs.Autograd.Transformer.decoderCore_backpropVec_eq_adjoint_fderiv_at"
SINGLE = "Proofs.Autograd.CtxVec.inner_get_single"
NASTY = "</script><script>alert(1)</script> & <b>ε</b> \"'"


def entry(name: str, status: str = "equal", **more: Any) -> dict[str, Any]:
    """What `leanmirror check` says of a theorem."""
    found = {
        **{"theorem": name, "file": "F.lean", "line": 1, "status": status, "verdict": status, "arithmetic": "ball"},
        **{"tried": 60, "distinct": 60, "accepted": 59, "empty": 1, "boundary": 0, "compared": 180},
        **{"full_jacobians": 0, "width": 0.0, "seconds": 0.5, "seed": 0, "examples": 60, "profile": "quick"},
        **{"failure": None, "traits": {}, "repeats": 0, "passed": status in ("equal", "enclosed")},
    }
    return {**found, **more}


TRAITS = {
    **{"decoder block": 60, "dimension: 0": 9, "dimension: 2": 40, "dimension: 3": 11},
    **{"mask: none": 20, "mask: causal, gap -1e9": 40, "values: huge": 30, "ε > 0": 50, "ε = 0": 10},
    **{"measured": 15, "active in every input": 9, "active in some input": 12, "active in Q": 10, "active in γ1": 11},
    **{"width: -40": 12, "width: -33": 30, "width: -120": 2},
}


def check(*entries: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A run."""
    found = {
        **{"format": "leanmirror check 1", "versions": {"leanmirror": "0.1.0", "TorchLean": "21198a1"}},
        **{"seed": 0, "profile": "quick", "shared": [{"mode": "exact", "means": "FLINT's rationals"}]},
        **{"shares": [], "never_active": {}},
        "theorems": list(entries) or [entry(BLOCK, "enclosed", width=1.6e-32, traits=TRAITS), entry(SINGLE)],
    }
    return {**found, **more}


def label(**more: Any) -> dict[str, Any]:
    """What is known of a hypothesis."""
    found = {
        **{"theorem": BLOCK, "hypotheses": ["hNorm1"], "label": "necessary", "in the types": False},
        **{"because": "without it the graph has no derivative", "relations": [], "inhabited": "", "met": None},
        **{"outcomes": {"false": 7, "held": 2}, "counterexample": None, "separates": None},
    }
    return {**found, **more}


def labels(*entries: dict[str, Any]) -> dict[str, Any]:
    """What `leanmirror hypotheses --json` prints."""
    typed = label(hypotheses=["hTyped"], outcomes={}, **{"in the types": True})
    return {"format": "leanmirror labels 1", "labels": list(entries) or [label(), typed]}


def mutants() -> dict[str, Any]:
    """A result of the mutants: one that a theorem kills, one that only a test sees, one that survives."""
    rows = [
        {"name": "m:a", "operator": "sign", "kind": "theorem", "by": BLOCK, "test": "", "ran": [0, 1]},
        {"name": "m:b", "operator": "sign", "kind": "test", "by": "tests/t.py::test", "test": "tests/t.py::test"},
        {"name": "m:c", "operator": "sign", "kind": "survived", "by": "", "test": ""},
    ]
    made = [{"ran": [0], "killed": {}} | row for row in rows]
    made[0]["killed"] = {"refuted": [0]}
    module = {"source": "0", "changes": 40, "mutants": made}
    return {"format": "leanmirror mutants 1", "drawn": {}, "theorems": [BLOCK, SINGLE], "modules": {"m": module}}


def faults() -> dict[str, Any]:
    """Two faults: one that a theorem must refute, one that only a test sees."""
    seen = {"name": "a lost sign", "definition": "Proofs.Autograd.CtxVec.get", "owner": SINGLE, "seldom": ""}
    unseen = seen | {"name": "a lost ε", "owner": "tests/t.py::test", "seldom": "it is seldom drawn"}
    return {"format": "leanmirror faults 1", "faults": [seen, unseen]}


def finding(name: str, verdict: str = "holds", **more: Any) -> dict[str, Any]:
    """One finding of an audit."""
    return {"name": name, "verdict": verdict, "basis": f"{verdict} because", **more}


def audit(*findings: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An audit: the block is evaluated and fails as data, and something changed."""

    def section(title: str, *found: dict[str, Any]) -> dict[str, Any]:
        return {"title": title, "summary": f"of {title}", "means": "it holds", "failed": False, "findings": [*found]}

    moved = finding(SINGLE, "changed", before="0 ≤ ε", now="0 < ε", file="F.lean", line=3)
    found = {
        **{"format": "leanmirror audit 1", "pin": "21198a14b2c4", "source": "0123456789abcdef", "against": None},
        "verdict": "1 declaration or file fails, 1 changed and holds",
        "sections": [
            section("same function", finding("Proofs.Autograd.Vec"), finding("Proofs.Autograd.CtxVec", "not checked")),
            section("same definition", finding("Proofs.Autograd.Vec"), finding("Proofs.Autograd.CtxVec.get", "fails")),
            section("same conclusion", finding(BLOCK)),
            section("drift", moved, *findings),
            section("ledger", finding(BLOCK, "note", basis="fixed, no gradient: merge")),
        ],
    }
    return {**found, **more}


def tally(error: float | None, bound: float | None, verdict: str = "inside", **accepted: int) -> dict[str, Any]:
    """How the outputs or the gradients of a line ended."""
    worst = {"verdict": verdict, "place": "output[0]", "got": "1", "real": "1", "error": error, "bound": bound}
    counts = {"inside": 0, "outside": 0, "undecided": 0, verdict: 1}
    return {
        **counts,
        "error": error,
        "bound": bound,
        "number": 0,
        "worst": worst,
        "accepted": accepted,
        "allowed": dict.fromkeys(accepted, 0.0002),
    }


def line(mask: str, output: dict[str, Any] | None, gradients: dict[str, Any] | None = None, **more: Any) -> Any:
    """One line of a report of a kernel."""
    return {
        "row": [{"name": "small"}, mask, "ordinary"],
        "output": output,
        "gradients": gradients,
        "failed": "",
        **more,
    }


def conform(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What was found of a kernel."""
    some = (
        line("no mask", tally(1e-7, 1e-6, KernelBench=1), tally(1e-4, 1e-6, "outside")),
        line("causal, gap -1e9", tally(None, None, "undecided")),
        line("fully blocked rows", None, failed="it raises ValueError"),
        line("blocks", tally(0.0, 1e-6), tally(1e-60, 1e-5)),
    )
    found = {
        **{"format": "leanmirror conform 1", "versions": {}, "device": "cpu", "implementation": "kernels:attention"},
        **{"kind": "attention", "arrays": "JAX", "dtype": "float32", "seed": 0, "assumes": "u = 2^-24"},
        **{"conduct": ["Two runs agree."], "suspicion": "", "sentence": "it does not conform", "exit_code": 1},
    }
    return {**found, "lines": list(lines or some), **more}


def bench() -> dict[str, Any]:
    """A benchmark of two contestants."""
    return bench_document(size("small", row("leanmirror", 1, 2), row("peer", 3, 8)))


def everything() -> dict[str, dict[str, Any]]:
    """A report of each kind, by the name of its file."""
    return {
        **{"check": check(), "hypotheses": labels(), "faults": faults(), "mutants": mutants(), "audit": audit()},
        **{"bench": bench(), "conform": conform()},
    }


def written(folder: Path, **reports: Any) -> Path:
    """The folder with a file for each report; text is written as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, report in reports.items():
        text = report if isinstance(report, str) else json.dumps(report)
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    return folder
