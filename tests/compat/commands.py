"""Every command of the installed leanmirror, in a folder that has packages of our names."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.compat.environments import Environment

KERNELS = """
import jax


@jax.jit
def attention(q, kt, v, bias, scale):
    return jax.nn.softmax(scale * q @ kt + (bias - bias.max(-1, keepdims=True))) @ v
"""
# Leaves a replay file, as a theorem does that fails under a faulty mirror.
RECORD = """
from pathlib import Path
import theorems.nodes.context as room
from theorems import check, get
from theorems.tools.reports.replay import write_failure

room.single = lambda ar, idx, v: ar.zeros(idx.total)
print(write_failure(check(get("inner_get_single"), examples=5), Path(".")))
"""
LEAN = "theorem Shop.fair : 1 + 1 = 2 := rfl\n"
MARKED = """
import pytest


@pytest.mark.lean("Shop.fair")
def test_fair():
    assert 1 + 1 == 2
"""
NAME = "Proofs.Autograd.CtxVec.inner_get_single"


@dataclass(frozen=True, slots=True)
class Step:
    """A command, the exit code it should end with, and what its output should hold."""

    arguments: tuple[str, ...]
    holds: str
    code: int = 0


def steps(source: str | None) -> Iterator[Step]:
    """All commands; those that read a TorchLean checkout only where there is one."""
    yield Step(("--version",), "jaxlib ")
    yield Step(("list",), NAME)
    yield Step(("list", "--summary"), "definitions accounted for")
    yield Step(("show", NAME), "counterpart")
    yield Step(
        ("check", "*.CtxVec.*", "--examples", "20", "--jobs", "2", "--json", "c.json", "--junit", "c.xml"), "hold"
    )
    yield Step(("report", "--from", "c.json", "--output", "page.html"), "page.html")
    yield Step(("campaign", NAME, "--cases", "20", "--jobs", "1", "--record", "r.jsonl"), "20 cases in 1 shard")
    yield Step(("replay", f"{NAME}.json"), "now equal")
    yield Step(("trace", "--source", "shop", "--tests", "shop"), "1 name: 1 new")
    yield Step(("hypotheses", "--replay"), "nothing against them")
    yield Step(("audit", "--json", "a.json"), "everything that was checked holds")
    yield Step(("lean-files",), "installed package", 2)
    yield Step(("lean-files", "--check"), "all files are what the mirror says")
    yield Step(("lean-files", "--output", "lean"), "wrote ")
    yield Step(("notebook", "--into", "."), "the root of a TorchLean checkout is expected", 2)
    yield Step(("pin", "--source", "."), "leanmirror: ", 2)
    if source:
        yield Step(("pin", "--source", source), "installed package", 2)
        yield Step(("pin", "--source", source, "--output", "pin.json"), "declarations of ")
        yield Step(("audit", "--source", source), "everything that was checked holds")
    kernel = ("conform", "kernels:attention", "--kind", "attention", "--dims", "H=1,n=3,d=2", "--instances", "1")
    yield Step((*kernel, "--json", "k.json"), "conforms: ")
    yield Step(("bench", "--sizes", "small", "--rounds", "1", "--json", "b.json"), "best peer / ours")


def prepare(environment: Environment, folder: Path) -> None:
    """The files that the steps read."""
    (folder / "kernels.py").write_text(KERNELS, encoding="utf-8")
    (folder / "shop").mkdir()  # with its test: the folder's own carry marks of other projects
    (folder / "shop" / "test_shop.py").write_text(MARKED, encoding="utf-8")
    (folder / "shop" / "Shop.lean").write_text(LEAN, encoding="utf-8")
    # -P: the folder has a `theorems` of its own.
    subprocess.run([environment.program("python"), "-P", "-c", RECORD], cwd=folder, check=True, capture_output=True)


def fault(environment: Environment, folder: Path, step: Step) -> str | None:
    """What is wrong with how a command ends; None where it ends as it should."""
    code, output, errors = environment.run("leanmirror", step.arguments, folder, PYTHONUTF8="1")
    said = output + errors
    if code != step.code:
        return f"exit code {code}, expected {step.code}: {' '.join(said.split())[-300:]}"
    return None if step.holds in said else f"does not print {step.holds!r}"
