"""The engine on a module of its own: what is killed, what survives, what never ends, what cannot be imported."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.mutants import outcome, run
from tests.mutants.child import put_in_place
from tests.mutants.drive import Told, Write, forked
from tests.mutants.executed import Executed
from tests.mutants.outcome import Outcome, against
from tests.mutants.sample import Mutant, everything

# Python warns of a fork where there are threads, and so does JAX where a test before has imported it; those of the
# process that runs these tests do nothing for the mutant.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*fork.*:RuntimeWarning"),
]

TOY = """
from time import sleep

LIMIT = (3, 5)[1]


def twice(a):
    return a + a


def forgotten(a):
    return a + a


def down(n):
    while n > 0:
        sleep(0.05)
        n = n - 1
    return n
"""
TEST = """
import toy

def test_twice():
    assert toy.twice(3) == 6

def test_down():
    assert toy.down(2) == 0 and toy.LIMIT == 5
"""
FATES = {
    "toy:twice [operator] a + a → a - a": ("test", "test_toy.py::test_twice"),
    "toy:forgotten [operator] a + a → a - a": ("survived", ""),
    "toy [index] (3, 5)[1] → (3, 5)[2]": ("test", "test_toy.py"),
}
ENDLESS = "toy:down [operator] n - 1 → n + 1"


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A module and its tests, in a folder of their own; the engine takes the module for one of the mirror's."""
    (tmp_path / "toy.py").write_text(TOY)
    (tmp_path / "test_toy.py").write_text(TEST)
    monkeypatch.syspath_prepend(str(tmp_path))
    for module in (outcome, run):
        monkeypatch.setattr(module, "sources", lambda: {"toy": tmp_path / "toy.py"})
    monkeypatch.setattr(outcome, "ROOT", tmp_path)
    yield tmp_path
    sys.modules.pop("toy", None)


def toys(folder: Path) -> tuple[list[Mutant], Executed]:
    chosen = [m for m in everything("toy", TOY) if m.name in (*FATES, ENDLESS)]
    tests = {
        str(folder / "test_toy.py::test_twice"): {("toy.py", 8)},
        str(folder / "test_toy.py::test_down"): {("toy.py", k) for k in (16, 17, 18, 19)},
    }
    return chosen, Executed(tests=tests)


def test_each_mutant_meets_its_fate(toy: Path) -> None:
    mutants, known = toys(toy)
    found = {o.mutant.name: o for o in run.run([m for m in mutants if m.name != ENDLESS], known, jobs=4)}
    assert found.keys() == FATES.keys()
    for name, (kind, by) in FATES.items():
        assert (found[name].kind, found[name].by.rpartition("/")[2]) == (kind, by), found[name]


def test_a_mutant_that_never_ends_is_killed_in_time(toy: Path) -> None:
    mutants, known = toys(toy)
    (found,) = run.run([m for m in mutants if m.name == ENDLESS], known, jobs=1, limit=2)
    assert found.kind == "time"


def test_a_mutant_is_run_against_what_executes_it(toy: Path) -> None:
    mutants, known = toys(toy)
    hit = {m.name: [t.rpartition("::")[2] for t in against(m, known)[1]] for m in mutants}
    assert list(hit.values()) == [["test_twice", "test_down"], ["test_twice"], [], ["test_down"]]


@pytest.mark.usefixtures("toy")
def test_a_theorem_is_run_only_if_it_rests_on_the_mutant() -> None:
    (mutant,) = (m for m in everything("toy", TOY) if m.name.startswith("toy:twice [operator]"))
    lines = {"resting": {("toy.py", 8)}, "executing": {("toy.py", 8)}, "elsewhere": {("toy.py", 12)}}
    known = Executed(theorems=lines, rests={("toy", "twice"): {"resting"}})
    assert against(mutant, known) == (["resting"], [])
    assert against(mutant, Executed(theorems=lines))[0] == ["resting", "executing"]  # a helper that Lean does not have


def mutant() -> Mutant:
    return Mutant("toy", 0, "toy [term] a → b", "term", "", (1, 1))


@pytest.mark.parametrize(
    ("said", "kind", "by"),
    [
        ([{"theorem": "A", "fails": "raised"}, {"theorem": "B", "fails": "refuted"}, {"test": "t"}], "theorem", "B"),
        ([{"theorem": "A", "fails": ""}, {"theorem": "B", "fails": "unsatisfied"}], "theorem", "B"),
        ([{"theorem": "A", "fails": ""}, {"test": "t"}], "test", "t"),
        ([{"import": "SyntaxError: no"}], "import", "SyntaxError: no"),
        ([{"theorem": "A", "fails": ""}], "survived", ""),
    ],
)
def test_an_outcome_is_read_from_what_was_told(said: list, kind: str, by: str) -> None:
    found = outcome.outcome(mutant(), Told(mutant(), said))
    assert (found.kind, found.by) == (kind, by)
    assert found == Outcome(mutant(), found.kind, by, found.test, found.ran, found.killed)
    assert found.ran == tuple(line["theorem"] for line in said if "theorem" in line)


def test_a_process_that_dies_says_over_what() -> None:
    found = outcome.outcome(mutant(), Told(mutant(), [{"begins": "A"}], died=True))
    assert (found.kind, found.by) == ("death", "A")


# ---- processes


def test_what_a_process_writes_arrives_line_by_line() -> None:
    def work(key: int) -> Callable[[Write], None]:
        return lambda write: write(b'{"a": %d}\n{"b"' % key) + write(b": 2}\n")

    told = list(forked(((k, work(k)) for k in range(3)), jobs=2))
    assert sorted((t.key, t.said, t.timed_out, t.died) for t in told) == [
        (k, [{"a": k}, {"b": 2}], False, False) for k in range(3)
    ]


def test_a_process_that_raises_is_a_fault_of_the_engine() -> None:
    def work(write: Write) -> None:
        raise ZeroDivisionError("planted")

    with pytest.raises(RuntimeError, match=r"a run of 'it' broke, for no fault of a mutant:\n(.|\n)*planted"):
        list(forked(iter([("it", work)]), jobs=1))


def test_a_mutant_must_come_before_the_first_import() -> None:
    with pytest.raises(RuntimeError, match="json is imported already"):
        put_in_place("json", None)  # type: ignore[arg-type]
