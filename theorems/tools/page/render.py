"""From the view model to one HTML file that needs nothing else; every text is escaped."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from theorems.tools.output.counted import counted
from theorems.tools.page.documents import KINDS
from theorems.tools.page.figures import count, power, share
from theorems.tools.page.page import PageView

_FILTERS: dict[str, Callable[..., str]] = {"count": count, "power": power, "share": share, "counted": counted}


def html(view: PageView) -> str:
    """The page; the same bytes for the same view."""
    return environment().get_template("page.html").render(page=view)


@cache
def environment() -> Environment:
    """What every template of the page is rendered in."""
    made = Environment(
        loader=PackageLoader("theorems.tools.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(_FILTERS)
    made.globals["page_commands"] = {kind: command for kind, (_, command) in KINDS.items()}
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    return made
