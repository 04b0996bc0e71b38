"""What executes which lines of the mirror: the theorems' instances, drawn once, and the definition tests."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.source import ROOT

INSTANCES = 12  # of each theorem
EXAMPLES = 25  # of each test that Hypothesis runs
RUN_SEED = 15
# The tests that hold the mirror's definitions to their equations, and those of its rooms without a Lean twin.
TESTS = (
    *("algebra", "arithmetic", "core", "far_out", "fderiv", "nodes", "ops", "spec", "tensor", "util"),
    *("test_dims.py", "test_frames.py", "test_linear_map.py", "test_links.py", "test_node_kinds.py"),
    "test_rooms.py",
)
PROFILE = "mutants"

Lines = set[tuple[str, int]]


@dataclass(slots=True)
class Executed:
    """Everything that is known before the first mutant: plain data, so that it crosses processes.

    `instances` holds each theorem's instances, encoded; `theorems` and `tests` the lines (file, line) that each
    executes; `seconds` how long each test takes; `rests` the theorems that rest on the counterpart at (module, name);
    `failing` what fails as it is.
    """

    instances: dict[str, list[Any]] = field(default_factory=dict)
    theorems: dict[str, Lines] = field(default_factory=dict)
    tests: dict[str, Lines] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    rests: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    failing: list[str] = field(default_factory=list)


@contextlib.contextmanager
def traced(lines: Lines, folder: Path = ROOT / "mirror") -> Iterator[None]:
    """Collect the lines of the folder's files that are executed, each with its path in the repository."""
    within, cut = f"{folder}/", len(f"{ROOT}/")

    def local(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            lines.add((frame.f_code.co_filename[cut:], frame.f_lineno))
        return local

    def enter(frame: FrameType, event: str, _: Any) -> Any:
        return local if frame.f_code.co_filename.startswith(within) else None

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        yield
    finally:
        sys.settrace(before)


# ---- theorems


def by_theorems(only: tuple[str, ...] = ()) -> Executed:
    """Draw the theorems' instances, and see what they execute, with the mirror as it is."""
    from mirror.rooms import links
    from theorems.engine.codec import encode
    from theorems.engine.registry import theorems

    found = Executed()
    chosen = {name: t for name, t in theorems().items() if not only or name in only}
    for name, theorem in chosen.items():
        encoded = [encode(dict(case)) for case in _drawn(theorem)]
        lines: Lines = set()
        with traced(lines):
            found.instances[name] = [data for data in encoded if not failure(theorem, data)]
        found.theorems[name] = lines
        if not found.instances[name]:
            found.failing.append(name)
    for link in links().values():
        found.rests[link.module, link.qualname] = _resting(link.lean) & chosen.keys()
    return found


def _drawn(theorem: Any) -> list[Any]:
    from theorems.engine.provider import BACKEND, seeded
    from theorems.engine.sizes import profile

    cases: list[Any] = []

    @settings(
        backend=BACKEND,
        max_examples=INSTANCES,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),  # pyright: ignore[reportArgumentType]
    )
    @given(theorem.instances(profile("quick").sizes))
    def take(case: Any) -> None:
        cases.append(case)

    with seeded(RUN_SEED):
        take()
    return cases


def failure(theorem: Any, data: Any) -> str:
    """How an encoded instance fails (refuted, undecided, unsatisfied, raised), empty if it passes."""
    from theorems.engine.assessing import assess
    from theorems.engine.codec import decode

    try:
        judgement = assess(theorem, {name: decode(value) for name, value in data["dict"].items()})
    except Exception:  # a mutant may break the building of an instance, or what checks it
        return "raised"
    return "" if judgement.verdict.passes else judgement.verdict.value


def _resting(definition: str) -> set[str]:
    """The declarations that use a definition, directly or not."""
    from lean_refs import load_pin

    users: dict[str, set[str]] = {}
    for declaration in load_pin().declarations.values():
        for reference in declaration.references:
            users.setdefault(reference, set()).add(declaration.name)
    reached, ahead = set(), {definition}
    while ahead:
        reached |= ahead
        ahead = {user for name in ahead for user in users.get(name, ())} - reached
    return reached


# ---- tests


def pytest_arguments(*chosen: str) -> list[str]:
    """What pytest is called with: a profile without shrinking, and no plugin that is not needed."""
    without = (f"-pno:{plugin}" for plugin in ("cacheprovider", "xdist", "benchmark"))
    # Our own process has imported Hypothesis before pytest could rewrite its assertions.
    quiet = ("-q", "-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning")
    return [*quiet, *without, "--hypothesis-profile", PROFILE, *chosen]


def register_profile() -> None:
    """Few examples, always the same ones, and no shrinking: a failure is all that is asked for."""
    settings.register_profile(
        PROFILE,
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),  # pyright: ignore[reportArgumentType]
    )


@dataclass(slots=True, eq=False)
class _Tracing:
    """A plugin of pytest: the lines that each test executes."""

    found: Executed

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        with traced(self.found.tests.setdefault(item.nodeid, set())):
            return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.found.seconds[report.nodeid] = self.found.seconds.get(report.nodeid, 0.0) + report.duration
        if not report.passed:
            self.found.failing.append(report.nodeid)
            self.found.tests.pop(report.nodeid, None)


def by_tests() -> Executed:
    """See what the tests execute, with the mirror as it is. Raises `RuntimeError` where pytest cannot run them."""
    found = Executed()
    register_profile()
    status = pytest.main(pytest_arguments(*(str(ROOT / "tests" / name) for name in TESTS)), plugins=[_Tracing(found)])
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise RuntimeError(f"pytest ended with {status!r}")
    return found
