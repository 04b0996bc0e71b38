"""Old words against new ones, with what went and what came marked, and a few words around each change."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from lean_refs.prose.changes import TextChange
from lean_refs.prose.texts import Passage

_AROUND = 4


def worded(change: TextChange) -> tuple[str, str]:
    """What a text said and says where its words differ, as `[-gone-]` and `{+new+}` among the words around them.

    Both are empty where either text is known by its hashes alone.
    """
    if change.old is None or change.new is None or not change.old.said or not change.new.said:
        return "", ""
    spans = [
        _marked(_words(change.old.said[a:b]), _words(change.new.said[c:d])) for (a, b), (c, d) in change.spans
    ]  # fmt: skip
    return " … ".join(old for old, _ in spans if old), " … ".join(new for _, new in spans if new)


def marked(old: str, new: str) -> tuple[str, str]:
    """The same of two texts."""
    return _marked(old.split(), new.split())


def _words(passages: Iterable[Passage]) -> list[str]:
    return [word for passage in passages for word in passage.words]


def _marked(old: list[str], new: list[str]) -> tuple[str, str]:
    before: list[str] = []
    now: list[str] = []
    opcodes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for at, (tag, a, b, c, d) in enumerate(opcodes):
        if tag == "equal":
            around = _shortened(old[a:b], first=at == 0, last=at == len(opcodes) - 1)
            before += around
            now += around
            continue
        before += [f"[-{' '.join(old[a:b])}-]"] if a < b else []
        now += [f"{{+{' '.join(new[c:d])}+}}"] if c < d else []
    return " ".join(before), " ".join(now)


def _shortened(words: list[str], *, first: bool, last: bool) -> list[str]:
    """What both say between two changes: the words next to them."""
    head, tail = ([] if first else words[:_AROUND]), ([] if last else words[-_AROUND:])
    return words if len(words) <= len(head) + len(tail) else [*head, "…", *tail]
