"""The numbers that pages state of this project, each with where it comes from, and how to write them anew."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, partial

from lean_refs import load_pin
from mirror.reasons import WITHOUT_COUNTERPART
from tests.faults.catalogue import FAULTS
from theorems.engine.blocks import BLOCK
from theorems.engine.reasons import NOT_RUN
from theorems.engine.registry import theorems
from theorems.engine.report import MOST_LEFT_OUT, SHARE_FROM
from theorems.engine.sizes import PROFILES

# Where on a page a count stands: a pattern whose only group is the number.
PLACES = {
    "theorems": (r"(\d[\d,]*) theorems and lemmas", r"\d+/(\d+) theorems", r"\b(\d+)/\d+ theorems"),
    "theorems run": (
        r"(\d[\d,]*) (?:of them )?run\b",
        r"\d+ of (\d+) theorems (?:hold|have)",
        r"(\d+) of \d+ theorems (?:hold|have)",
        r"(\d+) of the \d+ theorems and lemmas",
    ),
    "theorems not run": (r"(\d+) (?:of them )?(?:is|are) listed with (?:its|their) reason",),
    "definitions": (r"(\d[\d,]*) definitions", r"\d+/(\d+) definitions", r"\b(\d+)/\d+ definitions"),
    "definitions without counterpart": (r"(\d+) definitions? without a counterpart",),
    "declarations": (r"(\d[\d,]*) declarations",),
    "seed": (r"(\d+)/\d+ of the decoder-block module", r"\d+/(\d+) of the decoder-block module"),
    "faults": (r"(\d[\d,]*) (?:deliberate )?faults",),
    "quick instances": (r"(\d[\d,]*) (?:random )?instances (?:of each|for each|a theorem)",),
    "nightly instances": (r"\((\d[\d,]*) in the nightly profile\)",),
    "instances of a block": (r"drawn in blocks of (\d+)",),
    "percent left out": (r"at most (\d+)% may be left out",),
    "instances with a share": (r"Of (\d+) instances and more",),
    "instances of a run": (r"hold: (\d[\d,]*) instances tried",),
}
# A number of such things is either checked above or a mistake.
_COUNTED = re.compile(r"(?<![\d.,/])(\d[\d,]*) (?:\w+ )?(theorems|lemmas|definitions|declarations|faults)\b")
# The commands whose output counts everything there is.
_OF_ALL = ("make check", "leanmirror list --summary", "leanmirror audit")
_FENCE = re.compile(r"(^ *```.*?^ *```$)", re.MULTILINE | re.DOTALL)


@cache
def counts() -> Mapping[str, int]:
    """What each name of `PLACES` counts, by the registry, the pin and the catalogue."""
    pin = load_pin()
    return {
        "theorems": len(pin.theorems),
        "theorems run": len(theorems()),
        "theorems not run": len(NOT_RUN),
        "definitions": len(pin.definitions),
        "definitions without counterpart": len(WITHOUT_COUNTERPART),
        "declarations": len(pin.declarations),
        "seed": len(pin.seed),
        "faults": len(FAULTS),
        "quick instances": PROFILES["quick"].examples,
        "nightly instances": PROFILES["nightly"].examples,
        "instances of a block": BLOCK,
        "percent left out": round(100 * MOST_LEFT_OUT),
        "instances with a share": SHARE_FROM,
        "instances of a run": PROFILES["quick"].examples * len(theorems()),
    }


def renewed(text: str) -> str:
    """The page with the counts as they are now, outside the output of commands that are about a part of the project."""
    pieces = _FENCE.split(text)
    return "".join(piece if _is_of_a_part(piece) else _renewed(piece) for piece in pieces)


def _is_of_a_part(piece: str) -> bool:
    return piece.lstrip(" ").startswith("```") and not any(f"\n$ {command}\n" in piece for command in _OF_ALL)


def _renewed(text: str) -> str:
    for name, patterns in PLACES.items():
        for pattern in patterns:
            text = re.sub(pattern, partial(_with, number=counts()[name]), text)
    return text


def _with(found: re.Match[str], number: int) -> str:
    """The match with another number, written with commas where the old one was."""
    new = f"{number:,}" if "," in found[1] else str(number)
    start, end = found.start(1) - found.start(), found.end(1) - found.start()
    return found[0][:start] + new + found[0][end:]


def wrong(text: str) -> list[str]:
    """The lines of a page whose counts are not those of the project."""
    return [line for line, now in zip(text.splitlines(), renewed(text).splitlines(), strict=True) if line != now]


def unchecked(text: str) -> list[str]:
    """Numbers of theorems, definitions and the like in the prose that no pattern holds to anything."""
    prose = _FENCE.sub("", text)
    patterns = [pattern for places in PLACES.values() for pattern in places]
    held = {found.span(1) for pattern in patterns for found in re.finditer(pattern, prose)}
    return [found[0] for found in _COUNTED.finditer(prose) if found.span(1) not in held]
