"""What became of each text from one revision to another, told from hashes alone."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from lean_refs.prose.prints import TextPrint
from lean_refs.prose.records import About

Span = tuple[tuple[int, int], tuple[int, int]]
"""Which passages of the old text became which of the new one, each as start and stop."""


@dataclass(frozen=True, slots=True)
class TextChange:
    """One text then and now; one that was added has no `old`, one that was removed no `new`.

    `moved` says from where, '' where it is still there.
    """

    old: TextPrint | None
    new: TextPrint | None
    moved: str = ""

    @property
    def reworded(self) -> bool:
        """Whether it has other words now."""
        return self.old is not None and self.new is not None and self.old.words != self.new.words

    @property
    def unchanged(self) -> bool:
        """Whether it has the same words at the same place."""
        return self.old is not None and self.new is not None and not self.reworded and not self.moved

    @property
    def spans(self) -> list[Span]:
        """The passages that differ, in order."""
        if self.old is None or self.new is None:
            return []
        matcher = SequenceMatcher(None, self.old.passages, self.new.passages, autojunk=False)
        return [((a, b), (c, d)) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]

    @property
    def lines(self) -> list[int]:
        """The lines at which the passages begin that are other or new now, or before which some went."""
        if self.new is None:
            return []
        begun = [passage.line for passage in self.new.said]
        # What went from the end went after the last passage.
        return [line for _, (c, d) in self.spans for line in begun[c : max(d, c + 1)] or begun[-1:]]


def compare(old: Iterable[TextPrint], new: Iterable[TextPrint], names: Mapping[str, str]) -> list[TextChange]:
    """What became of the texts of `old`, and what is new; `names` maps old names of declarations to new ones.

    A text is the same one if it is about the same thing, or has the same words, or, being no docstring, shares half
    of its passages with one of the same file or stands where that one stood. Those that are left were removed or added.
    """
    before, after = list(old), list(new)
    pairs = _paired(before, after, names)
    came_from = {now: then for then, now in pairs.items()}
    displaced = _displaced([(before[k], k, pairs[k]) for k in sorted(pairs) if before[k].file == after[pairs[k]].file])
    found = [
        TextChange(before[k], made, _moved(before[k], made, names, k in displaced))
        if (k := came_from.get(at)) is not None
        else TextChange(None, made)
        for at, made in enumerate(after)
    ]
    return [*found, *(TextChange(gone, None) for k, gone in enumerate(before) if k not in pairs)]


def _paired(before: list[TextPrint], after: list[TextPrint], names: Mapping[str, str]) -> dict[int, int]:
    """The places in `after` by those in `before`."""
    pairs: dict[int, int] = {}
    for key in _KEYS:
        free: dict[Hashable, deque[int]] = defaultdict(deque)
        taken = set(pairs.values())
        for at, made in enumerate(after):
            if at not in taken and (found := key(made, made.name)) is not None:
                free[found].append(at)
        for at, made in enumerate(before):
            if at not in pairs and free.get(found := key(made, _now(made, names))):
                pairs[at] = free[found].popleft()
    pairs |= dict(_alike(before, after, pairs))
    for at, made in enumerate(before):
        if at not in pairs and not made.owner and (now := pairs.get(at - 1, -2) + 1) > 0:
            pairs |= {at: now} if _is_left(now, made, after, pairs) else {}
    return pairs


def _is_left(at: int, made: TextPrint, after: list[TextPrint], pairs: Mapping[int, int]) -> bool:
    """Whether the text at `at` is of the same kind and file, and nobody's yet."""
    if at >= len(after) or at in pairs.values():
        return False
    return (after[at].file, after[at].about) == (made.file, made.about)


TextKey = Callable[[TextPrint, str], Hashable]
# Under which a text is the same one, the surest first; None where it says nothing.
_KEYS: tuple[TextKey, ...] = (
    lambda made, name: (made.file, made.about, name, made.words),
    lambda made, name: (made.file, made.about, name),
    lambda made, name: (made.about, name) if made.about not in (About.SECTION, About.COMMAND) else None,
    lambda made, _: made.words,
)


def _now(made: TextPrint, names: Mapping[str, str]) -> str:
    """The name under which it must be looked for."""
    if not made.owner:
        return made.name
    return names.get(made.owner, made.owner) + made.name[len(made.owner) :]


def _alike(before: list[TextPrint], after: list[TextPrint], pairs: Mapping[int, int]) -> Iterable[tuple[int, int]]:
    """Texts of a module whose heading changed too: those that share half of their passages, the most alike first."""
    left = [k for k, made in enumerate(before) if k not in pairs and not made.owner]
    right = set(range(len(after))) - set(pairs.values())
    shares = [(_share(before[k], after[at]), -k, -at) for k in left for at in right if not after[at].owner]
    seen: set[tuple[str, int]] = set()
    for share, k, at in sorted(shares, reverse=True):
        if share >= 0.5 and ("old", k) not in seen and ("new", at) not in seen:
            seen |= {("old", k), ("new", at)}
            yield -k, -at


def _share(old: TextPrint, new: TextPrint) -> float:
    if old.file != new.file:
        return 0.0
    common = (Counter(old.passages) & Counter(new.passages)).total()
    return common / max(len(old.passages), len(new.passages))


def _moved(old: TextPrint, new: TextPrint, names: Mapping[str, str], displaced: bool) -> str:
    if old.file != new.file:
        return f"from {old.file}:{old.line}"
    if new.owner and (old.about, _now(old, names)) != (new.about, new.name):
        return f"from {old.name or old.about.value} (line {old.line} then)"
    return f"within the file (line {old.line} then)" if displaced else ""


def _displaced(pairs: Iterable[tuple[TextPrint, int, int]]) -> set[int]:
    """The old places of the texts that stand in another order among those of their file."""
    files: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for made, then, now in pairs:
        files[made.file].append((then, now))
    return {then for places in files.values() for then in _out_of_order(places)}


def _out_of_order(places: list[tuple[int, int]]) -> set[int]:
    """All but a longest run of pairs in which both places rise."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for at, (_, now) in enumerate(places):
        k = bisect_left(tails, now)
        tails[k:], ends[k:] = ([now], [at]) if k == len(tails) else ([now, *tails[k + 1 :]], [at, *ends[k + 1 :]])
        before.append(ends[k - 1] if k else -1)
    kept, at = set[int](), ends[-1] if ends else -1
    while at >= 0:
        kept.add(at)
        at = before[at]
    return {then for at, (then, _) in enumerate(places) if at not in kept}
