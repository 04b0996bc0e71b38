"""The pictures of `--plot`: an SVG with what it is about, the same bytes for the same report."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest

from tests.tools.page.reports import BLOCK, TRAITS, check, conform, entry, line
from theorems.tools.page.pictures import picture_of_kernel, picture_of_run

Picture = Callable[[Any], bytes]


def drawn(picture: Picture, data: Any) -> str:
    text = picture(data).decode("utf-8")
    assert ET.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"
    return text


@pytest.mark.unmeasured
@pytest.mark.parametrize(("picture", "data"), [(picture_of_run, check()), (picture_of_kernel, conform())])
def test_the_same_report_gives_the_same_bytes(picture: Picture, data: Any) -> None:
    assert picture(data) == picture(data)


def test_a_run_is_drawn_with_all_its_distributions() -> None:
    text = drawn(
        picture_of_run, check(entry(BLOCK, traits=TRAITS), entry("other", "refuted", traits={"mask: none": 3}))
    )
    for word in (
        "dimensions",
        "masks",
        "values",
        "ε",
        "causal, gap -1e9",
        "every input",
        "active, of 15 measured instances",
    ):
        assert f">{word}<" in text
    assert ">1 of 2 theorems hold: 120 instances, profile quick, seed 0<" in text


def test_a_kernel_is_drawn_with_its_bound_and_the_rules_of_others() -> None:
    text = drawn(picture_of_kernel, conform())
    for word in (
        "no mask",
        "other masks",
        "KernelBench lets pass",
        "bound",
        "kernels:attention: attention, float32, 2 not drawn",
    ):
        assert f">{word}<" in text


@pytest.mark.parametrize(
    ("picture", "data"),
    [
        (picture_of_run, check(theorems=[])),
        (picture_of_kernel, conform(line("no mask", None, failed="it raises"))),
    ],
)
def test_where_there_is_nothing_to_draw_the_picture_is_empty(picture: Picture, data: Any) -> None:
    drawn(picture, data)
