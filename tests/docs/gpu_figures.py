"""The numbers of the page on devices, from the figures of GPUs and the table of choices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mirror.jit.paths import choices
from tests.docs.measured import figures
from theorems.tools.bench.accelerator.problems import WINDOW

PAGE, SECTIONS = "docs/devices.md", ("GPUs",)
FILES = choices()["devices"]["NVIDIA H200"]["figures"]
OURS, CUDNN, KERNELS, XLA = "leanmirror", "leanmirror, cudnn", "leanmirror, pallas", "leanmirror, xla"
TOLD, BIASED, FLEX, NAIVE = "jax.nn cuDNN, is_causal", "jax.nn cuDNN, bias", "FlexAttention", "jax naive"
# As the page calls who took part.
SHORT = {CUDNN: "cuDNN", KERNELS: "kernels", TOLD: "JAX's cuDNN, told", FLEX: FLEX}
SHORT |= {"torch SDPA, is_causal": "SDPA, is_causal", "torch SDPA, bias": "SDPA, bias"}
PATH_NAMES = {"cudnn": "cuDNN", "pallas": "our kernels"}
LENGTHS = (512, 1024, 2048, 4096, 8192, 16384)
FAMILIES = ("causal", "sliding window", "dense")
SHOWN = [("causal", n) for n in (512, 2048, 8192, 16384)]
SHOWN += [("window", n) for n in (2048, 8192)] + [("dense", n) for n in (2048, 4096, 8192)]


def rows(bias: str, n: int, dtype: str = "bfloat16") -> dict[str, dict[str, Any]]:
    """The rows of a problem that have times, by who took part."""
    problems = [problem for name in FILES for problem in figures(name)["problems"]]
    asked = [p for p in problems if (p["bias"], p["dims"]["positions"], p["dtype"]) == (bias, n, dtype)]
    (found,) = (p for p in asked if any("seconds" in row for row in p["rows"]))
    return {row["name"]: row for row in found["rows"] if "seconds" in row}


def measured_at(n: int) -> set[str]:
    """The biases under which anybody was timed in bfloat16 at some length."""
    problems = [p for name in FILES for p in figures(name)["problems"] if any("seconds" in row for row in p["rows"])]
    return {p["bias"] for p in problems if (p["dims"]["positions"], p["dtype"]) == (n, "bfloat16")}


def ms(row: dict[str, Any], key: str) -> float:
    """The median, in milliseconds."""
    return 1000 * row["seconds"][key]["median"]


def times(who: str, other: str, bias: str, n: int) -> list[str]:
    """How many times as long one takes as the other: forward, and with VJP."""
    found = rows(bias, n)
    return [f"{ms(found[who], key) / ms(found[other], key):.2f}" for key in ("forward", "vjp")]


def phrases() -> Iterator[str]:
    """Everything with a number that the page says of GPUs."""
    yield from _rules()
    yield from _setting()
    yield from (_row(bias, n) for bias, n in SHOWN)
    yield from _causal_and_window()
    yield from _dense_and_memory()
    yield from _xla()
    yield from _first_look()


def _rules() -> Iterator[str]:
    for kind, entry in choices()["devices"].items():
        by_family = {family: rule for rule in entry["rules"] for family in rule["families"]}
        cells = (_cell(by_family.get(family)) for family in FAMILIES)
        yield f"| {kind} | {' | '.join(cells)} |"
    least = min(n for n in LENGTHS if "dense" in measured_at(n))
    yield f"a dense bias in bfloat16 at fewer than {least} positions"


def _cell(rule: Any) -> str:
    return f"{PATH_NAMES[rule['path']]}, from {rule['least_positions']} positions" if rule else "not measured"


def _setting() -> Iterator[str]:
    measured = [p for name in FILES for p in figures(name)["problems"] if any("seconds" in r for r in p["rows"])]
    ((heads, dim, together),) = {
        (d["heads"], d["head_dim"], d["batch"] * d["positions"]) for d in (p["dims"] for p in measured)
    }
    yield f"with H = {heads}, d = {dim} and B·S = {together}"
    yield f"other head dimensions than {dim}"
    for name in FILES:
        long = sorted({n for p in measured if p in figures(name)["problems"] for n in [p["dims"]["positions"]]})
        yield f"[{' to '.join(map(str, dict.fromkeys((long[0], long[-1]))))}](../benchmarks/figures/{name}.json)"
    versions = figures(FILES[0])["versions"]
    cudnn, torch = (".".join(versions[key].split(".")[:2]) for key in ("nvidia-cudnn-cu13", "torch"))
    yield f"JAX {versions['jax']}, cuDNN {cudnn}, PyTorch {torch}"
    half = [f"{_rate(name, 'bfloat16'):.0f}" for name in FILES]
    single = f"{_rate(FILES[0], 'float32'):.0f}"
    yield f"at {half[0]}, {half[1]} and {half[2]} TFLOP/s in bfloat16 and at {single} in float32"
    yield f"the window, of {WINDOW} keys, are given as a finite bias of −1e9"


def _rate(name: str, dtype: str) -> float:
    return figures(name)["matmul"][dtype]["flops_per_second"]["median"] / 1e12


def _row(bias: str, n: int) -> str:
    """A row of the table: ours by the path that is quickest with VJP, and the quickest of the others each way."""
    found = rows(bias, n)
    mine = min((name for name in found if name.startswith(OURS)), key=lambda name: ms(found[name], "vjp"))
    others = {name: row for name, row in found.items() if not name.startswith(OURS)}
    best = [min(others, key=lambda name, key=key: ms(others[name], key)) for key in ("forward", "vjp")]
    own = " | ".join(f"{ms(found[mine], key):.3f} ms" for key in ("forward", "vjp"))
    theirs = " | ".join(f"{ms(found[name], key):.3f} ms" for name, key in zip(best, ("forward", "vjp"), strict=True))
    names = "; ".join(SHORT.get(name, name) for name in dict.fromkeys(best))
    return f"| {bias} | {n} | {SHORT[mine]} | {own} | {names} | {theirs} |"


def _causal_and_window() -> Iterator[str]:
    long, middle, longest = (times(CUDNN, TOLD, "causal", n) for n in (8192, 2048, 16384))
    yield f"At S = 8192 ours takes {long[0]} times as long forward as"
    yield (
        f"and {long[1]} times with VJP; at 2048 {middle[0]} and {middle[1]}; at 16384 {longest[0]} and {longest[1]}."
    )
    windowed = times(CUDNN, TOLD, "window", 8192)
    yield f"The same, {windowed[0]} and {windowed[1]} times as long at S = 8192."
    biased = [round(float(t)) for t in times(BIASED, CUDNN, "window", 8192)]
    yield f"cuDNN given the bias takes {biased[0]} and {biased[1]} times as long."


def _dense_and_memory() -> Iterator[str]:
    biased, flex, shorter = (times(who, KERNELS, "dense", n) for who, n in ((BIASED, 8192), (FLEX, 8192), (FLEX, 2048)))
    yield f"cuDNN given the bias takes {biased[1]} times as long as our kernels with VJP at S = 8192"
    yield f"and {biased[0]} times forward:"
    yield (
        f"FlexAttention takes {flex[0]} times as long forward and {flex[1]} times with VJP, at 2048 {shorter[0]} and "
        f"{shorter[1]}."
    )
    laws = [law for law in figures(FILES[0])["growth"] if law["exponent"] is not None]
    linear = sorted({f"{law['exponent']:.2f}" for law in laws if law["name"] in (CUDNN, KERNELS)})
    yield f"grows with S^{' or '.join(linear)} by the kernels and by cuDNN"
    (xla,) = (law for law in laws if (law["name"], law["bias"]) == (XLA, "causal"))
    low, high = xla["positions"]
    yield f"with S^{xla['exponent']:.2f} from {low} to {high} under a causal mask"


def _xla() -> Iterator[str]:
    half, single, dense = (
        rows(b, 2048, t) for b, t in (("causal", "bfloat16"), ("causal", "float32"), ("dense", "float32"))
    )
    yield (
        f"{ms(half[XLA], 'forward'):.2f} ms to {ms(half[NAIVE], 'forward'):.2f} ms forward at S = 2048 under a causal "
        f"mask, with errors of {half[XLA]['error']:.3f} and {half[NAIVE]['error']:.3f}"
    )
    xla, kernels, sdpa = (_two(single[who]) for who in (XLA, KERNELS, "torch SDPA, is_causal"))
    yield f"At S = 2048 under a causal mask XLA's panels take {xla[0]} ms forward and {xla[1]} ms with VJP"
    yield f"our kernels {kernels[0]} and {kernels[1]}, PyTorch's SDPA that is told {sdpa[0]} and {sdpa[1]}."
    xla, kernels, sdpa = (_two(dense[who]) for who in (XLA, KERNELS, "torch SDPA, bias"))
    yield f"Dense: {xla[0]} and {xla[1]}, {kernels[0]} and {kernels[1]}, SDPA {sdpa[0]} and {sdpa[1]}."
    versions = figures(FILES[0])["versions"]
    ran = any("seconds" in r for p in figures(FILES[0])["problems"] for r in p["rows"] if r["name"] == "tokamax")
    yield f"tokamax {versions['tokamax']} {'runs' if ran else 'does not run'} with JAX {versions['jax']}"


def _two(row: dict[str, Any]) -> list[str]:
    """Forward and with VJP, to three digits."""
    return [f"{t:.2f}" if t < 10 else f"{t:.1f}" for t in (ms(row, "forward"), ms(row, "vjp"))]


def _first_look() -> Iterator[str]:
    found = figures("gpu-h100")
    dims, vjp = found["dims"], {bias: found["milliseconds"][bias] for bias in ("causal", "dense")}
    yield (
        "[A first look at an H100](../benchmarks/figures/gpu-h100.json), with "
        f"H = {dims['heads']} and one example of {dims['positions']} positions"
    )
    of = {(b, who): f"{row['vjp']:.1f} ms" for b, by in vjp.items() for who, row in by.items()}
    yield f"dense with VJP {of['dense', KERNELS]} by our kernels, {of['dense', BIASED]} by cuDNN;"
    yield f"causal with VJP {of['causal', CUDNN]} by ours with cuDNN, {of['causal', TOLD]} by cuDNN alone."
