"""What pages say of measurements: every phrase with a number in it is made again of `benchmarks/figures/`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from tests.docs.pages import Page
from tests.source import ROOT

# Names with digits in them; what else has one says how much of something there is.
_NAMES = re.compile(r"\b(?:bfloat16|float32|float64|H[12]00)\b")
NUMBER = re.compile(r"\d[\d.,]*")


@cache
def figures(name: str) -> dict[str, Any]:
    """A file of figures."""
    return json.loads((ROOT / "benchmarks" / "figures" / f"{name}.json").read_text("utf-8"))


def on_one_line(text: str) -> str:
    """The text without line breaks, as phrases are looked for."""
    return " ".join(text.split())


def held_text(page: Page, sections: Iterable[str]) -> str:
    """What stands under some headings."""
    return on_one_line(" ".join(page.section(title) or "" for title in sections))


def not_said(text: str, phrases: Iterable[str]) -> list[str]:
    """The phrases that a page should have and has not: a number was changed there, or in the figures."""
    return [phrase for phrase in phrases if phrase not in text]


def not_held(text: str, phrases: Iterable[str]) -> list[str]:
    """The numbers on a page that are in no phrase, each with the words before it."""
    for phrase in sorted(phrases, key=len, reverse=True):
        text = text.replace(phrase, " … ")
    text = _NAMES.sub(" ", text)
    return [text[max(0, found.start() - 30) : found.end()] for found in NUMBER.finditer(text)]
