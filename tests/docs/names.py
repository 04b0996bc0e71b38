"""What pages name in inline code, and whether it is there: files, modules, commands, options."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from tests.docs.commands import every_option, faults
from tests.docs.pages import Page, page
from tests.source import ROOT

_ROOMS = ("mirror", "theorems", "lean_refs", "benchmarks", "tests")
_PATH = re.compile(rf"(?:{'|'.join(_ROOMS)}|docs|\.ci|\.github)/[\w./-]*")
_DOTTED = re.compile(rf"(?:{'|'.join(_ROOMS)})(?:\.\w+)+|pytest_leanmirror")
_COMMAND = re.compile(r"(?:leanmirror|pytest|make|python -m|pip) .+")
# What a run writes, and what a person gives a name.
_NOT_THERE = ("lean_refs/pins/REVISION.json", "tests/test_cart.py")


def absent(spans: Iterable[str], root: Path = ROOT) -> list[str]:
    """The paths, modules and attributes in inline code that do not exist, and what is wrong with commands there."""
    return [fault for span in spans for fault in _faults(span, root)]


def _faults(span: str, root: Path) -> list[str]:
    if _PATH.fullmatch(span):
        return [] if span in _NOT_THERE or (root / span).exists() else [f"there is no {span}"]
    if _DOTTED.fullmatch(span):
        return [] if _resolves(span) else [f"there is no {span}"]
    if _COMMAND.fullmatch(span) and "…" not in span:
        return faults(span)
    if span.startswith("-") and span != "-":
        known = every_option()
        return [f"no command has {w}" for w in shlex.split(span)[:1] if re.split(r"[=\[]", w)[0] not in known]
    return []


def _resolves(name: str) -> bool:
    """Whether a dotted name is a module, or what a module holds."""
    module, _, attribute = name.rpartition(".")
    try:
        if find_spec(name) is not None:
            return True
    except ModuleNotFoundError:  # its parent is no package
        pass
    return bool(module) and _resolves(module) and hasattr(import_module(module), attribute)


def broken_links(of: Page, root: Path = ROOT) -> list[str]:
    """The relative links of a page that lead to no file, or to no heading of it."""
    return [link for link in of.links if not re.match(r"[a-z]+:", link) and not _leads(of, link, root)]


def _leads(of: Page, link: str, root: Path) -> bool:
    path, _, heading = link.partition("#")
    target = (root / of.path).parent / path if path else root / of.path
    if not target.exists():
        return False
    return not heading or heading in page(target.resolve(), root.resolve()).anchors


# Phrases that the house style turns down, in its own words or as riddles.
_PHRASES = ("at hand", "plainly written", "written plainly", "written out plainly", "else of ours")
BANNED = re.compile("|".join(rf"\b{phrase}\b" for phrase in _PHRASES), re.IGNORECASE)


def banned(text: str) -> list[str]:
    """The phrases in a text that the house style turns down, also across a line break."""
    return BANNED.findall(" ".join(text.split()))
