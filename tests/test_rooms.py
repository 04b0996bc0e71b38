"""The house: twin paths, the rooms without twin, one direction of imports, and nothing of the pin left out."""

from __future__ import annotations

import inspect
import sys
import typing
from collections.abc import Mapping
from importlib import import_module
from operator import attrgetter
from pathlib import Path

import pytest

from lean_refs import in_twin, load_pin, twin_module
from lean_refs.pin import raw_pin
from lean_refs.scope import disagreements, load_scope
from lean_refs.twin_paths import snake_case
from mirror.links import Link
from mirror.reasons import WITHOUT_COUNTERPART
from mirror.rooms import WITHOUT_TWIN as MIRROR_WITHOUT_TWIN
from mirror.rooms import links
from tests.source import (
    ROOT,
    defined_twice,
    import_cycles,
    imports,
    lean_marks,
    module_files,
    modules_imported,
    rooms_without_twin,
)
from theorems.engine.reasons import NOT_RUN
from theorems.engine.registry import theorems
from theorems.engine.rooms import WITHOUT_TWIN as THEOREMS_WITHOUT_TWIN

PIN = load_pin()
NORM = "Proofs.Autograd.LayerNorm"
OURS = ("lean_refs", "mirror", "theorems", "pytest_leanmirror", "tests", "benchmarks")
# Inside `theorems`: the machinery knows neither twins nor tools, the twins know no tools.
STOREYS = ("theorems.engine", "theorems", "theorems.tools")
# What each room may import, besides the standard library and itself.
MAY_IMPORT = {
    "lean_refs": {"pygments"},
    # jaxtyping for type checkers alone: tests/jit/test_shapes.py runs without it.
    "mirror": {"lean_refs", "numpy", "flint", "jax", "jaxtyping"},
    "theorems": {
        "lean_refs",
        "mirror",
        "numpy",
        "flint",
        "jax",
        "hypothesis",
        "click",
        "jinja2",
        "rich",
        # Optional, each in the one module that needs it.
        "matplotlib",
        "tokamax",
        "torch",
        "equinox",
        "distributed",
        "redis",
    },
    # Ours only where something asks for them: tests/tools/test_pytest_plugin.py looks at what is imported at its start.
    "pytest_leanmirror": {"lean_refs", "theorems", "hypothesis", "pytest"},
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
    },
}
# Definitions that no test pins by an equation of its own, each with its reason.
WITHOUT_EQUATION: dict[str, str] = {}


# ---- twin paths


def misplaced_counterparts(linked: Mapping[str, Link]) -> list[str]:
    """The counterparts that are neither in the twin of their file nor below it, by their dotted names."""
    twins = {lean: f"mirror.{twin_module(PIN.declarations[lean].file)}" for lean in linked}
    return [link.python for lean, link in linked.items() if not in_twin(link.module, twins[lean])]


def test_every_counterpart_of_a_definition_is_in_the_twin_of_its_file() -> None:
    assert misplaced_counterparts(links()) == []


def test_a_module_beside_a_twin_is_refused_and_one_below_it_is_accepted() -> None:
    places = {
        "wholeNode": "mirror.ops.norm.layer_norm.whole",
        "g1": "mirror.ops.norm.layer_norm",
        "g2": "mirror.ops.norm.layer_norm_graph",
        "g3": "mirror.ops.norm",
    }
    linked = {f"{NORM}.{name}": Link(f"{NORM}.{name}", module, name) for name, module in places.items()}
    assert misplaced_counterparts(linked) == ["mirror.ops.norm.layer_norm_graph.g2", "mirror.ops.norm.g3"]


def test_a_twin_offers_what_stands_below_it() -> None:
    """So a reader finds every counterpart in the module that has the path of the Lean file."""
    hidden = []
    for lean, link in links().items():
        twin = import_module(f"mirror.{twin_module(PIN.declarations[lean].file)}")
        if attrgetter(link.qualname)(twin) is not link.target:
            hidden.append(link.python)
    assert hidden == []


def test_every_theorem_is_in_the_twin_of_its_file_or_exported_from_it() -> None:
    misplaced = {}
    for name, theorem in theorems().items():
        twin = import_module(f"theorems.{twin_module(theorem.declaration.file)}")
        if not any(value is theorem for value in vars(twin).values()):
            misplaced[name] = theorem.conclusion.__module__
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
    folders = {path.parent for path in module_files(package).values()}
    # `benchmarks` is none: a package would hide another project's folder of that name from it, see test_repository.py.
    folders -= {ROOT / "benchmarks"}
    assert [str(f.relative_to(ROOT)) for f in sorted(folders) if not (f / "__init__.py").is_file()] == []


# ---- names


def test_every_theorem_is_called_by_its_lean_name_in_its_twin() -> None:
    """Its last component in snake_case, with nothing left out."""
    lossy = {}
    for name, theorem in theorems().items():
        twin = import_module(f"theorems.{twin_module(theorem.declaration.file)}")
        if getattr(twin, snake_case(theorem.declaration.short_name), None) is not theorem:
            lossy[name] = [known for known, value in vars(twin).items() if value is theorem]
    assert lossy == {}


CERTIFICATES = {
    "NodeFDerivCorrect": "_certificate",
    "NodeFDerivCorrectAt": "_certificate_at",
    "GraphFDerivCorrect": "_certificate",
    "GraphFDerivCorrectAt": "_certificate_at",
}


def _suffix(counterpart: object) -> str:
    """How the name of what returns a certificate must end; empty for everything else."""
    made = typing.get_type_hints(counterpart).get("return") if inspect.isfunction(counterpart) else None
    return CERTIFICATES.get(getattr(made, "__name__", ""), "")


def test_what_makes_a_certificate_says_so_in_its_name() -> None:
    misnamed = {}
    for name, link in links().items():
        if not f"_{link.qualname}".endswith(_suffix(link.target)):
            misnamed[name] = link.qualname
    assert misnamed == {}


# Of what the reader of Lean's text makes, the names of Lean's own structures: plain data, which the audit holds against
# the mirror's classes of these names. `lean_refs` stands before the mirror, so that it cannot share them.
AS_LEAN_CALLS_THEM = {"Context", "Graph", "LinearMap", "Node", "Shape"}


def test_every_public_class_and_alias_has_one_meaning() -> None:
    files = {m: p for room in OURS if room != "tests" for m, p in module_files(room).items()}
    twice = defined_twice(files)
    shared = {name for name, modules in twice.items() if {"lean_refs", "mirror"} == {m.split(".")[0] for m in modules}}
    assert {name: modules for name, modules in twice.items() if name not in AS_LEAN_CALLS_THEM} == {}
    assert shared == AS_LEAN_CALLS_THEM


def test_a_name_with_two_meanings_is_seen(tmp_path: Path) -> None:
    first, second = tmp_path / "a.py", tmp_path / "b.py"
    first.write_text("class Report: ...\nclass _Own: ...\nMask: type = int\nT = 1\nSIZE = 2\n", encoding="utf-8")
    second.write_text("Report = int\nclass _Own: ...\nclass Mask: ...\nT = 1\nSIZE = 2\n", encoding="utf-8")
    assert defined_twice({"a": first, "b": second}) == {"Report": ["a", "b"], "Mask": ["a", "b"]}


# ---- one direction


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_room_imports_only_what_is_left_of_it(package: str) -> None:
    allowed = MAY_IMPORT[package] | {package} | sys.stdlib_module_names
    found = {
        f"{module} imports {name}"
        for module, path in module_files(package).items()
        for name, _ in imports(path)
        if name.split(".")[0] not in allowed
    }
    assert not found


def _storey(module: str) -> int:
    """How high a module of `theorems` stands: in the machinery, among the twins, or among the tools."""
    return next((k for k in (0, 2) if in_twin(module, STOREYS[k])), 1)


def climbing(files: Mapping[str, Path]) -> set[str]:
    """The imports that lead to a higher storey, wherever in a file they stand.

    The package itself is not asked: `theorems` offers names of the machinery, and is imported before any storey.
    """
    return {
        f"{module} imports {other}"
        for module, found in modules_imported(files).items()
        for other in found
        if module != "theorems" and other != "theorems" and _storey(other) > _storey(module)
    }


def test_inside_theorems_nothing_knows_what_stands_above_it() -> None:
    assert climbing(module_files("theorems")) == set()


def test_no_module_is_imported_by_what_it_imports() -> None:
    assert import_cycles({name: path for package in OURS for name, path in module_files(package).items()}) == []


# ---- nothing left out


def test_the_pin_holds_what_is_in_scope_and_every_fact_is_written() -> None:
    assert disagreements(load_scope(), raw_pin()) == {}
    assert {d.name for d in (*PIN.definitions, *PIN.theorems)} == load_scope().entries.keys()
    assert PIN.seed, "the file whose declarations come first declares some"


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


def _house(root: Path, **sources: str) -> dict[str, Path]:
    """The modules of a package `theorems` with the given sources, by the dotted name with `_` for a dot."""
    for name, source in sources.items():
        path = root / "theorems" / Path(*name.split("_")).with_suffix(".py")
        for folder in [path.parent, *path.parent.relative_to(root).parents][:-1]:
            (root / folder).mkdir(parents=True, exist_ok=True)
            (root / folder / "__init__.py").touch()
        path.write_text(source, encoding="utf-8")
    return module_files("theorems", root)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("nodes_matrix", "from theorems.tools.cli import main"),
        ("nodes_matrix", "def late():\n    import theorems.tools.cli"),
        ("nodes_matrix", "from theorems import tools"),
        ("nodes_matrix", "from importlib import import_module\nimport_module('theorems.tools.cli')"),
        ("nodes_matrix", "def late():\n    return __import__('theorems.tools.cli')"),
        ("engine_checking", "from theorems.nodes import batched"),
        ("engine_checking", "from theorems.tools.cli import main"),
    ],
)
def test_an_import_that_climbs_is_found(tmp_path: Path, module: str, source: str) -> None:
    house = {"nodes_matrix": "", "nodes_batched": "", "engine_checking": ""}
    house["tools_cli"] = "from theorems.nodes import matrix"
    assert climbing(_house(tmp_path, **house)) == set()
    found = climbing(_house(tmp_path, **{**house, module: source}))
    assert [text.split(" imports ")[0] for text in found] == [f"theorems.{module.replace('_', '.')}"]


def test_a_cycle_of_imports_is_found_also_in_a_function(tmp_path: Path) -> None:
    house = {"engine_a": "from theorems.engine.b import x", "engine_b": "from theorems.engine import c", "engine_c": ""}
    assert import_cycles(_house(tmp_path, **house)) == []
    house["engine_c"] = "def late():\n    from theorems.engine.a import y"
    found = import_cycles(_house(tmp_path, **house))
    assert found == [["theorems.engine.a", "theorems.engine.b", "theorems.engine.c"]]


def test_imports_are_found_wherever_they_stand(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(
        "import a.b\ntry:\n    from c import d\nfinally:\n    pass\ndef f():\n    import e\n    __import__('g')\n"
    )
    assert set(imports(tmp_path / "m.py")) == {("a.b", True), ("c", True), ("e", False), ("g", False)}


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
