"""The numbers of the page on speed, from the figures of two CPUs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.docs.measured import figures

PAGE, SECTIONS = "docs/speed.md", ("Figures", "How far to trust them")
FAMILIES, SIZES, KEYS = (25, 26), ("small", "mid", "large"), ("forward", "vjp")
# Of the newer processor three runs are kept, the middle one first.
RUNS = ("cpu-family-26", "cpu-family-26-second", "cpu-family-26-third")
OURS, UNSKIPPED, BATCHED = "leanmirror", "leanmirror, nothing skipped", "jax naive"
SHORT = {"jax naive, one example": "plain JAX", "numpy": "NumPy"}
# Of runs that are in no file.
ELSEWHERE = ("The three gave 1.04, 1.16 and 1.18 at mid with VJP, and 1.12, 1.18 and 1.20 at large.",)


def found(family: int, size: str) -> dict[str, dict[str, Any]]:
    """Who took part, by name."""
    return in_file(f"cpu-family-{family}", size)


def in_file(name: str, size: str) -> dict[str, dict[str, Any]]:
    """The same of a file of figures."""
    (of_size,) = (s for s in figures(name)["sizes"] if s["name"] == size)
    return {row["name"]: row for row in of_size["candidates"] if "seconds" in row}


def over_ours(family: int, size: str, who: str, key: str = "vjp") -> float:
    """How many times as long somebody takes as ours."""
    return found(family, size)[who]["over_ours"][key]["median"]


def share(family: int, size: str, who: str, key: str) -> float:
    """The share of the rate of a matrix product."""
    return found(family, size)[who]["of_matmul"][key]["median"]


def phrases() -> Iterator[str]:
    """Everything with a number that the page says."""
    yield from (f"[family {k}](../benchmarks/figures/cpu-family-{k}.json)" for k in FAMILIES)
    yield from (_row(family, size) for family in FAMILIES for size in SIZES)
    first, second = (f"{over_ours(k, 'small', BATCHED):.2f}" for k in FAMILIES)
    yield f"at small with VJP ours is {first} times as fast as that (family 26: {second})"
    yield _skipping()
    yield from _memory()
    yield _three_runs()
    yield "so skipping can lift one above 1"
    yield from ("| family 25 |", "| family 26 |")
    yield from ELSEWHERE


def _row(family: int, size: str) -> str:
    who, own = found(family, size), found(family, size)[OURS]
    dims = figures(f"cpu-family-{family}")["sizes"][SIZES.index(size)]["dims"]
    shown = (dims[key] for key in ("num_heads", "seq_len", "head_dim", "d_model", "d_ff"))
    label = f"{size} ({', '.join(map(str, shown))})" if family == FAMILIES[0] else size
    peers = [name for name in who if not name.startswith(OURS) and name != BATCHED]
    best = [min(peers, key=lambda name, key=key: who[name]["over_ours"][key]["median"]) for key in KEYS]
    ratios = (f"{over_ours(family, size, n, k):.2f} ({SHORT.get(n, n)})" for n, k in zip(best, KEYS, strict=True))
    shares = ", ".join(f"{share(family, size, OURS, key):.2f}" for key in KEYS)
    return f"| {family} | {label} | {' | '.join(map(_ms, (own, own), KEYS))} | {' | '.join(ratios)} | {shares} |"


def _ms(row: dict[str, Any], key: str) -> str:
    """The median in milliseconds, as precise as it is worth."""
    t = 1000 * row["seconds"][key]["median"]
    return f"{t:.2f} ms" if t < 10 else f"{t:.1f} ms" if t < 100 else f"{t:.0f} ms"


def _skipping() -> str:
    mid, large = ([f"{over_ours(k, size, UNSKIPPED):.2f}" for k in FAMILIES] for size in ("mid", "large"))
    return (
        f"Skipping makes forward and VJP {mid[0]} times as fast at mid and {large[0]} times at large (family 26: "
        f"{mid[1]} and {large[1]})."
    )


def _three_runs() -> str:
    at = {size: sorted(f"{best_ratio(name, size, 'vjp'):.2f}" for name in RUNS) for size in SIZES}
    others = zip(("one", "two"), RUNS[1:], strict=True)
    files = ", ".join(f"[{word}](../benchmarks/figures/{name}.json)" for word, name in others)
    return (
        f"Three runs; the figures are those of the middle one at mid with VJP (the others: {files}). The three gave "
        f"{_and(at['small'])} at small with VJP, {_and(at['mid'])} at mid and {_and(at['large'])} at large."
    )


def best_ratio(name: str, size: str, key: str) -> float:
    """The best peer's time over ours in a file of figures."""
    rows = in_file(name, size)
    return min(row["over_ours"][key]["median"] for who, row in rows.items() if not who.startswith(OURS))


def _memory() -> Iterator[str]:
    for growth in (figures(f"cpu-family-{k}")["growth"] for k in FAMILIES):
        at, held = growth["seq_len"], [f"{size / 2**20:.0f}" for size in growth["temp_bytes"]]
        whole = growth["dims"]["num_heads"] * at[-1] ** 2 * 4 / 2**20
        yield (
            f"The extra memory of both is {_and(held)} MiB at S = {_and(map(str, at))} (mid's other sizes), where one "
            f"S×S matrix a head would take {whole:.0f} MiB at the last."
        )


def _and(words: Any) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}"
