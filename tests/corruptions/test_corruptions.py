"""Every corruption of the small library is found and named, and what changes no meaning fails nowhere; the bench."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.corruptions import mini
from tests.corruptions.__main__ import main
from tests.corruptions.catalogue import KINDS, catalogue
from tests.corruptions.corruption import Corruption, Named, meaning
from tests.corruptions.library import Library, NothingChanged
from tests.corruptions.parts import TORCHLEAN
from tests.corruptions.result import DATA, PAGE, page, read
from tests.corruptions.run import Bench, Ending, Outcome, read_once
from theorems.tools.audit.changes import changes
from theorems.tools.audit.findings import AuditVerdict
from theorems.tools.audit.present import present
from theorems.tools.audit.prose import prose
from theorems.tools.audit.surroundings import surroundings

SMALL = catalogue(mini.SMALL)
# What was tried first, and passed as "everything that was checked holds".
FIRST = (
    "an axiom that a proof uses",
    "an axiom that nothing uses",
    "Real.exp declared inside the namespace",
    "a local max",
    "stop in a proof",
    "native_decide",
    "tanh is sinh in the instance of MathFunctions for ℝ",
    "a local Add ℝ",
    "a local Inner",
    "a notation",
    "macro rules",
    "#exit before a theorem",
    "imports swapped",
    "an import deleted",
    "@[implemented_by other] on a declaration",
    "unsafe before a definition",
    "protected before a definition",
    "private before a definition",
    "skipKernelTC for a theorem",
    "field docs rewritten",
    "module docs rewritten",
)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("corruptions")
    pinned = mini.pin(folder / "pinned")
    with read_once():
        yield Bench(
            mini.library(folder / "clean"),
            folder / "bench",
            partial(mini.material, pinned=pinned),
            (surroundings, changes, prose, present),
        )


def test_of_the_clean_library_nothing_fails_but_that_the_mirror_has_it_not(bench: Bench) -> None:
    failing = [finding.basis for _, finding in bench.clean if finding.verdict is AuditVerdict.FAILS]
    others = [why for why in failing if not why.startswith(("the counterpart ", "no counterpart", "a reason is given"))]
    assert others == []


# The command tries all of them on TorchLean: here are the first ones, and every third of the others.
TRIED = [c for c in SMALL if c.name in FIRST] + [c for c in SMALL if c.name not in FIRST][::3]


@pytest.mark.unmeasured
@pytest.mark.parametrize("corruption", TRIED, ids=lambda corruption: corruption.name)
def test_a_corruption_is_found_and_named(bench: Bench, corruption: Corruption) -> None:
    outcome = bench.outcome(corruption)
    assert outcome.ending.right, outcome


def test_the_catalogue_has_what_passed_once_and_more_than_sixty_of_every_kind() -> None:
    names = [corruption.name for corruption in catalogue(TORCHLEAN)]
    assert [corruption.name for corruption in catalogue(TORCHLEAN) if not corruption.valued] == [
        corruption.name for corruption in SMALL
    ]
    assert set(FIRST) <= set(names)
    assert len(FIRST) == 21
    assert sum(corruption.expected is not None for corruption in SMALL) >= 60
    assert {corruption.kind for corruption in TRIED} == {kind.__name__.rpartition(".")[2] for kind in KINDS}


# ---- the bench


def test_after_a_corruption_the_library_is_what_it_was(bench: Bench) -> None:
    def texts() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in bench.library.root.rglob("*.lean")}

    before = texts()
    for name in ("a file deleted", "a theorem changed in a file of its own", "a file that is no UTF-8"):
        bench.outcome(next(corruption for corruption in SMALL if corruption.name == name))
    assert texts() == before


def one(change: dict[str, str | None], expected: Named | None) -> Corruption:
    """A corruption that replaces files."""
    return Corruption("this one", lambda library: change, expected)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "this one: no file is changed"),
        ({"NN/Parts.lean": mini.PARTS}, "this one: NN/Parts.lean stays as it is"),
        ({"NN/Nowhere.lean": None}, "this one: NN/Nowhere.lean is not there to be taken away"),
    ],
)
def test_a_corruption_that_changes_nothing_is_an_error(bench: Bench, change: dict[str, str | None], said: str) -> None:
    with pytest.raises(NothingChanged, match=said):
        bench.outcome(one(change, meaning("whole")))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda lib: lib.in_body(mini.SMALL.sums, "x - y", "x"), "'x - y' is not there in NN/Parts.lean"),
        (lambda lib: lib.before("Nobody", "axiom a : False"), "nothing is called Nobody"),
        (lambda lib: lib.docstring(mini.SMALL.helper, "", "New."), f"{mini.SMALL.helper} has no docstring"),
        (lambda lib: lib.inner_docs(mini.SMALL.sums, "New."), f"no part of {mini.SMALL.sums} has docs"),
        (lambda lib: lib.end("NN/Nowhere.lean", "x"), "NN/Nowhere.lean is not there"),
        (lambda lib: lib.module_docs("NN/Far.lean", "x", 4), "NN/Far.lean has 1 docs of modules and sections"),
        (lambda lib: lib.reimported("NN/Shape.lean", ()), "NN/Shape.lean imports nothing"),
        (lambda lib: lib.front("NN/Coverage.lean", "x"), "NN/Coverage.lean opens nothing"),
    ],
)
def test_a_place_that_is_not_there_is_named(bench: Bench, make: object, said: str) -> None:
    with pytest.raises(NothingChanged, match=said.replace("(", r"\(")):
        bench.outcome(Corruption("this one", make, meaning("whole")))  # type: ignore[arg-type]


HARM = {"NN/Parts.lean": mini.PARTS.replace("x + y", "x - y")}
COMMENT = {"NN/Parts.lean": mini.PARTS.replace("/-- The sum of two. -/", "-- nothing\n/-- The sum of two. -/")}


@pytest.mark.parametrize(
    ("change", "expected", "ending"),
    [
        (HARM, meaning("plus"), Ending.FOUND),
        (HARM, meaning("curve"), Ending.ELSEWHERE),
        (HARM, Named(("prose",), ("plus",)), Ending.ELSEWHERE),
        (HARM, None, Ending.ALARM),
        (COMMENT, None, Ending.QUIET),
        (COMMENT, meaning("plus"), Ending.NOT_FOUND),
    ],
)
def test_how_a_corruption_ends(
    bench: Bench, change: dict[str, str | None], expected: Named | None, ending: Ending
) -> None:
    outcome = bench.outcome(one(change, expected))
    assert (outcome.name, outcome.ending) == ("this one", ending)
    assert outcome.ending.right == (ending in (Ending.FOUND, Ending.QUIET))


# ---- the command, and what it keeps


def test_the_kept_result_is_of_this_catalogue_and_all_of_it_is_right() -> None:
    kept = read()
    assert [(o.kind, o.name) for o in kept] == [(c.kind, c.name) for c in catalogue(TORCHLEAN)], (
        f"{DATA.name} is of another catalogue: run python -m tests.corruptions DIR"
    )
    assert [outcome.name for outcome in kept if not outcome.ending.right] == []
    assert PAGE.read_text("utf-8") == page(kept)


def test_a_folder_that_is_no_checkout_and_an_unknown_name_are_wrong_calls(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 2
    assert (
        capsys.readouterr().err
        == f"corruptions: {tmp_path} has no {TORCHLEAN.seed}: the root of a checkout is expected\n"
    )
    (tmp_path / TORCHLEAN.seed).parent.mkdir(parents=True)
    (tmp_path / TORCHLEAN.seed).touch()
    assert main([str(tmp_path), "no such corruption"]) == 2
    assert capsys.readouterr().err == "corruptions: nothing is called no such corruption\n"


@pytest.mark.parametrize(
    ("ending", "clean", "code"),
    [
        (Ending.FOUND, [], 0),
        (Ending.NOT_FOUND, [], 1),
        (Ending.ALARM, [], 1),
        (Ending.FOUND, ["drift: a: b"], 1),
    ],
)
def test_the_command_ends_with_0_only_where_all_is_as_it_should_be(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    ending: Ending,
    clean: list[str],
    code: int,
) -> None:
    (tmp_path / TORCHLEAN.seed).parent.mkdir(parents=True)
    (tmp_path / TORCHLEAN.seed).touch()

    def tried(library: Library, chosen: list[Corruption], jobs: int) -> object:
        return clean, [Outcome(corruption.name, corruption.kind, ending) for corruption in chosen]

    monkeypatch.setattr("tests.corruptions.__main__._tried", tried)
    assert main([str(tmp_path), "a local max"]) == code
    printed = capsys.readouterr().out
    assert f"| capture | a local max | {ending.value} |" in printed
    assert all(f"the clean source: {said}" in printed for said in clean)
