"""The numbers that pages state of measurements are those of `benchmarks/figures/`, and none stands there unheld."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.docs import cpu_figures, gpu_figures, measured
from tests.docs.measured import NUMBER, figures, held_text, not_held, not_said
from tests.docs.pages import Page, manual

HELD = {held.PAGE: held for held in (gpu_figures, cpu_figures)}
EACH_PAGE = pytest.mark.parametrize("page", [p for p in manual() if p.path in HELD], ids=lambda page: page.path)
FILES = [(gpu_figures.PAGE, name) for name in (*gpu_figures.FILES, "gpu-h100")]
FILES += [(cpu_figures.PAGE, name) for name in ("cpu-family-25", *cpu_figures.RUNS)]


def text_of(page: Page) -> str:
    return held_text(page, HELD[page.path].SECTIONS)


@EACH_PAGE
def test_what_a_page_says_was_measured_is_what_was(page: Page) -> None:
    assert not_said(text_of(page), HELD[page.path].phrases()) == []


@EACH_PAGE
def test_no_measured_number_goes_unheld(page: Page) -> None:
    assert not_held(text_of(page), HELD[page.path].phrases()) == []


# ---- the checks can fail


@EACH_PAGE
def test_a_changed_number_is_seen(page: Page) -> None:
    text, phrases = text_of(page), list(HELD[page.path].phrases())
    numbers = list(NUMBER.finditer(text))
    assert len(numbers) > 80
    for found in numbers:
        other = f"{text[: found.start()]}{(int(found[0][0]) + 1) % 10}{text[found.start() + 1 :]}"
        assert not_said(other, phrases) or not_held(other, phrases), found


def changed(value: Any, by: Iterator[float]) -> Any:
    """The same document with every measured number changed, each in another way."""
    if isinstance(value, dict):
        return {key: changed(item, by) if key != "dims" else item for key, item in value.items()}
    if isinstance(value, list):
        return [changed(item, by) for item in value]
    return value * next(by) if isinstance(value, float) else value


@pytest.mark.parametrize(("path", "name"), FILES)
def test_changed_figures_are_seen(path: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    factors = iter([1.01 + k % 97 / 100 for k in range(10_000)])
    other = changed(figures(name), factors)
    whole = HELD[path]
    monkeypatch.setattr(whole, "figures", lambda asked: other if asked == name else measured.figures(asked))
    (page,) = (page for page in manual() if page.path == path)
    assert not_said(text_of(page), whole.phrases())
