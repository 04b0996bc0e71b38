"""The options that say what arithmetic a kernel computes in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from theorems.tools.cli.words import Positive

_DTYPES = click.Choice(("bfloat16", "float16", "tf32"))
_ULPS = Positive()
_OPTIONS = (
    click.option(
        "--accumulate",
        type=click.Choice(("float64", "float32", "bfloat16", "tf32")),
        help="What it computes in; tf32 is float32 with the operands of products in tf32.",
    ),
    click.option("--operand-dtype", type=_DTYPES, help="What the operands of products of matrices are rounded to."),
    click.option("--p-dtype", type=_DTYPES, help="What softmax's weights are rounded to before they meet the values."),
    click.option(
        "--order",
        type=click.Choice(("any", "tree", "sequential")),
        help="How the terms of a sum are added; with tree the bounds are far narrower.",
    ),
    click.option("--exp-ulps", type=_ULPS, help="The largest error of its exp, in units in the last place."),
    click.option("--tanh-ulps", type=_ULPS, help="The largest error of its tanh, in units in the last place."),
)


def declared_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with these options, in this order; nothing is said where they are not given."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
