"""Whether the text of a statement backs a loaded word, and what it lacks where it does not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, cached_property

from lean_refs.propositions import states
from lean_refs.prose.loaded import LoadedWord, Within
from lean_refs.prose.substance import Substance
from lean_refs.reader.names import NameTable
from lean_refs.reader.records import EXPLICIT, Binder, LeanDeclaration
from lean_refs.reader.telescope import telescope
from lean_refs.reader.tokens import Token

# By the convention of Mathlib and TorchLean, a binder with such a name is a hypothesis.
HYPOTHESIS = re.compile(r"h(?:$|[A-Z_\d₀-₉]|[a-zα-ω]{1,3}[\d₀-₉]*$)")
# The point, its tangent and its seed: what a derivative is taken at, along, and pulled back from.
VARIES = re.compile(r"d?x(?:V|s)?|seedV?|d?ctxV?|δV?")
_SCALARS = frozenset(("ℝ", "ℕ", "Nat", "α", "Type", "Sort"))
_VARIABLE = re.compile(r"[^\s`]+(?=`?$)")


class Backing:
    """Looks for what backs a word in the text of declarations, and in that of the definitions that they name."""

    def __init__(self, names: NameTable) -> None:
        self.names = names
        self._substance = Substance(names)
        self._reached = cache(self._reach)

    def lacks(self, word: LoadedWord, said: str, subjects: Sequence[LeanDeclaration]) -> str | None:
        """What the declarations lack that `said`, an occurrence of the word, promises of them; None if nothing.

        A promise about all of them is broken by one, any other is kept by one.
        """
        if word.within in (Within.PREMISES, Within.RESTRICTED):
            theorems = [made for made in subjects if made.is_theorem]
            found = [lack for made in theorems if (lack := self._asked(word, said, made)) is not None]
            return found[0] if found else None
        found = []
        for made in subjects:
            lack = self._asked(word, said, made)
            if lack is None:
                return None
            found.append(lack)
        return next((lack for lack in found if lack), "")

    def _asked(self, word: LoadedWord, said: str, made: LeanDeclaration) -> str | None:
        match word.within:
            case Within.PREMISES:
                given = [b.name or "an unnamed one" for b in _hypotheses(made)]
                return f"hypotheses: {', '.join(given)}" if given else None
            case Within.RESTRICTED:
                return _restricted(said, made)
            case Within.WHOLE:
                return self._partial(word, made) if made.is_theorem else None
            case Within.CONCLUSION if not made.is_theorem:
                return None  # a definition concludes nothing
            case _:
                found = self._found(word, made.name, made.file) or self._proved(word, made)
                return None if found else ""

    def _found(self, word: LoadedWord, name: str, file: str) -> bool:
        words, definitions = self._reached(word.within, name, file)
        if any(map(word.found_by.search, words)):
            return True
        return any(self._defines(word, other, file, own=other == name) for other in (name, *definitions))

    def _defines(self, word: LoadedWord, name: str, file: str, *, own: bool) -> bool:
        """Whether a definition is what the word calls it: by what it says, not by its name."""
        called = own or word.in_name(name) or word.named_by.search(_last(name))
        if not called or self._substance.is_theorem(name, file):
            return False
        said = self._substance.conclusion(name, file)
        return any(map(word.defined_by.search, (*said.words, *map(_last, said.defined))))

    def _proved(self, word: LoadedWord, made: LeanDeclaration) -> bool:
        """Whether a theorem about a definition backs the word."""
        if made.is_theorem or word.within is Within.STATEMENT:
            return False
        return any(self._found(word, theorem.name, theorem.file) for theorem in self._about.get(made.name, ()))

    @cached_property
    def _about(self) -> dict[str, list[LeanDeclaration]]:
        """The theorems whose conclusion names a definition, by its name."""
        found: dict[str, list[LeanDeclaration]] = defaultdict(list)
        for made in self.names.declarations.values():
            if made.is_theorem:
                for other in self._substance.conclusion(made.name, made.file).defined:
                    found[other].append(made)
        return found

    def _reach(self, within: Within, name: str, file: str) -> tuple[set[str], set[str]]:
        """What is said within the reach of a word, and the definitions that say it."""
        substance = self._substance
        read = substance.statement if within is Within.STATEMENT else substance.conclusion
        found, seen = read(name, file), {name}
        words, ahead = set(found.words), set(found.defined)
        while ahead:
            other = ahead.pop()
            followed = within is not Within.CONCLUSION or substance.is_predicate(other, file)
            if other in seen or not followed or substance.is_theorem(other, file):
                continue
            seen.add(other)
            more = read(other, file)
            words |= more.words
            ahead |= more.defined
        return words, seen - {name}

    def _partial(self, word: LoadedWord, made: LeanDeclaration) -> str | None:
        """What a statement takes for granted of what it is about."""
        if any(word.found_by.search(binder.name) for binder in made.binders):
            return None
        granted = [b.name for b in made.binders if self._is_granted(b, made)]
        return f"fixed or supplied: {', '.join(granted)}" if granted else None

    def _is_granted(self, binder: Binder, made: LeanDeclaration) -> bool:
        if binder.kind != EXPLICIT or HYPOTHESIS.match(binder.name) or VARIES.fullmatch(binder.name):
            return False
        if not binder.type or binder.type[0].text in _SCALARS or binder.name[:1] == "D":
            return False
        return not self._proves(binder.type[0], made)

    def _proves(self, head: Token, made: LeanDeclaration) -> bool:
        """Whether a type is a structure that carries a proof, as a graph with its certificate does."""
        resolved = self.names.resolve_in(head.text, made)
        found = self.names.get(resolved.name, made.file) if resolved else None
        if found is None:
            return False
        named = self._substance.conclusion(found.name, found.file).defined
        return any(self._substance.is_predicate(other, found.file) for other in named)


def _last(name: str) -> str:
    return name.rsplit(".", 1)[-1]


def _hypotheses(made: LeanDeclaration) -> list[Binder]:
    """The binders that are hypotheses by their name or their type, those of arrows and of `∀` among them."""
    given = [*made.binders, *telescope(made.result)]
    by_name = [b for b in given if b.kind == EXPLICIT and (not b.name or HYPOTHESIS.match(b.name))]
    return [b for b in given if b in by_name or states(b.type)]


def _restricted(said: str, made: LeanDeclaration) -> str | None:
    """Which hypotheses restrict the variable that `said` ends with; a Latin letter may be a word."""
    found = _VARIABLE.search(said)
    variable = found.group() if found else ""
    if variable not in {b.name for b in (*made.binders, *telescope(made.result))}:
        return f"{variable} is no variable of it" if not variable.isascii() else None
    by = [b.name or "an unnamed one" for b in _hypotheses(made) if _mentions(b.type, variable)]
    return f"{variable} is restricted by {', '.join(by)}" if by else None


def _mentions(tokens: Iterable[Token], variable: str) -> bool:
    return any(token.kind == "name" and token.text.partition(".")[0] == variable for token in tokens)
