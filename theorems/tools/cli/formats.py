"""`--format`: what a command prints, for people or for a pull request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click


def format_option(*formats: str) -> Callable[[Any], Any]:
    """The option with `text`, its default, and these formats; the parameter is called `form`."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["text", *formats]),
        default="text",
        show_default=True,
        help="What to print: text for a terminal, or what a pull request shows.",
    )
