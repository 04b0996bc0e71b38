"""The marks of tests, read from their text: wherever pytest takes one from, and named where it cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from theorems.tools.tracing.marks import MarkReading
from theorems.tools.tracing.read_marks import read_marks
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
    "a mark of a function, set": ('def test_a(): pass\ntest_a.pytestmark = mark.lean("A")', {"test_a": {"A"}}),
    "marks of a function, set": (
        '@mark.lean("X")\ndef test_a(): pass\ntest_a.pytestmark = [mark.slow, mark.lean("A"), mark.lean("B")]',
        {"test_a": {"A", "B"}},
    ),
    "marks of a function, added": (
        '@mark.lean("A")\ndef test_a(): pass\ntest_a.pytestmark += [mark.lean("B")]\n'
        'test_a.pytestmark.append(pytest.mark.lean("C"))\ntest_a.pytestmark.extend([mark.lean("D")])\n'
        'test_a.pytestmark = test_a.pytestmark + [mark.lean("E")]',
        {"test_a": {"A", "B", "C", "D", "E"}},
    ),
    "a mark of a function by setattr": (
        'def test_a(): pass\nsetattr(test_a, "pytestmark", [mark.lean("A")])',
        {"test_a": {"A"}},
    ),
    "a mark of a class, set": (
        'class TestIt:\n    def test_a(self): pass\nTestIt.pytestmark = [mark.lean("C")]',
        {"TestIt::test_a": {"C"}},
    ),
    "a mark of a method, set": (
        "class TestIt:\n    def test_a(self): pass\n    def test_b(self): pass\n"
        '    test_b.pytestmark = [mark.lean("B")]\n'
        'TestIt.test_a.pytestmark = mark.lean("A")',
        {"TestIt::test_a": {"A"}, "TestIt::test_b": {"B"}},
    ),
    "a mark that is called": (
        'def test_a(): pass\ntest_a = mark.lean("A")(test_a)\nmark.lean("B")(test_a)\npytest.mark.slow(test_a)',
        {"test_a": {"A", "B"}},
    ),
    "a test by another name": (
        'def check(): pass\ntest_a = test_b = mark.slow(mark.lean("A")(check))\ntest_c = check',
        {"test_a": {"A"}, "test_b": {"A"}, "test_c": {"A"}},
    ),
    "a test that is made": (
        'def made():\n    def test(): pass\n    return test\ntest_a = mark.lean("A")(made())',
        {"test_a": {"A"}},
    ),
    "a module's marks, added": (
        'pytestmark = [mark.lean("M")]\npytestmark += [mark.lean("N")]\npytestmark.append(mark.lean("O"))\n'
        "def test_a(): pass",
        {"test_a": {"M", "N", "O"}},
    ),
    "the arguments of a mark": ('@mark.lean.with_args("A")\ndef test_a(): pass', {"test_a": {"A"}}),
    "the marker by getattr": ('@getattr(mark, "lean")("A")\ndef test_a(): pass', {"test_a": {"A"}}),
    "pytest's marks by another name": (
        "from pytest import mark as m\nimport pytest as p\nhere = p.mark\nthere = here.lean\n"
        '@m.lean("A")\n@p.mark.lean("B")\n@here.lean("C")\n@there("D")\ndef test_a(): pass',
        {"test_a": {"A", "B", "C", "D"}},
    ),
    "several names in a constant": (
        'NAMES = ("A", "B")\n@mark.lean(*NAMES)\n@mark.lean(*["C"], "D")\ndef test_a(): pass',
        {"test_a": {"A", "B", "C", "D"}},
    ),
    "constants of a class": (
        'class Names:\n    A = "A"\n    B = A + ".b"\n@mark.lean(Names.A, Names.B)\ndef test_a(): pass',
        {"test_a": {"A", "A.b"}},
    ),
    "a constant of the test's class": (
        'class TestIt:\n    NAME = "A"\n    @mark.lean(NAME)\n    def test_a(self): pass',
        {"TestIt::test_a": {"A"}},
    ),
    "constants of a pair": (
        'X, (Y, Z) = "A", ("B", "C")\n@mark.lean(X, Z)\ndef test_a(): pass',
        {"test_a": {"A", "C"}},
    ),
    "a constant that is added to": ('X = "A"\nX += ".b"\n@mark.lean(X)\ndef test_a(): pass', {"test_a": {"A.b"}}),
    "a constant that changes": (
        'X = "A"\n@mark.lean(X)\ndef test_a(): pass\nX = "B"\n@mark.lean(X)\ndef test_b(): pass',
        {"test_a": {"A"}, "test_b": {"B"}},
    ),
    "a test that is defined again": (
        '@mark.lean("A")\ndef test_a(): pass\n@mark.lean("B")\ndef test_a(): pass',
        {"test_a": {"B"}},
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
@pytest.mark.filterwarnings("ignore::pytest.PytestUnknownMarkWarning")
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


HELPERS = {
    "names.py": 'A = "A"\nALL = (A, "B")\nclass Room:\n    C = A + ".c"\n',
    "marks.py": "from pytest import mark\nfrom names import A as NAME\nabout = mark.lean(NAME)\nlean = mark.lean\n",
    "base.py": 'import pytest\nclass Base:\n    @pytest.mark.lean("B")\n    def test_b(self): pass\n'
    '@pytest.mark.lean("F")\ndef test_f(): pass\n',
    "room/__init__.py": 'X = "X"\n',
    "room/deep.py": "from . import X as Y\nfrom .. import nothing\nfrom names import *\n",
    "ring.py": "from ring import a\nfrom ring2 import b\n",
    "ring2.py": "from ring import b\n",
    "broken.py": "def",
}
ELSEWHERE: dict[str, tuple[str, dict[str, set[str]]]] = {
    "a name": ("from names import A as B\n@mark.lean(B)\ndef test_a(): pass", {"test_a": {"A"}}),
    "a name of a module": ("import names as n\n@mark.lean(n.A)\ndef test_a(): pass", {"test_a": {"A"}}),
    "a name of a class": ("import names\n@mark.lean(names.Room.C)\ndef test_a(): pass", {"test_a": {"A.c"}}),
    "several names": ("from names import ALL\n@mark.lean(*ALL)\ndef test_a(): pass", {"test_a": {"A", "B"}}),
    "all names": ("from names import *\n@mark.lean(A)\ndef test_a(): pass", {"test_a": {"A"}}),
    "a mark": ("from marks import about\n@about\ndef test_a(): pass", {"test_a": {"A"}}),
    "a mark of a module": ("import marks\n@marks.about\ndef test_a(): pass", {"test_a": {"A"}}),
    "the marker": ('from marks import lean as of\n@of("A")\ndef test_a(): pass', {"test_a": {"A"}}),
    "the marker of a module": ('import marks\n@marks.lean("A")\ndef test_a(): pass', {"test_a": {"A"}}),
    "a base": ("from base import Base\nclass TestIt(Base): pass", {"TestIt::test_b": {"B"}}),
    "a base of a module": ("import base\nclass TestIt(base.Base): pass", {"TestIt::test_b": {"B"}}),
    "a test": ("from base import test_f as test_g, Base as TestC", {"test_g": {"F"}, "TestC::test_b": {"B"}}),
    "a package": ("import room\n@mark.lean(room.X)\ndef test_a(): pass", {"test_a": {"X"}}),
    "a package's module": (
        "from room import deep\nfrom room.deep import A\n@mark.lean(deep.Y, A)\ndef test_a(): pass",
        {"test_a": {"X", "A"}},
    ),
}


def helped(folder: Path, text: str) -> dict[str, set[str]]:
    for name, code in HELPERS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(code, encoding="utf-8")
    return found(folder, text)


@pytest.mark.parametrize(("text", "names"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_mark_is_followed_into_the_files_that_are_imported(
    tmp_path: Path, text: str, names: dict[str, set[str]]
) -> None:
    assert helped(tmp_path, text) == names


@pytest.mark.parametrize(
    "imported",
    [
        "from ring import a as X",
        "from ring2 import b as X",
        "from broken import X",
        "from nowhere import X",
        "from names import nothing as X",
        "from ... import X",
    ],
)
def test_what_an_import_does_not_tell_is_unclear(tmp_path: Path, imported: str) -> None:
    assert helped(tmp_path, f"{imported}\n@mark.lean(X)\ndef test_a(): pass") == {}
    (unclear,) = read_marks([tmp_path], tmp_path).unclear
    assert (unclear.line, unclear.why) == (4, "the name X is computed: a run with --lean-source sees it")


def test_a_mark_stands_where_it_is_written(tmp_path: Path) -> None:
    assert helped(tmp_path, "from base import Base\nclass TestIt(Base): pass") == {"TestIt::test_b": {"B"}}
    (mark,) = read_marks([tmp_path], tmp_path).marks
    assert (mark.test, mark.file, mark.line) == ("test_it.py::TestIt::test_b", "base.py", 3)


def test_of_a_test_that_is_defined_twice_under_conditions_both_marks_count(tmp_path: Path) -> None:
    text = "if x:\n    @mark.lean('A')\n    def test_a(): pass\nelse:\n    @mark.lean('B')\n    def test_a(): pass"
    assert found(tmp_path, text) == {"test_a": {"A", "B"}}


def test_an_attribute_that_is_assigned_binds_no_name(tmp_path: Path) -> None:
    text = "X = 'A'\nX.y = 'B'\nX.y, z = 1, 2\n@mark.lean(X)\ndef test_a(): pass"
    assert found(tmp_path, text) == {"test_a": {"A"}}


ON_NO_TEST = {
    "a function of marks": "def about(f):\n    return mark.lean('A')(f)\n@about\ndef test_a(): pass",
    "a hook": "def pytest_collection_modifyitems(items):\n    items[0].add_marker(\n\n\nmark.lean('A'))",
    "a fixture": "\n@pytest.fixture(params=[pytest.param(1, marks=mark.lean('A'))])\ndef made(): pass",
    "a helper": "\n@mark.lean('A')\ndef helper(): pass",
    "one that is replaced": "\nmark.lean('A')\ndef test_a(): pass",
    "a loop": "for test in tests:\n    test.pytestmark = [mark.lean('A')]",
    "the marker itself": "def test_a(): pass\ndecorate(test_a, mark.lean)",
    "one of two modules' marks": "if x:\n    pytestmark = mark.lean('A')\nelse:\n    pytestmark = []",
    "a class of elsewhere": "\nTestIt = type('TestIt', (), {'pytestmark': mark.lean('A')})",
}


@pytest.mark.parametrize("name", ["test_it.py", "conftest.py"])
@pytest.mark.parametrize("text", ON_NO_TEST.values(), ids=ON_NO_TEST)
def test_a_mark_that_no_test_is_seen_to_get_is_named(tmp_path: Path, text: str, name: str) -> None:
    reading = read(tmp_path, IMPORTS + text, name=name)
    line = 3 + text[: text.index("mark.lean")].count("\n")
    assert [(one.file, one.line) for one in reading.unclear] == [(name, line)]
    assert reading.unclear[0].why == "no test is seen to get this mark: a run with --lean-source sees it"
    assert (reading.marks, reading.files) == ((), int(name != "conftest.py"))


def test_a_mark_that_only_another_file_uses_is_met(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text(f"{IMPORTS}about = mark.lean('A')\n", encoding="utf-8")
    reading = read(tmp_path, f"{IMPORTS}from test_a import about\n@about\ndef test_it(): pass")
    assert ([mark.name for mark in reading.marks], reading.unclear) == (["A"], ())


def long_sum(parts: int) -> str:
    return " + ".join(['"a"'] * parts)


UNCLEAR = {
    "a constant of two values": (
        "X = 'A'\nif y:\n    X = 'B'\n@mark.lean(X)\ndef test_a(): pass",
        "the name X is computed: a run with --lean-source sees it",
    ),
    "a constant that a loop changes": (
        "X = 'A'\nfor X in y: pass\n@mark.lean(X)\ndef test_a(): pass",
        "the name X is computed: a run with --lean-source sees it",
    ),
    "a constant that a with changes": (
        "X = Y = 'A'\nwith y as (X, z), q: pass\n@mark.lean(X)\ndef test_a(): pass",
        "the name X is computed: a run with --lean-source sees it",
    ),
    "a part of what is unpacked": (
        "X, *Y = 'A', 'B'\nX, Z = y\n@mark.lean(X)\ndef test_a(): pass",
        "the name X is computed: a run with --lean-source sees it",
    ),
    "a name that is a function": (
        "def X(): pass\nX += 'A'\n@mark.lean(X)\ndef test_a(): pass",
        "the name X is computed: a run with --lean-source sees it",
    ),
    "names of a call": (
        "@mark.lean(*names())\ndef test_a(): pass",
        "the name *names() is computed: a run with --lean-source sees it",
    ),
    "names of nowhere": (
        "@mark.lean(*names)\ndef test_a(): pass",
        "the name *names is computed: a run with --lean-source sees it",
    ),
    "a name that a class does not have": (
        "class N:\n    A = N.A\n    def b(): pass\nY = N\n@mark.lean(Y.B)\ndef test_a(): pass",
        "the name Y.B is computed: a run with --lean-source sees it",
    ),
    "a circle in a class": (
        "class N:\n    pass\n    A: str = N.A\n    B: int\n@mark.lean(N.A)\ndef test_a(): pass",
        "the name N.A is computed: a run with --lean-source sees it",
    ),
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
    "a long sum": (
        f"X = {long_sum(2000)}\n@mark.lean(X)\ndef test_a(): pass",
        "the file is nested too deeply to be read: a run with --lean-source sees it",
    ),
    "no Python": ("def", "the file is no Python: invalid syntax"),
    "no text": ("\0", "the file is no Python: source code string cannot contain null bytes"),
}


@pytest.mark.parametrize(("text", "said"), UNCLEAR.values(), ids=UNCLEAR)
def test_what_cannot_be_read_is_named(tmp_path: Path, text: str, said: str) -> None:
    reading = read(tmp_path, text)
    assert reading.marks == ()
    assert [(one.file, one.why) for one in reading.unclear] == [("test_it.py", said)]


def test_what_is_nested_deeply_hides_no_mark_of_another_expression(tmp_path: Path) -> None:
    marked = '@mark.lean("A")\ndef test_a(): pass\n@mark.lean(nested.X)\ndef test_b(): pass'
    (tmp_path / "nested.py").write_text(f"X = {long_sum(9000)}", encoding="utf-8")  # CPython 3.11 does not parse it
    reading = read(tmp_path, f"import nested\nX = {long_sum(2500)}\n{marked}")
    assert [mark.name for mark in reading.marks] == ["A"]
    assert len(reading.unclear) == 1


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
