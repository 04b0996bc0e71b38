"""What cannot be traced: one line that names what is wrong and what would be right, and exit 2."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tests.tools.tracing.conftest import Edit, Shop

ITEM, TOTAL, MARKS = "lean/Cart/Item.lean", "lean/Cart/Total.lean", "tests/test_cart.py"
PYPROJECT, LOCK = "pyproject.toml", "leanmirror.lock"
TABLE, KEYS = "[tool.leanmirror]", "expected source, tests, ignore"


def without_lean(shop: Shop) -> None:
    for file in (ITEM, TOTAL):
        (shop.folder / file).unlink()


def without_declarations(shop: Shop) -> None:
    for file in (ITEM, TOTAL):
        shop.write(file, "-- nothing yet\n")


def without_marks(shop: Shop) -> None:
    shop.write(MARKS, "def test_it(): pass\n")


def with_computed_names(count: int) -> Edit:
    marks = "".join(f"@pytest.mark.lean(NAME)\ndef test_{k}(): pass\n" for k in range(count))
    return lambda shop: shop.write(MARKS, marks)


def pyproject(text: str) -> Edit:
    return lambda shop: shop.write(PYPROJECT, text)


def setting(text: str) -> Edit:
    return pyproject(f"{TABLE}\n{text}\n")


def lock(text: str, version: str = "lock-version = 1\n") -> Edit:
    return lambda shop: shop.write(LOCK, version + text)


def entry(**fields: object) -> Edit:
    return lock("[a]\n" + "".join(f"{key} = {value!r}\n" for key, value in fields.items()))


PROJECT = "the folder of a Lean project is expected"
OTHER = "expected 1: use the leanmirror that wrote it"
STRINGS = "expected a string or a list of strings"
REFUSED: dict[str, tuple[Edit, str]] = {
    "no source": (
        pyproject(""),
        f"which Lean project? name its folder by --source, or as source of {TABLE}",
    ),
    "no Lean files": (without_lean, "lean is no Lean project: no .lean file lies below it"),
    "no declaration": (without_declarations, "lean declares nothing in 2 .lean files"),
    "all ignored": (
        setting('source = "lean"\nignore = ["Cart/"]'),
        f"lean is no Lean project: no .lean file is left of it after what {TABLE} ignores",
    ),
    "a source that is gone": (setting('source = "gone"'), f"gone is not there: {PROJECT}"),
    "a source that is a file": (setting('source = "pyproject.toml"'), f"pyproject.toml is a file: {PROJECT}"),
    "tests that are gone": (
        setting('source = "lean"\ntests = ["gone"]'),
        "gone is not there: the folder of the tests is expected",
    ),
    "no marks": (
        without_marks,
        'no test below tests carries @pytest.mark.lean("Full.Name"): read 1 file named test_*.py or *_test.py',
    ),
    "names that are computed": (
        with_computed_names(2),
        f"no mark of the tests can be read: {MARKS}:1: the name NAME is computed: a run with --lean-source sees it "
        "(and 1 place more)",
    ),
    "a name that is computed": (with_computed_names(1), f"no mark of the tests can be read: {MARKS}:1: the name NAME"),
    "an unknown key": (
        setting('sources = "lean"'),
        f"{PYPROJECT}: {TABLE} has no key sources; did you mean source?; {KEYS}",
    ),
    "an unknown key like none": (setting("x = 1"), f"{PYPROJECT}: {TABLE} has no key x; {KEYS}"),
    "a source that is no path": (
        setting("source = 3"),
        f"{PYPROJECT}: source of {TABLE} is 3, expected the path of a folder",
    ),
    "tests that are no paths": (setting("tests = [3]"), f"{PYPROJECT}: tests of {TABLE} is [3], {STRINGS}"),
    "tests that are a number": (setting("tests = 3"), f"{PYPROJECT}: tests of {TABLE} is 3, {STRINGS}"),
    "an empty glob": (setting('ignore = " "'), f"{PYPROJECT}: ignore of {TABLE} is ' ', {STRINGS}"),
    "no table": (pyproject("tool.leanmirror = 3"), f"{PYPROJECT}: leanmirror is 3, expected a table {TABLE}"),
    "a pyproject that is none": (pyproject("x"), f"{PYPROJECT} is not TOML: Expected '=' after a key"),
    "a corrupt lock": (lock('["a"\n'), f"{LOCK} is no lock: Expected ']' at the end of a table declaration"),
    "a name twice": (lock("[a]\n[a]\n"), f"{LOCK} is no lock: Cannot declare ('a',) twice"),
    "a conflict": (
        lock("<<<<<<< ours\n=======\n>>>>>>> theirs\n"),
        f"{LOCK}:2: a merge left a conflict: take the file of one side whole, and accept again",
    ),
    "an empty lock": (lock("", ""), f"{LOCK} is no lock: it has no lock-version; take an older one, or remove it"),
    "another version": (lock("", "lock-version = 2\n"), f"{LOCK} has lock-version 2, {OTHER}"),
    "a name alone": (lock("a = 1\n"), f"{LOCK}: a is 1, expected a table"),
    "another key": (entry(size=1), f"{LOCK}: a has an unknown key size; expected kind, file, statement, rests_on"),
    "no hash": (entry(kind="def", file="x"), f"{LOCK}: statement of a is None, expected a string"),
    "a number": (
        entry(kind="def", file="x", statement="y", rests_on=3),
        f"{LOCK}: rests_on of a is 3, expected a string",
    ),
}


@pytest.mark.parametrize(("damage", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_traced_is_one_line_and_exit_2(shop: Shop, damage: Edit, said: str) -> None:
    damage(shop)
    assert shop.refused().startswith(said)


def test_a_lock_that_is_no_text_is_one_line(shop: Shop) -> None:
    (shop.folder / LOCK).write_bytes(b"\xff")
    assert shop.refused() == f"{LOCK} is no lock: it is not UTF-8 at byte 0"


def test_a_folder_in_place_of_the_lock_is_one_line(shop: Shop) -> None:
    (shop.folder / LOCK).mkdir()
    assert shop.refused() == f"cannot read {LOCK}: Is a directory"


def test_a_pyproject_that_nobody_may_read_is_one_line(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *_: object) -> str:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "read_text", refuse)
    assert shop.refused() == f"cannot read {PYPROJECT}: Permission denied"


def test_a_refusal_leaves_the_lock_as_it_was(agreed: Shop) -> None:
    before = agreed.text(LOCK)
    without_lean(agreed)
    assert agreed.refused("--accept")
    assert agreed.text(LOCK) == before


# ---- links that go in a circle, and two marks on one test: no fault of the project


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="this system has no symbolic links")
def test_links_that_go_in_a_circle_are_walked_once(agreed: Shop) -> None:
    here = agreed.folder / "lean" / "Cart"
    (here / "Again").symlink_to(here, target_is_directory=True)
    (here / "Up").symlink_to(agreed.folder, target_is_directory=True)
    assert agreed.run().exit_code == 0
    assert agreed.traced()["files"] == 2
    (here / "Loop.lean").symlink_to(here / "Loop.lean")
    (unread,) = agreed.traced()["unread"]
    assert (unread["file"], unread["why"].partition(":")[0]) == ("Cart/Loop.lean", "the file cannot be opened")


def test_links_in_a_circle_among_the_tests_are_walked_once(agreed: Shop) -> None:
    tests: Path = agreed.folder / "tests"
    (tests / "again").symlink_to(tests, target_is_directory=True)
    assert len(agreed.traced()["links"]) == 2
    assert agreed.run().stdout.splitlines()[1] == "1 test file: 2 tests about 2 names"


def test_two_marks_on_one_test_are_two_names(shop: Shop) -> None:
    marks = '@pytest.mark.lean("Cart.total_nil")\n@pytest.mark.lean("Cart.total_nil", "Cart.discounted_le")'
    shop.edit(MARKS, '@pytest.mark.lean("Cart.discounted_le")', marks)
    links = {link["name"]: [test["test"] for test in link["tests"]] for link in shop.traced()["links"]}
    test = "tests/test_cart.py::test_discount"
    assert links["Cart.total_nil"] == links["Cart.discounted_le"] == [test]
