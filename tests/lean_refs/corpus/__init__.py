"""A small Lean library of our own: files for the reader and the interpreter, each saying what must come of it."""

from __future__ import annotations

from pathlib import Path

from lean_refs.reader.records import FileReading
from lean_refs.reader.scan import read_text

HERE = Path(__file__).parent


def text(name: str) -> str:
    """The text of one file of the corpus."""
    return (HERE / f"{name}.lean").read_text("utf-8")


def read(name: str) -> FileReading:
    """The reading of one file of the corpus."""
    return read_text(f"NN/Loom/{name}.lean", text(name))


def says(docstring: str | None) -> str:
    """What a docstring says, on one line."""
    return " ".join((docstring or "").split())
