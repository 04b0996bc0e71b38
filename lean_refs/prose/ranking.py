"""Claims that nothing backs, repeats folded into one, the most telling first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable

from lean_refs.prose.claims import Claim
from lean_refs.prose.loaded import loaded_words


def ranked(claims: Iterable[Claim], seed: str, asked: Collection[str] = ()) -> list[list[Claim]]:
    """The claims that lack their backing, one list for each word in each file; in each the most telling is first.

    First comes what is said of the names in `asked`, each for itself; then the file `seed`, then the others; there what
    stands in a name, in a docstring, in docs of a section, of the module. What a word compares with elsewhere is one
    list for all files, and last.
    """
    order = {word.word: at for at, word in enumerate(loaded_words())}

    def rank(claim: Claim) -> tuple[bool, bool, bool, int, bool, int, str, int]:
        return (
            claim.name not in asked,
            claim.word.elsewhere,
            claim.file != seed,
            claim.place,
            not claim.of_theorem,
            order[claim.word.word],
            claim.file,
            claim.line,
        )

    folded: dict[Hashable, list[Claim]] = defaultdict(list)
    for claim in sorted((claim for claim in claims if claim.lacks is not None), key=rank):
        whose = claim.name if claim.name in asked else "" if claim.word.elsewhere else claim.file
        folded[claim.word.word, whose].append(claim)
    return sorted(folded.values(), key=lambda found: rank(found[0]))
