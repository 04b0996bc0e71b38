"""Which program computes the attention: XLA's, cuDNN's or our kernels, as asked for or as measured.

`choices.json` holds what was measured: by device kind, rules from dtypes and mask families to a path, with the
versions and the figures behind them. A device that it does not name gets XLA.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple, TypedDict

from mirror.jit import device
from mirror.jit.plan import TileLayout

PATHS = ("auto", "xla", "cudnn", "pallas")
# What cuDNN's attention takes, and what a dot in a Pallas kernel does.
CUDNN_DTYPES, KERNEL_DTYPES = ("bfloat16",), ("float32", "bfloat16")
LARGEST_HEAD, LEAST_TILE = 256, 16


class MeasuredRule(TypedDict):
    """That a path was the fastest for some formats and mask families, from so many positions."""

    dtypes: list[str]
    families: list[str]
    least_positions: int
    path: str


class MeasuredDevice(TypedDict):
    """What was measured on a kind of device: with which versions, in which files of figures, and what follows."""

    versions: dict[str, str]
    figures: list[str]
    rules: list[MeasuredRule]


class MeasuredChoices(TypedDict):
    """The table, by the device's own name."""

    schema: int
    devices: dict[str, MeasuredDevice]


class Requested(NamedTuple):
    """What a path has to compute: the format, the mask, the head dimension, and whether tiles may be skipped."""

    dtype: str
    layout: TileLayout
    dim: int
    skip: bool


def path_for(path: str, schedule: str, asked: Requested) -> str:
    """The path: xla, cudnn or pallas. Raises `ValueError` for one that there is not or that cannot do what is asked."""
    if path not in PATHS:
        raise ValueError(f"path is {path!r}, expected one of {', '.join(PATHS)}")
    if schedule != "panels":
        if path not in ("auto", "xla"):
            raise ValueError(f"schedule={schedule!r} is XLA's, path is {path!r}: leave out one of them")
        return "xla"
    if path == "auto":
        return measured(asked)
    if why := refusal(path, asked):
        raise ValueError(f"path='{path}' {why}: use path='xla' or path='auto'")
    return path


def measured(asked: Requested) -> str:
    """The first path that was measured to be the fastest here and can do what is asked, else xla."""
    for rule in rules(device.here().kind):
        applies = asked.dtype in rule["dtypes"] and asked.layout.family in rule["families"]
        if applies and asked.layout.seq_len >= rule["least_positions"] and refusal(rule["path"], asked) is None:
            return rule["path"]
    return "xla"


def rules(kind: str) -> list[MeasuredRule]:
    """The rules of a device kind, in their order."""
    known = choices()["devices"].get(kind)
    return known["rules"] if known else []


@cache
def choices() -> MeasuredChoices:
    """The table of measured choices."""
    return json.loads(Path(__file__).with_name("choices.json").read_text("utf-8"))


def refusal(path: str, asked: Requested) -> str | None:
    """Why a path cannot compute this, or None."""
    checks = {"cudnn": _not_by_cudnn, "pallas": _not_by_kernels}
    return checks[path](asked) if path in checks else None  # XLA computes everything


def _not_by_cudnn(asked: Requested) -> str | None:
    here, layout = device.here(), asked.layout
    if not here.is_nvidia:
        return f"needs an NVIDIA GPU, JAX computes on {here.kind} here"
    if asked.dtype not in CUDNN_DTYPES:
        return f"takes {' or '.join(CUDNN_DTYPES)}, the context has {asked.dtype}"
    if layout.band is None and layout.family != "no mask":
        return f"takes no mask, a causal one or a sliding window, the plan's is {layout.family}"
    if layout.band is not None and not asked.skip:
        return "computes no blocked key, and skip=False asks for all"
    if asked.dim % 8 or asked.dim > LARGEST_HEAD:
        return f"takes a head dimension that 8 divides, of at most {LARGEST_HEAD}, the context has {asked.dim}"
    return None


def _not_by_kernels(asked: Requested) -> str | None:
    here, layout = device.here(), asked.layout
    if here.platform not in ("cpu", "gpu"):
        return f"has kernels for GPUs, JAX computes on {here.kind} here"
    if asked.dtype not in KERNEL_DTYPES:
        return f"takes {' or '.join(KERNEL_DTYPES)}, the context has {asked.dtype}"
    if asked.dim > LARGEST_HEAD:
        return f"takes a head dimension of at most {LARGEST_HEAD}, the context has {asked.dim}"
    if layout.seq_len > layout.tile and layout.tile % LEAST_TILE:
        return f"takes tiles that {LEAST_TILE} divides, the plan's are of {layout.tile}"
    return None if has_backend() else "needs JAX's Pallas for Triton, which this version does not have"


@cache
def has_backend() -> bool:
    """Whether JAX has what the kernels are written for: newer versions announce that it will go."""
    return find_spec("jax.experimental.pallas.triton") is not None
