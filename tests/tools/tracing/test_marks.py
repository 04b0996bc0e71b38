"""The marks of tests, read from their text: wherever pytest takes one from, and named where it cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from theorems.tools.tracing.marks import MarkReading, read_marks
from theorems.tools.tracing.settings import Collected, settings_of

IMPORTS = "import pytest\nfrom pytest import mark\n"


def read(folder: Path, text: str, collected: Collected | None = None, name: str = "test_it.py") -> MarkReading:
    (folder / name).write_text(text, encoding="utf-8")
    return read_marks([folder], folder, collected)


def found(folder: Path, text: str) -> dict[str, set[str]]:
    """The names by test, of a file that pytest collects the same names from."""
    marks = read(folder, IMPORTS + text).marks
    tests = {mark.test.partition("::")[2] for mark in marks}
    return {test: {mark.name for mark in marks if mark.test.partition("::")[2] == test} for test in sorted(tests)}


FORMS: dict[str, tuple[str, dict[str, set[str]]]] = {
    "a function": ('@pytest.mark.lean("A.b")\ndef test_a(): pass', {"test_a": {"A.b"}}),
    "an asynchronous function": ('@pytest.mark.lean("A.b")\nasync def test_a(): pass', {"test_a": {"A.b"}}),
    "several names": ('@mark.lean("A", "B")\ndef test_a(): pass', {"test_a": {"A", "B"}}),
    "two marks": ('@mark.lean("A")\n@mark.lean("B")\n@mark.lean("A")\ndef test_a(): pass', {"test_a": {"A", "B"}}),
    "a module": ('pytestmark = pytest.mark.lean("M")\ndef test_a(): pass', {"test_a": {"M"}}),
    "a module with several marks": (
        'pytestmark = [mark.xfail, mark.lean("M"), mark.lean("N")]\ndef test_a(): pass',
        {"test_a": {"M", "N"}},
    ),
    "a class": (
        '@mark.lean("C")\nclass TestIt:\n    def test_a(self): pass\n    @mark.lean("D")\n    def test_b(self): pass',
        {"TestIt::test_a": {"C"}, "TestIt::test_b": {"C", "D"}},
    ),
    "a class with pytestmark": (
        'class TestIt:\n    pytestmark = [mark.lean("C")]\n    def test_a(self): pass',
        {"TestIt::test_a": {"C"}},
    ),
    "a class in a class": (
        '@mark.lean("C")\nclass TestIt:\n    class TestIn:\n        @mark.lean("D")\n        def test_a(self): pass',
        {"TestIt::TestIn::test_a": {"C", "D"}},
    ),
    "a class and its base": (
        '@mark.lean("B")\nclass Base:\n    def test_a(self): pass\n    @mark.lean("X")\n    def test_b(self): pass\n'
        '@mark.lean("C")\nclass TestIt(Base):\n    def test_b(self): pass',
        {"TestIt::test_a": {"B", "C"}, "TestIt::test_b": {"B", "C"}},
    ),
    "a case of unittest": (
        'import unittest\nclass Adds(unittest.TestCase):\n    @mark.lean("C")\n    def test_a(self): pass',
        {"Adds::test_a": {"C"}},
    ),
    "parameters": (
        '@mark.parametrize("x", [pytest.param(1, marks=mark.lean("P")), pytest.param(2, marks=[mark.lean("Q")])])\n'
        "def test_a(x): pass",
        {"test_a": {"P", "Q"}},
    ),
    "parameters by name": (
        'CASES = [pytest.param(1, marks=mark.lean("P"))]\n@mark.parametrize("x", CASES)\ndef test_a(x): pass',
        {"test_a": {"P"}},
    ),
    "a mark by name": ('about = mark.lean("A")\n@about\ndef test_a(): pass', {"test_a": {"A"}}),
    "the marker by name": ('lean = pytest.mark.lean\n@lean("A")\ndef test_a(): pass', {"test_a": {"A"}}),
    "a constant": ('NAME: str = "A.b"\n@mark.lean(NAME)\ndef test_a(): pass', {"test_a": {"A.b"}}),
    "a sum": ('ROOM = "A."\n@mark.lean(ROOM + "b")\ndef test_a(): pass', {"test_a": {"A.b"}}),
    "a formatted string": ('ROOM = "A"\n@mark.lean(f"{ROOM}.b")\ndef test_a(): pass', {"test_a": {"A.b"}}),
    "under an if": ('if True:\n    @mark.lean("A")\n    def test_a(): pass', {"test_a": {"A"}}),
    "in a try": (
        'try:\n    ROOM = "A"\nexcept ImportError:\n    raise\n@mark.lean(ROOM)\ndef test_a(): pass',
        {"test_a": {"A"}},
    ),
    "no test": (
        '@mark.lean("A")\ndef made(): pass\n@mark.lean("B")\nclass Help:\n    def test_b(self): pass',
        {},
    ),
    "another marker": ('@mark.slow("A")\ndef test_a(): pass\n@lean("B")\ndef test_b(): pass', {}),
    "names that go in a circle": ("a = b\nb = a\n@a\ndef test_a(): pass", {}),
}


@pytest.mark.parametrize(("text", "names"), FORMS.values(), ids=FORMS)
def test_a_mark_is_found_where_pytest_finds_it(tmp_path: Path, text: str, names: dict[str, set[str]]) -> None:
    assert found(tmp_path, text) == names


@pytest.mark.unmeasured
def test_pytest_itself_finds_the_same(pytester: pytest.Pytester) -> None:
    wrong = {"another marker", "names that go in a circle"}
    forms = [(text, names) for title, (text, names) in FORMS.items() if title not in wrong]
    for number, (text, _) in enumerate(forms):
        (pytester.path / f"test_{number}.py").write_text(IMPORTS + text, encoding="utf-8")
    items, _ = pytester.inline_genitems("-p", "no:cacheprovider")
    theirs: dict[str, set[str]] = {}
    for item in items:
        names = {name for mark in item.iter_markers("lean") for name in mark.args}
        if names:
            theirs.setdefault(item.nodeid.split("[")[0], set()).update(names)
    ours = {f"test_{k}.py::{test}": names for k, (_, own) in enumerate(forms) for test, names in own.items()}
    assert theirs == ours


UNCLEAR = {
    "no name": ("@mark.lean()\ndef test_a(): pass", 'lean(…) should be lean("Full.Name", …)'),
    "a keyword": ('@mark.lean(name="A")\ndef test_a(): pass', 'lean(…) should be lean("Full.Name", …)'),
    "an empty name": ('@mark.lean(" ")\ndef test_a(): pass', "lean(' ') names nothing"),
    "a call": (
        "@mark.lean(theorem.name)\ndef test_a(): pass",
        "the name theorem.name is computed: a run with --lean-source sees it",
    ),
    "a number": ("@mark.lean(3)\ndef test_a(): pass", "the name 3 is computed: a run with --lean-source sees it"),
    "a format": (
        'X = "a"\n@mark.lean(f"{X!r}" + X)\ndef test_a(): pass',
        "the name f'{X!r}' + X is computed: a run with --lean-source sees it",
    ),
    "a name of a loop": (
        'for name in ("A", "B"):\n    @mark.lean(name)\n    def test_a(): pass',
        "the name name is computed: a run with --lean-source sees it",
    ),
    "no Python": ("def", "the file is no Python: invalid syntax"),
    "no text": ("\0", "the file is no Python: source code string cannot contain null bytes"),
}


@pytest.mark.parametrize(("text", "said"), UNCLEAR.values(), ids=UNCLEAR)
def test_what_cannot_be_read_is_named(tmp_path: Path, text: str, said: str) -> None:
    reading = read(tmp_path, text)
    assert reading.marks == ()
    assert [(one.file, one.why) for one in reading.unclear] == [("test_it.py", said)]


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "test_gone.py").symlink_to(tmp_path / "nowhere.py")
    (unclear,) = read_marks([tmp_path], tmp_path).unclear
    assert unclear.why == "the file cannot be opened: No such file or directory"


def test_only_files_that_pytest_collects_are_read(tmp_path: Path) -> None:
    text = '@pytest.mark.lean("A")\ndef test_a(): pass'
    for name in ("test_a.py", "a_test.py", "a.py", "venv/test_b.py", "deep/test_c.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "test_folder.py").mkdir()
    assert read_marks([tmp_path], tmp_path).unclear == ()
    assert {mark.file for mark in read_marks([tmp_path], tmp_path).marks} == {
        "a_test.py",
        "deep/test_c.py",
        "test_a.py",
    }
    assert read_marks([tmp_path / "a.py"], tmp_path).files == 1, "a file that is named is read"
    outside = read_marks([tmp_path / "deep"], tmp_path / "venv").marks
    assert outside[0].file == (tmp_path / "deep" / "test_c.py").as_posix()


@pytest.mark.parametrize(
    "table",
    [
        '[tool.pytest]\npython_files = ["check_*.py"]\npython_classes = ["*Suite"]\npython_functions = ["it_"]\n',
        '[tool.pytest.ini_options]\npython_files = "check_*.py"\npython_classes = "*Suite"\npython_functions = "it_"\n',
    ],
)
def test_the_names_of_tests_are_those_that_pytest_is_told(tmp_path: Path, table: str) -> None:
    (tmp_path / "pyproject.toml").write_text(table)
    text = 'class OurSuite:\n    @mark.lean("A")\n    def it_adds(self): pass\n'
    text += '    @mark.lean("B")\n    def test_b(self): pass'
    reading = read(tmp_path, text, settings_of(tmp_path).collected, "check_a.py")
    assert [(mark.name, mark.test) for mark in reading.marks] == [("A", "check_a.py::OurSuite::it_adds")]


def test_what_pytest_is_told_wrong_is_for_pytest_to_say(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool]\npytest = 3\n")
    assert settings_of(tmp_path).collected == Collected()
    (tmp_path / "pyproject.toml").write_text("tool = 3\n")
    assert settings_of(tmp_path).collected == Collected()
    (tmp_path / "pyproject.toml").write_text("[tool.pytest]\npython_files = 3\n")
    assert settings_of(tmp_path / "deep").collected == Collected()
