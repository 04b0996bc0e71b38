"""The house: twin paths, the rooms without twin, one direction of imports, and nothing of the pin left out."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest

from lean_refs import load_pin, twin_module
from mirror.links import links
from mirror.reasons import WITHOUT_COUNTERPART
from mirror.rooms import WITHOUT_TWIN as MIRROR_WITHOUT_TWIN
from tests.source import ROOT, imports, lean_marks, module_files, rooms_without_twin
from theorems.reasons import NOT_RUN
from theorems.registry import theorems
from theorems.rooms import WITHOUT_TWIN as THEOREMS_WITHOUT_TWIN

PIN = load_pin()
OURS = ("lean_refs", "mirror", "theorems", "tests", "benchmarks")
# What each room may import, besides the standard library and itself.
MAY_IMPORT = {
    "lean_refs": {"pygments"},
    "mirror": {"lean_refs", "numpy", "flint", "jax"},
    "theorems": {"lean_refs", "mirror", "numpy", "flint", "jax", "hypothesis", "pytest", "click", "rich"},
    "benchmarks": {
        "lean_refs",
        "mirror",
        "theorems",
        "numpy",
        "flint",
        "jax",
        "hypothesis",
        "pytest",
        "pytest_benchmark",
        # Behind optional extras, each in the one module that needs it.
        "matplotlib",
        "tokamax",
        "torch",
    },
}
# Definitions that no test pins by an equation of its own, each with its reason.
WITHOUT_EQUATION: dict[str, str] = {}


# ---- twin paths


def test_every_counterpart_of_a_definition_is_in_the_twin_of_its_file() -> None:
    misplaced = {
        lean: link.python
        for lean, link in links().items()
        if link.module != f"mirror.{twin_module(PIN.declarations[lean].file)}"
    }
    assert not misplaced


def test_every_theorem_is_in_the_twin_of_its_file_or_exported_from_it() -> None:
    misplaced = {}
    for name, theorem in theorems().items():
        twin = import_module(f"theorems.{twin_module(theorem.declaration.file)}")
        if not any(value is theorem for value in vars(twin).values()):
            misplaced[name] = theorem.module
    assert not misplaced


@pytest.mark.parametrize(
    ("package", "listed"),
    [("mirror", MIRROR_WITHOUT_TWIN), ("theorems", THEOREMS_WITHOUT_TWIN)],
    ids=["mirror", "theorems"],
)
def test_the_rooms_without_twin_are_the_listed_ones(package: str, listed: tuple[str, ...]) -> None:
    twins = {f"{package}.{twin_module(d.file)}" for d in PIN.declarations.values()}
    assert rooms_without_twin(module_files(package), twins) == set(listed)


@pytest.mark.parametrize("package", OURS)
def test_every_folder_of_modules_is_a_package(package: str) -> None:
    folders = {path.parent for path in (ROOT / package).rglob("*.py")}
    assert [str(f.relative_to(ROOT)) for f in sorted(folders) if not (f / "__init__.py").is_file()] == []


# ---- one direction


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_room_imports_only_what_is_left_of_it(package: str) -> None:
    allowed = MAY_IMPORT[package] | {package} | sys.stdlib_module_names
    found = {
        f"{module} imports {name}"
        for module, path in module_files(package).items()
        for name, at_import in imports(path)
        if name.split(".")[0] not in allowed and not (_reaches_benchmarks(module, name) and not at_import)
    }
    assert not found


def _reaches_benchmarks(module: str, name: str) -> bool:
    return module.startswith("theorems.cli") and name.split(".")[0] == "benchmarks"


# ---- nothing left out


def test_the_pin_holds_what_is_in_scope() -> None:
    assert (len(PIN.definitions), len(PIN.theorems), len(PIN.seed)) == (255, 91, 28)


def test_every_definition_has_a_counterpart_or_a_reason() -> None:
    assert [d.name for d in PIN.definitions if d.name not in links() and d.name not in WITHOUT_COUNTERPART] == []


def test_every_theorem_runs_or_has_a_reason() -> None:
    assert [d.name for d in PIN.theorems if d.name not in theorems() and d.name not in NOT_RUN] == []


def test_no_reason_is_given_for_what_has_a_counterpart() -> None:
    marked = _marked()
    assert [n for n in WITHOUT_COUNTERPART if n in links()] == []
    assert [n for n in NOT_RUN if n in theorems()] == []
    assert [n for n in WITHOUT_EQUATION if n in marked] == []


def test_every_reason_is_about_a_declaration_and_is_written() -> None:
    definitions, run = {d.name for d in PIN.definitions}, {d.name for d in PIN.theorems}
    assert {**WITHOUT_COUNTERPART, **WITHOUT_EQUATION}.keys() <= definitions
    assert NOT_RUN.keys() <= run
    reasons = {**WITHOUT_COUNTERPART, **WITHOUT_EQUATION, **NOT_RUN}
    assert [name for name, reason in reasons.items() if not reason.strip()] == []


def _marked() -> set[str]:
    """Every Lean name that a marker in these tests carries."""
    return {name for path in module_files("tests").values() for name in lean_marks(path)}


def test_every_definition_has_an_equation_test() -> None:
    answered = _marked() | WITHOUT_COUNTERPART.keys() | WITHOUT_EQUATION.keys()
    assert [d.name for d in PIN.definitions if d.name not in answered] == []


def test_every_marked_name_is_a_declaration() -> None:
    assert _marked() - PIN.declarations.keys() == set()


# ---- the checks above can fail: the same on a house with faults


def test_a_module_that_is_no_twin_is_found() -> None:
    twins = {"house.core.fderiv", "house.ops.block"}
    modules = ["house", "house.core", "house.core.fderiv", "house.core.fderiv.lemmas", "house.ops", "house.ops.extra"]
    assert rooms_without_twin([*modules, "house.cli", "house.cli.check"], twins) == {"house.ops.extra", "house.cli"}


def test_imports_are_found_wherever_they_stand(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(
        "import a.b\ntry:\n    from c import d\nfinally:\n    pass\ndef f():\n    import e\n"
    )
    assert set(imports(tmp_path / "m.py")) == {("a.b", True), ("c", True), ("e", False)}


def test_a_relative_import_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("from . import a\n")
    with pytest.raises(ValueError, match=r"m\.py:1: a relative import"):
        list(imports(tmp_path / "m.py"))


def test_marks_are_read_from_constants_too(tmp_path: Path) -> None:
    source = """
P = "Proofs"
MORE = ["B", f"{P}.C"]
@pytest.mark.lean("A", *MORE)
def test_one(): ...
CASES = [pytest.param(1, marks=pytest.mark.lean(f"{P}.D"))]
@pytest.mark.other("E")
def test_two(): "F"
for name in names:
    pytest.mark.lean(name)
"""
    (tmp_path / "test_m.py").write_text(source)
    assert lean_marks(tmp_path / "test_m.py") == {"A", "B", "Proofs.C", "Proofs.D"}


def test_modules_are_named_after_their_files(tmp_path: Path) -> None:
    (tmp_path / "house" / "room").mkdir(parents=True)
    for name in ("__init__.py", "door.py", "room/__init__.py", "room/wall.py"):
        (tmp_path / "house" / name).touch()
    assert set(module_files("house", tmp_path)) == {"house", "house.door", "house.room", "house.room.wall"}
