"""The whole run as one document: machine, versions, gate, sizes, growth."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from mirror.arithmetic.rounded import JAX_FLOAT32, NUMPY_FLOAT64
from theorems.engine.evidence.floats import FloatJudgement, FloatVerdict
from theorems.tools.bench import gate
from theorems.tools.bench.comparison import compare
from theorems.tools.bench.entrants import OURS, Entrant, builders, enter, entrants
from theorems.tools.bench.machine import machine, versions
from theorems.tools.bench.problem import SIZES, TINY, Size, problem
from theorems.tools.bench.reference import reference
from theorems.tools.bench.rounds import LEAST
from theorems.tools.bench.spread import exponent
from theorems.tools.reports.formats import BENCH

REFERENCE = "float64 reference"
# A dense bias, where no tile is dead, is measured at this size of a device.
DENSE: dict[str, tuple[str, ...]] = {"cpu": ()}

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Request:
    """What to measure: the device, names of its sizes, how many rounds, and the least seconds of one measurement."""

    device: str
    sizes: Sequence[str]
    rounds: int
    least: float = LEAST


def documents(request: Request, say: Say = lambda text: None) -> Iterator[dict[str, Any]]:
    """The document as it grows: after the gate, after every size, and whole at last."""
    growing: dict[str, Any] = {
        "format": BENCH,
        "machine": machine(request.device),
        "versions": versions(),
        "rounds": request.rounds,
        "clock": "process time",
        "gate": judged(request.device, say),
        "sizes": [],
        "growth": None,
        "holds": None,
    }
    yield growing
    for name, causal in _workloads(request):
        say(f"{name}, {'causal' if causal else 'dense'} bias")
        growing["sizes"].append({"name": name, **_measured(request, SIZES[request.device][name], causal, growing)})
        yield growing
    say("growth of memory")
    growing["growth"] = growth()
    growing["holds"] = holds(growing)
    yield growing


def _workloads(request: Request) -> list[tuple[str, bool]]:
    causal = [(name, True) for name in request.sizes]
    return causal + [(name, False) for name in request.sizes if name in DENSE[request.device]]


def _measured(request: Request, size: Size, causal: bool, growing: dict[str, Any]) -> dict[str, Any]:
    p = problem(size, causal=causal)
    found = entrants(builders(causal=causal), p, request.device, growing["gate"]["outside"])
    return compare(found, p, request.device, request.rounds, request.least)


def judged(device: str, say: Say = lambda text: None) -> dict[str, Any]:
    """Every candidate's results at a small shape against the ball enclosure of the mirror's block."""
    say("ball enclosures")
    p = problem(TINY)
    expected = reference(p)
    found = {REFERENCE: gate.Enclosed.of(p, NUMPY_FLOAT64).judge(expected)}
    enclosed = gate.Enclosed.of(p, JAX_FLOAT32)
    for name, build in builders(causal=True).items():
        entrant = enter(name, build, p, device, expected)
        if isinstance(entrant, Entrant):
            found[name] = enclosed.judge(entrant.candidate.results())
    return {
        "dims": TINY.numbers,
        "assumes": [backend.assumes for backend in (NUMPY_FLOAT64, JAX_FLOAT32)],
        "candidates": {name: _judgement(judgement) for name, judgement in found.items()},
        "outside": [name for name, judgement in found.items() if judgement.verdict is not FloatVerdict.INSIDE],
    }


def _judgement(found: FloatJudgement) -> dict[str, Any]:
    bounded = found.verdict is FloatVerdict.INSIDE
    return {"verdict": str(found.verdict)} | ({"bound": found.bound, "error": found.error} if bounded else {})


def growth() -> dict[str, Any]:
    """Extra bytes of our forward and VJP at growing S, from the compiled programs, and the exponent they grow with."""
    from theorems.tools.bench.growth import SEQ_LENS, SIZE, temp_bytes

    found = [temp_bytes(SIZE.with_seq_len(s)) for s in SEQ_LENS]
    return {"dims": SIZE.numbers, "seq_len": list(SEQ_LENS), "temp_bytes": found, "exponent": exponent(SEQ_LENS, found)}


def holds(document: dict[str, Any]) -> bool:
    """Whether ours ran everywhere, and neither it nor the yardstick was wrong anywhere."""
    wrong = {*document["gate"]["outside"], *(name for size in document["sizes"] for name in size["wrong"])}
    refused = {name for size in document["sizes"] for name in size["skipped"]}
    return not {*wrong, *refused} & {*OURS, REFERENCE}


def text(document: dict[str, Any]) -> str:
    """The document as JSON; a spread is an object with q1, median and q3."""
    return json.dumps(document, indent=2, default=asdict, ensure_ascii=False, allow_nan=False) + "\n"
