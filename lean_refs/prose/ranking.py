"""Promises that nothing backs, repeats folded into one, the most telling first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable

from lean_refs.prose.loaded import loaded_words
from lean_refs.prose.promises import Promise


def ranked(promises: Iterable[Promise], seed: str, asked: Collection[str] = ()) -> list[list[Promise]]:
    """The promises that lack their backing, one list for each word in each file; in each the most telling is first.

    First comes what is said of the names in `asked`, each for itself; then the file `seed`, then the others; there what
    stands in a name, in a docstring, in docs of a section, of the module. What a word compares with elsewhere is one
    list for all files, and last.
    """
    order = {word.word: at for at, word in enumerate(loaded_words())}

    def rank(promise: Promise) -> tuple[bool, bool, bool, int, bool, int, str, int]:
        return (
            promise.name not in asked,
            promise.word.elsewhere,
            promise.file != seed,
            promise.place,
            not promise.of_theorem,
            order[promise.word.word],
            promise.file,
            promise.line,
        )

    folded: dict[Hashable, list[Promise]] = defaultdict(list)
    for promise in sorted((promise for promise in promises if promise.lacks is not None), key=rank):
        whose = promise.name if promise.name in asked else "" if promise.word.elsewhere else promise.file
        folded[promise.word.word, whose].append(promise)
    return sorted(folded.values(), key=lambda found: rank(found[0]))
