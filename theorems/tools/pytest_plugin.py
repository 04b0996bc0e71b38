"""The pytest plugin: Lean names on tests, selection by them, theorems as tests, and a table of what was tried.

It is an entry point, so it is imported in every run of everybody's suite: it imports neither
Hypothesis nor flint nor JAX before something asks for them, and says nothing where no test carries
the `lean` marker. Everything that the table shows travels on `user_properties`, which pytest-xdist
carries from its workers and JUnit XML writes as properties.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

import pytest

from theorems.engine.names import did_you_mean, matching
from theorems.engine.sizes import PROFILES, Profile
from theorems.tools.pytest_table import Table, kind_of, lean_names

if TYPE_CHECKING:
    from theorems.engine.checking import Report
    from theorems.engine.theorem import Theorem

_MARKER = "lean(name, ...): the full Lean name(s) of the theorem or definition that the test is about"
# The name of what Hypothesis raises where `assume` is told something false: the class itself would cost its import.
_REJECTED = "UnsatisfiedAssumption"
_WORKER_REFUSAL = "leanmirror_refusal"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("leanmirror", "Lean theorems as tests")
    group.addoption(
        "--theorem",
        dest="leanmirror_theorems",
        metavar="GLOB",
        action="append",
        default=[],
        help="run only tests whose lean marker carries this full name, suffix or glob (repeatable)",
    )
    group.addoption(
        "--leanmirror-profile",
        dest="leanmirror_profile",
        metavar="NAME",
        default="quick",
        help=f"how many instances of each theorem, and how large: {', '.join(PROFILES)} (default: quick)",
    )
    group.addoption(
        "--theorem-examples",
        dest="leanmirror_examples",
        metavar="N",
        help="instances of each theorem, instead of the profile's number",
    )
    group.addoption(
        "--theorem-seed",
        dest="leanmirror_seed",
        metavar="N",
        help="where the random instances of each theorem start, instead of the profile's seed",
    )


@pytest.hookimpl(tryfirst=True)  # before Hypothesis's own plugin loads the profile that its option names
def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", _MARKER)
    _profile(config)
    _whole(config, "--theorem-examples", least=1)
    _whole(config, "--theorem-seed", least=0)
    config.pluginmanager.register(Table(config), "leanmirror-table")
    if config.getoption("--hypothesis-profile", default=None) in PROFILES:
        register_hypothesis_profiles()


def _profile(config: pytest.Config) -> Profile:
    name = str(config.getoption("leanmirror_profile"))
    if name not in PROFILES:
        choice = f"choose one of {', '.join(PROFILES)}{did_you_mean(name, PROFILES)}"
        raise pytest.UsageError(f"--leanmirror-profile: there is no profile {name!r}: {choice}")
    return PROFILES[name]


def _whole(config: pytest.Config, option: str, least: int) -> int | None:
    """The option's whole number, None where it is not given."""
    text = config.getoption(option)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal()) or int(text) < least:
        raise pytest.UsageError(f"{option}: {text!r} is not a whole number of at least {least}")
    return int(text)


def register_hypothesis_profiles() -> None:
    """Register Hypothesis settings called quick, full and nightly; a suite's own of that name stay.

    quick is deterministic and keeps no database. A test gets half as many examples as a theorem
    gets instances: there are more of them, and most examine less. Each means the same wherever
    it runs: Hypothesis' own profile for continuous integration, which it loads by itself where
    `CI` is set, lends them nothing. Call it before `load_profile`.
    """
    from hypothesis import settings
    from hypothesis.errors import InvalidArgument

    for profile in PROFILES.values():
        try:
            settings.get_profile(profile.name)
        except InvalidArgument:
            deterministic: dict[str, Any] = {"derandomize": True, "database": None} if profile.seed is not None else {}
            settings.register_profile(
                profile.name,
                parent=settings.get_profile("default"),
                max_examples=profile.examples // 2,
                deadline=None,
                print_blob=True,
                **deterministic,
            )


# ---- names and selection


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    try:
        names = [_marked(item) for item in items]
        for item, own in zip(items, names, strict=True):
            item.user_properties.extend((kind_of(name), name) for name in own)
        if patterns := config.getoption("leanmirror_theorems"):
            _select(config, items, names, patterns)
    except pytest.UsageError as refusal:
        if not hasattr(config, "workerinput"):
            raise
        # In a worker of pytest-xdist an error would look like a crash: the controller says it instead.
        config.workeroutput[_WORKER_REFUSAL] = str(refusal)  # type: ignore[attr-defined]
        items.clear()


def _marked(item: pytest.Item) -> list[str]:
    """The Lean names of an item's markers, the closest first, each once."""
    names: dict[str, None] = {}
    for marker in item.iter_markers("lean"):
        if not marker.args or marker.kwargs or not all(isinstance(a, str) and a for a in marker.args):
            said = ", ".join([*map(repr, marker.args), *(f"{k}={v!r}" for k, v in marker.kwargs.items())])
            raise pytest.UsageError(f"{item.nodeid}: lean({said}) should be lean(name, ...) with full Lean names")
        names.update(dict.fromkeys(marker.args))
    return list(names)


def _select(config: pytest.Config, items: list[pytest.Item], names: list[list[str]], patterns: list[str]) -> None:
    known = sorted({name for own in names for name in own})
    chosen: set[str] = set()
    for pattern in patterns:
        found = matching(pattern, known)
        if not found:
            raise pytest.UsageError(f"--theorem: {_unknown(pattern, known)}")
        chosen.update(found)
    pairs = list(zip(items, names, strict=True))
    items[:] = [item for item, own in pairs if chosen.intersection(own)]
    config.hook.pytest_deselected(items=[item for item, own in pairs if not chosen.intersection(own)])


def _unknown(pattern: str, known: list[str]) -> str:
    if not known:
        return f"nothing is called {pattern}: no collected test carries the lean marker"
    return f"no collected test is about {pattern}{did_you_mean(pattern, known)}"


_REFUSED = pytest.StashKey[str]()  # what a worker of pytest-xdist refused to select


@pytest.hookimpl(optionalhook=True)  # pytest-xdist's hook: without it there are no nodes
def pytest_testnodedown(node: Any) -> None:
    if refusal := getattr(node, "workeroutput", {}).get(_WORKER_REFUSAL):
        node.config.stash[_REFUSED] = refusal


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if refusal := session.config.stash.get(_REFUSED, None):
        raise pytest.UsageError(refusal)


# ---- running


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    handle: Any = getattr(getattr(item, "obj", None), "hypothesis", None)
    if not lean_names(item.user_properties) or not hasattr(handle, "inner_test"):
        return (yield)
    test, examples = handle.inner_test, _Examples()
    handle.inner_test = examples.counted(test)
    try:
        return (yield)
    finally:
        handle.inner_test = test
        item.user_properties += [("tried", examples.tried), ("accepted", examples.accepted)]


class _Examples:
    """Counts the examples of one Hypothesis test, until one fails: what the shrinker tries is no evidence."""

    def __init__(self) -> None:
        self.tried = self.accepted = 0
        self._failed = False

    def counted(self, test: Callable[..., object]) -> Callable[..., object]:
        # `wraps`, because Hypothesis derives the examples of a deterministic run from the test's source.
        @functools.wraps(test)
        def counting(*args: Any, **kwargs: Any) -> object:
            __tracebackhide__ = True
            # One path for every outcome: Hypothesis would point at lines that only failing examples reach.
            try:
                return test(*args, **kwargs)
            finally:
                self._count(sys.exc_info()[0])

        return counting

    def _count(self, raised: type[BaseException] | None) -> None:
        self.tried += not self._failed
        self.accepted += not self._failed and raised is None
        self._failed |= raised is not None and issubclass(raised, Exception) and raised.__name__ != _REJECTED


@pytest.fixture
def check_theorem(request: pytest.FixtureRequest) -> Callable[[Theorem], Report]:
    """Runs a theorem under the profile and number of instances that the options say.

    The test fails unless the theorem passes, with the shrunk instance and the command that replays
    it. One test runs one theorem: `check_theorem` raises `UsageError` when it is called again.
    """
    node, config = request.node, request.config

    def check(theorem: Theorem) -> Report:
        __tracebackhide__ = True
        from theorems.engine import checking
        from theorems.tools.reports.outcomes import Outcome, status

        properties = dict(node.user_properties)
        if "verdict" in properties:
            raise pytest.UsageError(f"{node.nodeid} runs {theorem.name} after another theorem: one test runs one")
        if theorem.name not in lean_names(node.user_properties):
            node.user_properties.append(("theorem", theorem.name))
        examples, seed = _whole(config, "--theorem-examples", least=1), _whole(config, "--theorem-seed", least=0)
        report = checking.check(theorem, examples=examples, seed=seed, profile=_profile(config).name)
        node.user_properties += [
            ("verdict", status(Outcome(theorem.name, report))),
            ("tried", report.tried),
            ("accepted", report.accepted),
            ("width", report.width),
            ("arithmetic", report.arithmetic),
            ("seed", report.seed),
        ]
        if not report.passed:
            from theorems.tools.pytest_failure import write_up

            pytest.fail(write_up(report, node.nodeid, config.rootpath), pytrace=False)
        return report

    return check
