"""Where the counterpart of a Lean file is: on a path that follows from the file's, or below it."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from pkgutil import walk_packages

# Longest first: what is left of a Lean path after its prefix is its twin path here.
_LEAN_PREFIXES = ("NN/Proofs/Autograd/Tape/", "NN/Proofs/Autograd/", "NN/Proofs/", "NN/")


@cache
def snake_case(name: str) -> str:
    """A Lean CamelCase file or declaration name in Python's spelling (`FDeriv` is `fderiv`)."""
    name = name.replace("FDeriv", "Fderiv").replace("DGraph", "Dgraph")
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name).lower()


@cache
def twin_module(lean_file: str) -> str:
    """The dotted module path, below `mirror` or `theorems`, that mirrors a Lean file.

    `NN/Proofs/Autograd/Tape/Ops/Transformer/DecoderBlock.lean` is
    `ops.transformer.decoder_block`: the Lean prefix goes, the directories stay.
    """
    prefix = next(p for p in _LEAN_PREFIXES if lean_file.startswith(p))
    parts = lean_file.removeprefix(prefix).removesuffix(".lean").split("/")
    return ".".join(snake_case(part) for part in parts)


def in_twin(module: str, twin: str) -> bool:
    """Whether a module is the twin, or stands below it."""
    return f"{module}.".startswith(f"{twin}.")


@cache
def import_twin(twin: str) -> None:
    """Import a twin and every module below it, so that whatever they link or register is there.

    Raises `ModuleNotFoundError` where there is no such twin.
    """
    module = import_module(twin)
    for found in walk_packages(getattr(module, "__path__", ()), f"{twin}."):
        import_module(found.name)
