"""The names of a project that are nearest to one that it does not have."""

from __future__ import annotations

import re
from difflib import get_close_matches

from theorems.tools.tracing.project import LeanProject

# Above so many names none is compared letter by letter.
_MOST = 20_000


def nearest(name: str, project: LeanProject) -> str:
    """`; did you mean …?` with the names that are nearest, or nothing: the same last part, else its namespace."""
    space, _, last = name.rpartition(".")
    names = list(project.declarations)
    same = [known for known in names if known == last or known.endswith(f".{last}")]
    inside = [known for known in names if known.rpartition(".")[0] == space]
    near = same[:3] or [*_close(last, inside), *_close(last, names)]
    return f"; did you mean {', '.join(list(dict.fromkeys(near))[:3])}?" if near else ""


def named_by_attribute(name: str, project: LeanProject) -> str:
    """`; …` with the declaration whose attribute says the name, as `to_additive add_comm` does; else nothing."""
    last = name.rpartition(".")[2]
    # After the attribute's own name, and last: what stands in brackets is an option.
    word = re.compile(rf"[\w)]\s+(?:{re.escape(name)}|{re.escape(last)})\s*(?:,|$)")
    for one in project.reading.declarations:
        said = next((attribute for attribute in one.attributes if last in attribute and word.search(attribute)), "")
        if said:
            return f"; @[{said}] of {one.name}, {one.file}:{one.line}, may make it: no text declares it"
    return ""


def named_in_proof(name: str, project: LeanProject) -> str:
    """`; …` with the theorem whose proof declares a function of that name; else nothing."""
    one = project.declaring(name)
    return f"; the proof of {one.name}, {one.file}:{one.line}, declares it, and proofs are not compared" if one else ""


def _close(last: str, names: list[str]) -> list[str]:
    if len(names) > _MOST:
        return []
    by_last = {name.rpartition(".")[2]: name for name in names}
    return [by_last[one] for one in get_close_matches(last, by_last, n=3, cutoff=0.6)]
