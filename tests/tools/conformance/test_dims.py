"""Shapes about the multiples of a tile, and shapes that the memory has no room for."""

from __future__ import annotations

from pathlib import Path

import pytest

from theorems.tools.conformance import memory
from theorems.tools.conformance.kinds import ATTENTION, BLOCK, KINDS, Kind
from theorems.tools.conformance.target import WrongCall
from theorems.tools.conformance.wanted import Wanted


def positions(kind: Kind, tile: int, *dims: str) -> list[int]:
    wanted = Wanted.of(kind, "float32", None, 0, dims=dims, tile=tile)
    return [s.dims.seq_len for s in wanted.shapes if s not in kind.shapes]


def test_a_tile_is_tried_about_its_multiples() -> None:
    for kind in KINDS.values():
        assert positions(kind, 32) == [32, 63, 64, 65, 112]
        assert positions(kind, 1) == [1, 2, 3, 4]
        assert {s.name for s in kind.classes[0].shapes} < {
            s.name for s in Wanted.of(kind, "float32", None, 0, tile=32).shapes
        }


def test_a_tile_in_dimensions_of_ones_own() -> None:
    assert positions(ATTENTION, 32, "H=1,n=100,d=8") == [100, 95, 96, 97]
    assert positions(ATTENTION, 32, "H=1,n=64,d=8") == [64, 63, 65]
    assert positions(BLOCK, 1, "H=1,n=1,d=8,D=2,F=3") == [1, 2]
    (first, second, *_) = Wanted.of(BLOCK, "float32", None, 0, dims=("H=1,n=5,d=8,D=2,F=3",), tile=5).shapes
    assert (second.name, second.dims.d_ff, second.scale) == ("H=1,n=4,d=8,D=2,F=3", 3, first.scale)


def test_a_tile_that_does_not_fit() -> None:
    with pytest.raises(
        WrongCall, match=r"^--tile 256 is above n = 128 of H=1,n=128,d=8: give a smaller tile or a larger"
    ):
        positions(ATTENTION, 256, "H=1,n=128,d=8")
    with pytest.raises(WrongCall, match=r"^--tile chooses n, and a shape that --shape names has its own: "):
        Wanted.of(ATTENTION, "float32", None, 0, shapes=("small",), tile=2)


def test_more_positions_than_the_memory_has_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available", lambda: 64 * 2**30)
    with pytest.raises(WrongCall) as why:
        Wanted.of(ATTENTION, "float32", None, 0, dims=("H=8,n=65536,d=64",))
    assert str(why.value) == (
        "H=8,n=65536,d=64 takes about 10,250 GiB of memory and there are 64: the scores of H = 8, n = 65536 are H·n² "
        "numbers; give a smaller n"
    )
    assert Wanted.of(ATTENTION, "float32", None, 0, dims=("H=1,n=2048,d=64",)).rows


def test_memory_that_nobody_knows_of_refuses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("os.sysconf")
    monkeypatch.setattr(memory, "_LIMITS", ())
    assert memory.available() is None
    assert Wanted.of(ATTENTION, "float32", None, 0, dims=("H=8,n=65536,d=64",)).rows


def test_a_container_may_have_less_than_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limited, unlimited = tmp_path / "limited", tmp_path / "unlimited"
    limited.write_text("1048576\n")
    unlimited.write_text("max\n")
    monkeypatch.setattr(memory, "_LIMITS", (str(unlimited), str(tmp_path / "none")))
    assert memory.available() > 2**28  # type: ignore[operator]
    monkeypatch.setattr(memory, "_LIMITS", (str(limited),))
    assert memory.available() == 2**20


def test_more_instances_than_the_memory_has_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available", lambda: 64 * 2**30)
    with pytest.raises(WrongCall, match=r"^1,000,000,000 instances of small take at least \d+ GiB .*: give fewer"):
        Wanted.of(ATTENTION, "float32", 10**9, 0, shapes=("small",))
    assert Wanted.of(ATTENTION, "float32", 10**6, 0, shapes=("small",)).rows
