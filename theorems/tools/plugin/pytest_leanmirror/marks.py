"""The Lean names on tests, and selection by them."""

from __future__ import annotations

import pytest

from pytest_leanmirror.options import patterns
from pytest_leanmirror.ours import hidden, require
from pytest_leanmirror.workers import refuse


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    try:
        names = [_marked(item) for item in items]
        for item, own in zip(items, names, strict=True):
            item.user_properties.extend((_kind(name), name) for name in own)
        if wanted := patterns(config):
            _select(config, items, names, wanted)
    except pytest.UsageError as refusal:
        refuse(config, refusal)
        items.clear()


def _marked(item: pytest.Item) -> list[str]:
    """The Lean names of an item's markers, the closest first, each once."""
    names: dict[str, None] = {}
    for marker in item.iter_markers("lean"):
        if not marker.args or marker.kwargs or not all(isinstance(a, str) and a for a in marker.args):
            said = ", ".join([*map(repr, marker.args), *(f"{k}={v!r}" for k, v in marker.kwargs.items())])
            raise pytest.UsageError(f"{item.nodeid}: lean({said}) should be lean(name, ...) with full Lean names")
        names.update(dict.fromkeys(marker.args))
    return list(names)


def _kind(name: str) -> str:
    """`definition` for a definition of the pinned revision, `theorem` for every other name."""
    if hidden("lean_refs"):  # the table says so
        return "theorem"
    from lean_refs import load_pin

    declaration = load_pin().declarations.get(name)
    return "theorem" if declaration is None or declaration.is_theorem else "definition"


def _select(
    config: pytest.Config, items: list[pytest.Item], names: list[list[str]], wanted: list[tuple[str, str]]
) -> None:
    require("lean_refs")
    from lean_refs.names import matching

    known = sorted({name for own in names for name in own})
    chosen: set[str] = set()
    for option, pattern in wanted:
        found = matching(pattern, known)
        if not found:
            raise pytest.UsageError(f"{option}: {_unknown(pattern, known)}")
        chosen.update(found)
    pairs = list(zip(items, names, strict=True))
    items[:] = [item for item, own in pairs if chosen.intersection(own)]
    config.hook.pytest_deselected(items=[item for item, own in pairs if not chosen.intersection(own)])


def _unknown(pattern: str, known: list[str]) -> str:
    from lean_refs.names import did_you_mean, shown

    if not known:
        return f"nothing is called {shown(pattern)}: no collected test carries the lean marker"
    return f"no collected test is about {shown(pattern)}{did_you_mean(pattern, known)}"
