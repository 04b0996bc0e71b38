"""`leanmirror list`: the table, the JSON, and the counts that show a gap."""

from __future__ import annotations

import json
import re

import pytest

from lean_refs import load_pin
from tests.tools.cli.conftest import NAME, Call
from theorems.engine.registry import theorems
from theorems.engine.theorem import registered

PIN = load_pin()


def test_the_table_has_one_row_for_each_theorem(call: Call) -> None:
    result = call("list")
    assert result.exit_code == 0
    header, *rows = result.stdout.splitlines()
    assert header.split() == ["theorem", "file", "arithmetic", "module"]
    assert [row.split()[0] for row in rows if row.startswith(("Proofs", "Spec"))] == list(theorems())


def test_json(call: Call) -> None:
    rows = {row["theorem"]: row for row in json.loads(call("list", "--json").stdout)}
    line = PIN.declarations[NAME].line
    assert rows.keys() == theorems().keys()
    assert rows[NAME] == {
        "theorem": NAME,
        "file": f"NN/Proofs/Autograd/Tape/Nodes/Context.lean:{line}",
        "arithmetic": "exact",
        "module": "theorems.nodes.context",
    }
    # It shares its conclusion with a theorem of another Lean file.
    alias = rows["Proofs.Autograd.Transformer.postNormGptDecoderBlock_hasFDerivAt"]
    assert alias["module"] == "theorems.ops.transformer.decoder_block"


def test_summary_counts_what_the_pin_holds(call: Call) -> None:
    result = call("list", "--summary")
    module, definitions, proved, *missing = result.stdout.splitlines()
    seed, defined, stated = len(PIN.seed), len(PIN.definitions), len(PIN.theorems)
    assert re.fullmatch(rf"\d+/{seed} of the decoder-block module", module)
    assert re.fullmatch(rf"\d+/{defined} definitions accounted for \(\d+ mirrored, \d+ reasoned\)", definitions)
    assert re.fullmatch(rf"\d+/{stated} theorems and lemmas \(\d+ run, \d+ reasoned\)", proved)
    assert result.exit_code == (1 if missing else 0)


def test_a_missing_theorem_is_named_and_exits_1(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(theorems() and registered(), NAME)
    result = call("list", "--summary")
    assert result.exit_code == 1
    assert f"missing: {NAME}" in result.stdout.splitlines()
    assert f"{len(PIN.theorems) - 1}/{len(PIN.theorems)} theorems and lemmas" in result.stdout


def test_a_missing_definition_is_named_and_exits_1(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    import mirror.rooms

    known = mirror.rooms.links()
    del known["Proofs.Autograd.Transformer.decoderCoreGraph"]
    monkeypatch.setattr(mirror.rooms, "links", lambda: known)
    result = call("list", "--summary")
    assert result.exit_code == 1
    seed, defined = len(PIN.seed), len(PIN.definitions)
    counts = f"{seed - 1}/{seed} of the decoder-block module\n{defined - 1}/{defined} definitions accounted for"
    assert result.stdout.startswith(counts)
    assert "missing: Proofs.Autograd.Transformer.decoderCoreGraph" in result.stdout


def test_a_room_that_is_not_there_is_missing_and_not_fatal(monkeypatch: pytest.MonkeyPatch) -> None:
    import theorems.engine.registry as registry

    known = list(theorems())
    monkeypatch.setattr(registry, "twin_rooms", lambda: ["nowhere.at_all", "nodes.nothing"])
    assert list(theorems()) == known


def test_a_room_that_cannot_import_something_else_is_fatal(monkeypatch: pytest.MonkeyPatch) -> None:
    import theorems.engine.registry as registry

    def lacking(name: str) -> None:
        raise ModuleNotFoundError("No module named 'flint'", name="flint")

    monkeypatch.setattr(registry, "import_twin", lacking)
    with pytest.raises(ModuleNotFoundError, match="flint"):
        theorems()
