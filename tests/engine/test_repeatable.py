"""One seed draws one sequence of instances, in every process and whatever else is loaded in it."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from random import SystemRandom

import pytest
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS

from mirror.arithmetic import Arithmetic, Array
from theorems.engine import blocks, checking
from theorems.engine.codec import encode
from theorems.engine.evidence.verdicts import Claim, Holds, Judgement, Verdict
from theorems.engine.provider import BACKEND, SeededProvider
from theorems.nodes.context import inner_get_single

# It prints the instances of a run. Its arguments are a folder, modules of it to load before, and the name of a
# backend that stands in for ours.
PROGRAM = textwrap.dedent(
    """
    import importlib, json, sys
    folder, modules, backend = sys.argv[1:]
    sys.path.insert(0, folder)
    for module in modules.split():
        importlib.import_module(module)
    from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS
    from theorems.engine import blocks, checking
    from theorems.engine.codec import encode
    from theorems.nodes.context import inner_get_single
    AVAILABLE_PROVIDERS["leanmirror"] = AVAILABLE_PROVIDERS[backend]
    cases = []
    blocks.BLOCK = 200
    assess = blocks.assess
    blocks.assess = lambda theorem, case: (cases.append(encode(case)), assess(theorem, case))[1]
    checking.check(inner_get_single, examples=200, seed=3)
    print(json.dumps(cases))
    """
)

FINE = Judgement(Verdict.EQUAL, compared=1)


def drawn(folder: Path, modules: str = "", backend: str = BACKEND) -> str:
    command = [sys.executable, "-c", PROGRAM, str(folder), modules, backend]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a module of our own: Hypothesis would draw its constants, were it let."""
    numbers = ", ".join(map(str, range(1000, 1900)))
    (tmp_path / "full_of_constants.py").write_text(f"NUMBERS = [{numbers}]\n", encoding="utf-8")
    return tmp_path


def test_other_modules_do_not_change_what_a_seed_draws(folder: Path) -> None:
    alone, in_company = drawn(folder), drawn(folder, "full_of_constants")
    assert len(json.loads(alone)) == 200
    assert alone == in_company


def test_a_backend_that_mixes_constants_in_is_seen(folder: Path) -> None:
    alone, in_company = (drawn(folder, modules, "hypothesis") for modules in ("", "full_of_constants"))
    assert alone != in_company


class IgnoringItsSeed(SeededProvider):
    def __init__(self, conjecturedata: None = None, /, *, seed: int | None = None) -> None:
        super().__init__(conjecturedata, seed=self.start())

    @staticmethod
    def start() -> int:
        return 0


class Unseeded(IgnoringItsSeed):
    @staticmethod
    def start() -> int:
        return SystemRandom().randrange(2**32)


@pytest.fixture
def instances(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[object]]:
    """The instances of a run from a seed, drawn by a provider."""

    def run(seed: int, provider: type[SeededProvider] = SeededProvider) -> list[object]:
        cases: list[object] = []
        monkeypatch.setitem(AVAILABLE_PROVIDERS, BACKEND, provider)
        monkeypatch.setattr(blocks, "assess", lambda theorem, case: (cases.append(encode(case)), FINE)[1])
        checking.check(inner_get_single, examples=20, seed=seed)
        return cases

    return run


def test_the_seed_matters(instances: Callable[..., list[object]]) -> None:
    assert instances(1) == instances(1) != instances(2)


def test_a_provider_that_ignores_its_seed_is_seen(instances: Callable[..., list[object]]) -> None:
    assert instances(1, IgnoringItsSeed) == instances(2, IgnoringItsSeed)
    assert instances(1, Unseeded) != instances(1, Unseeded)


def test_a_failure_is_found_and_shrunk_the_same_again() -> None:
    def every_entry_is_small(ar: Arithmetic, x: Array) -> Iterator[Claim]:
        yield Holds("every entry is at most 2", all(entry <= 2 for entry in x))

    false = dataclasses.replace(inner_get_single, conclusion=every_entry_is_small)
    first, second = (checking.check(false, seed=5) for _ in range(2))
    assert first.failure is not None
    assert second.failure is not None
    assert (first.tried, encode(first.failure.case)) == (second.tried, encode(second.failure.case))
    assert len(first.failure.case["x"]) == 1
