"""A twin is a module or a package: what stands below it belongs to it, what stands beside it does not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from lean_refs.twin_paths import import_twin, in_twin

NORM = "mirror.ops.norm.layer_norm"


@pytest.mark.parametrize("module", [NORM, f"{NORM}.graph", f"{NORM}.graph.nodes"])
def test_a_twin_and_what_is_below_it_are_in_it(module: str) -> None:
    assert in_twin(module, NORM)


@pytest.mark.parametrize("module", ["mirror.ops.norm", f"{NORM}_graph", "mirror.ops.layer_norm", "layer_norm", ""])
def test_what_is_beside_or_above_a_twin_is_not_in_it(module: str) -> None:
    assert not in_twin(module, NORM)


def test_a_twin_is_imported_with_all_that_is_below_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    norm = tmp_path / "house_of_twins" / "norm"
    (norm / "deep").mkdir(parents=True)
    for path in ("__init__.py", "deep/__init__.py", "deep/graph.py", "../alone.py"):
        (norm / path).touch()
    (norm.parent / "beside.py").write_text("raise AssertionError('imported')", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    import_twin("house_of_twins.norm")
    import_twin("house_of_twins.alone")
    loaded = {name for name in sys.modules if in_twin(name, "house_of_twins")}
    for name in loaded:
        del sys.modules[name]
    below = ("norm", "norm.deep", "norm.deep.graph", "alone")
    assert loaded == {"house_of_twins", *(f"house_of_twins.{name}" for name in below)}


def test_a_twin_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_house"):
        import_twin("no_such_house.norm")
