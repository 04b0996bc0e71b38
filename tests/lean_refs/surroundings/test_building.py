"""How a checkout is built is read, and each difference is judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lean_refs.surroundings.building import (
    LAKEFILES,
    build_changes,
    building_from,
    building_json,
    building_of,
    lacks_lakefile,
)

LAKE = """import Lake
open Lake DSL
package Own where
  leanOptions := #[
    ⟨`autoImplicit, false⟩, -- ⟨`never, true⟩
    ⟨`pp.unicode.fun, true⟩]
  moreLinkArgs := #["-DNDEBUG=1"]
lean_lib NN where
  srcDir := "."
"""
TOML = """name = "Own"
plugins = []
[leanOptions]
autoImplicit = false
pp.unicode.fun = true
[[lean_lib]]
name = "NN"
srcDir = "."
"""
MANIFEST = {"packages": [{"name": "mathlib", "url": "https://a/mathlib4", "rev": "aa"}, {"name": "own", "dir": "own"}]}
FILES = {"lakefile.lean": LAKE, "lean-toolchain": "v4.31.0\n", "lake-manifest.json": json.dumps(MANIFEST, indent=1)}


def built(root: Path, **changed: str | None):
    root.mkdir(exist_ok=True)
    for file, text in (
        FILES | {name.replace("__", "-").replace("_", "."): new for name, new in changed.items()}
    ).items():
        (root / file).unlink(missing_ok=True)
        if text is not None:
            (root / file).write_text(text, "utf-8")
    return building_of(root)


def told(old, new) -> list[tuple[str, str | None, str | None, int, str]]:
    found = []
    for change in build_changes(old, new):
        one = change.new or change.old
        assert one is not None
        values = [side.value if side else None for side in (change.old, change.new)]
        found.append((f"{one.part.value} {one.name}", *values, one.line, change.harmless[:20]))
    return found


def test_what_is_read_comes_back_from_a_pin(tmp_path):
    read = built(tmp_path)
    assert [(one.name, one.value, one.line) for one in read if one.part.value == "option"] == [
        ("autoImplicit", "false", 5),
        ("pp.unicode.fun", "true", 6),
    ]
    assert building_from(json.loads(json.dumps(building_json(read)))) == read
    assert build_changes(read, read) == []
    assert not lacks_lakefile(read)


LAKE_CHANGES = [
    ("`autoImplicit, false", "`autoImplicit, true", [("option autoImplicit", "false", "true", 5, "")]),
    ("  moreLink", "  moreLeanArgs := #[\"-Ddebug.byAsSorry=true\"]\n  moreLink", [
        ("option debug.byAsSorry", None, "true", 7, ""), ("setting moreLeanArgs", None, "HASH", 7, ""),
    ]),
    ("    ⟨`pp", "    {name := `debug.skipKernelTC, value := true},\n    ⟨`pp", [
        ("option debug.skipKernelTC", None, "true", 6, ""),
    ]),
    ('srcDir := "."', 'srcDir := "other"', [("setting srcDir", "HASH", "HASH", 9, "")]),
    ("⟨`pp.unicode.fun, true⟩", "⟨`pp.unicode.fun, false⟩", [
        ("option pp.unicode.fun", "true", "false", 6, "a limit, a linter or"),
    ]),
    ("    ⟨`autoImplicit, false⟩,", "    ⟨`autoImplicit, false⟩, ⟨`autoImplicit, true⟩,", [
        ("option autoImplicit", None, "true", 5, ""),
    ]),
    ("open Lake DSL\n", "open Lake DSL\n-- a remark\n\n", []),
    ("-DNDEBUG=1", "-DNDEBUG=2", []),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), LAKE_CHANGES, ids=[new.strip() for _, new, _ in LAKE_CHANGES])
def test_a_setting_of_the_package_is_seen(tmp_path, old, new, expected):
    assert old in LAKE
    found = told(built(tmp_path), built(tmp_path, lakefile_lean=LAKE.replace(old, new, 1)))
    hashed = [
        tuple("HASH" if isinstance(x, str) and len(x) == 16 and " " not in x else x for x in one) for one in found
    ]
    assert hashed == expected


def test_a_debugging_option_that_went_does_no_harm(tmp_path):
    before = built(tmp_path, lakefile_lean=LAKE.replace("pp.unicode.fun", "debug.skipKernelTC"))
    found = told(before, built(tmp_path, lakefile_lean=LAKE.replace("⟨`pp.unicode.fun, true⟩", "")))
    assert found == [("option debug.skipKernelTC", "true", None, 6, "without it more is p")]


def test_a_lakefile_in_the_other_language_says_the_same(tmp_path):
    before = built(tmp_path)
    said = told(before, built(tmp_path, lakefile_lean=None, lakefile_toml=TOML))
    assert {name for name, *_ in said} == {"setting plugins"}
    (found,) = told(
        built(tmp_path, lakefile_lean=None, lakefile_toml=TOML),
        built(tmp_path, lakefile_lean=None, lakefile_toml=TOML.replace("autoImplicit = false", "autoImplicit = true")),
    )
    assert found == ("option autoImplicit", "false", "true", 4, "")


TOML_OPTIONS = [
    ("leanOptions = [{name = 'debug.a', value = true}, {name = 'b'}, 3]", ["debug.a true", "b null"]),
    ("leanOptions = 3\nlean_lib = 4", []),
    ("[[lean_lib]]\nleanOptions.debug.a = true", ["debug.a true"]),
]


@pytest.mark.parametrize(("text", "options"), TOML_OPTIONS)
def test_options_in_toml_are_read_as_lake_reads_them(tmp_path, text, options):
    read = built(tmp_path, lakefile_lean=None, lakefile_toml=text)
    assert [f"{one.name} {one.value}" for one in read if one.part.value == "option"] == options


def test_what_cannot_be_read_says_nothing(tmp_path):
    before = built(tmp_path)
    partly = built(tmp_path, lakefile_lean=None, lean__toolchain=None, lake__manifest_json="[1")
    assert partly == ()
    assert lacks_lakefile(partly)
    assert build_changes(before, partly) == []
    wrong = built(tmp_path, lakefile_lean=None, lakefile_toml="= no toml")
    assert [one.file for one in wrong if one.part.value == "setting"] == [LAKEFILES[1]]


def test_another_lean_and_other_packages_are_told(tmp_path):
    before = built(tmp_path)
    newer = {"packages": [{"name": "mathlib", "url": "https://b/mathlib4", "rev": "bb"}, {"name": "c", "url": "d"}]}
    found = told(before, built(tmp_path, lean__toolchain="v4.32.0", lake__manifest_json=json.dumps(newer)))
    assert [(name, old, new, why) for name, old, new, _, why in found] == [
        ("Lean lean", "v4.31.0", "v4.32.0", "another Lean takes t"),
        ("package mathlib", "https://a/mathlib4", "https://b/mathlib4", ""),
        ("revision mathlib", "aa", "bb", "another revision of "),
        ("package own", "own", None, "what is imported of "),
        ("revision own", "None", None, "another revision of "),
        ("package c", None, "d", "what is imported of "),
        ("revision c", None, "None", "another revision of "),
    ]
