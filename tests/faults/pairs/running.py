"""Pairs by name in other processes: a name crosses them, a fault cannot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from tests.faults.pairs.catalogue import PAIRS
from tests.faults.pairs.ending import Row, row
from tests.faults.pairs.pair import Pair
from tests.faults.pairs.showing import untrue
from tests.faults.pairs.source import SourceText, source_in
from theorems.tools.weights import weight


def named(name: str) -> Pair:
    """The pair of that name."""
    (found,) = (pair for pair in PAIRS if pair.name == name)
    return found


def chosen(names: Sequence[str]) -> list[tuple[str, str]]:
    """The pairs with the theorems that are asked for, by either's name; raises `LookupError` for another name."""
    known = {pair.name for pair in PAIRS} | {name for pair in PAIRS for name in pair.theorems}
    if unknown := [name for name in names if name not in known]:
        pairs = ", ".join(pair.name for pair in PAIRS)
        raise LookupError(f"{unknown[0]!r} is no pair, nor the full name of a theorem of one; the pairs are {pairs}")
    every = [(pair.name, name) for pair in PAIRS for name in pair.theorems]
    return [key for key in every if not names or set(key) & set(names)]


def run(root: Path, keys: Sequence[tuple[str, str]], jobs: int) -> Iterator[Row | str]:
    """A row for each pair with a theorem, as they end, the slow ones first; and what keeps a pair from being one."""
    ordered = sorted(keys, key=lambda key: weight(key[1]), reverse=True)
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        ahead = {pool.submit(_row, root, *key): ": ".join(key) for key in ordered}
        ahead |= {pool.submit(_untrue, root, name): name for name in dict.fromkeys(name for name, _ in keys)}
        for ended in as_completed(ahead):
            try:
                found = ended.result()
            except Exception as why:
                found = f"{ahead[ended]}: {type(why).__name__}: {why}"
            if found:
                yield found


@cache
def read_source(root: Path) -> SourceText:
    """The source below `root`, which is read once in each process; raises `LookupError` where there is none."""
    source = source_in(root)
    if not source.reading.declarations:
        raise LookupError(f"{root} declares none of the definitions: the root of a TorchLean checkout is expected")
    return source


def _row(root: Path, pair: str, theorem: str) -> Row | str:
    return row(read_source(root), named(pair), theorem)


def _untrue(root: Path, name: str) -> Row | str:
    why = untrue(read_source(root), named(name))
    return why and f"{name}: {why}"
