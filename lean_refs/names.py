"""How a full Lean name, a suffix or a glob of either selects names, and what is nearest to a name that is unknown."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase


def matching(pattern: str, names: Iterable[str]) -> list[str]:
    """The names that `pattern` is, ends at a dot (`Idx.last` is a suffix of `Proofs.Autograd.Idx.last`), or globs.

    A glob may be of a suffix too: `Idx.*` is one of `Proofs.Autograd.Idx.last`.
    """
    globs = (pattern, f"*.{pattern}")
    return [
        n for n in names if n == pattern or n.endswith("." + pattern) or any(fnmatchcase(n, glob) for glob in globs)
    ]


def is_glob(pattern: str) -> bool:
    """Whether a pattern may name several, by a sign of its own."""
    return any(sign in pattern for sign in "*?[")


def shown(name: str) -> str:
    """A name as a message shows it: in quotes where nothing would be seen of it."""
    return name if name.strip() else repr(name)


def did_you_mean(unknown: str, names: Iterable[str]) -> str:
    """`; did you mean …?` with the nearest names by their last component, or nothing where none is near."""
    from difflib import get_close_matches  # here, because the pytest plugin imports this module in everybody's runs

    short = {n.rsplit(".", 1)[-1]: n for n in names}
    near = get_close_matches(unknown.rsplit(".", 1)[-1], short, n=3, cutoff=0.4)
    return "; did you mean " + ", ".join(short[n] for n in near) + "?" if near else ""
