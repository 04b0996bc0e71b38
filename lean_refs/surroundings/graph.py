"""What declarations rest on through statements, bodies and proofs, and by which path."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

from lean_refs.surroundings.bound import body_tokens, bound_in, free_names, statement_tokens
from lean_refs.surroundings.environment import Surroundings
from lean_refs.surroundings.words import BASIC, BASIC_SYMBOLS


class Graph:
    """The declarations of an environment by what they name.

    `x.foo` and `.foo` do not say in the text whose `foo` it is: every declaration that ends so and is in sight counts.
    """

    def __init__(self, environment: Surroundings) -> None:
        self._environment = environment
        self._uses: dict[str, frozenset[str]] = {}
        self._told: dict[str, frozenset[str]] = {}
        self._rests: dict[str, frozenset[str]] = {}

    @cached_property
    def _by_end(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for name in self._environment.declarations:
            if "." in name:
                found[name.rpartition(".")[2]].append(name)
        return found

    def uses(self, name: str) -> frozenset[str]:
        """The declarations that one names."""
        if name not in self._uses:
            self._uses[name] = frozenset(self._named(name)) - {name}
        return self._uses[name]

    def written(self, name: str) -> set[str]:
        """The names of others as a declaration writes them, in its statement, its body and its proof."""
        declaration = self._environment.declarations[name]
        parts = [statement_tokens(declaration), body_tokens(declaration)]
        bound = bound_in(declaration, *parts)
        return {written for part in parts for written in free_names(part, bound)}

    def said(self, name: str) -> tuple[set[str], set[str]]:
        """The names that what a declaration says has from outside these files, and its symbols; not those of a proof.

        A name of two parts that begins with a capital letter is a full name: it is found without an `open`.
        """
        declaration = self._environment.declarations[name]
        parts = [statement_tokens(declaration)]
        parts += [] if declaration.is_theorem else [body_tokens(declaration)]
        bound = bound_in(declaration, *parts)
        names = {written for part in parts for written in free_names(part, bound)}
        means = self._environment.meanings.means
        outside = {w for w in names if not ("." in w and w[0].isupper()) and not means(w, declaration)}
        symbols = {token.text for part in parts for token in part if token.kind == "symbol"}
        return outside - BASIC, symbols - BASIC_SYMBOLS

    def words(self, name: str, besides: Collection[str] = ()) -> frozenset[str]:
        """Every name and field that is written in a declaration or in what it rests on, `besides` some of that."""
        return frozenset[str]().union(*(self._words(other) for other in self.rests_on(name) if other not in besides))

    def _words(self, name: str) -> frozenset[str]:
        if name not in self._told:
            declaration = self._environment.declarations.get(name)
            parts = [statement_tokens(declaration), body_tokens(declaration)] if declaration else []
            names = (token.text for part in parts for token in part if token.kind in ("name", "dot", "field"))
            self._told[name] = frozenset(word for text in names for word in (text, *text.split(".")))
        return self._told[name]

    def _named(self, name: str) -> Iterator[str]:
        declaration = self._environment.declarations.get(name)
        if declaration is None:
            return
        meanings, seen = self._environment.meanings, self._environment.seen(declaration.file)
        parts = [statement_tokens(declaration), body_tokens(declaration)]
        bound = bound_in(declaration, *parts)
        ends: set[str] = set()
        for part in parts:
            for written in free_names(part, bound):
                found = meanings.means(written, declaration)
                if found:
                    yield found
            for token in part:
                if token.kind in ("dot", "field") or (token.kind == "name" and token.text.partition(".")[0] in bound):
                    ends.update(token.text.split(".")[1:])
        for end in ends & self._by_end.keys():
            yield from (n for n in self._by_end[end] if self._environment.declared[n] in seen)

    def rests_on(self, name: str) -> frozenset[str]:
        """Everything that a declaration names, directly or not, itself too."""
        if name not in self._rests:
            seen, ahead = {name}, [name]
            while ahead:
                here = ahead.pop()
                new = (self._rests[here] if here in self._rests else self.uses(here)) - seen
                seen |= new
                ahead += new
            self._rests[name] = frozenset(seen)
        return self._rests[name]

    def path(self, name: str, aims: Collection[str]) -> tuple[str, ...]:
        """A shortest way from a declaration to one of `aims` by what each names; empty where there is none."""
        before: dict[str, str] = {name: ""}
        ahead = [name]
        for here in ahead:
            if here in aims:
                return tuple(_back(here, before))
            for other in sorted(self.uses(here)):
                if other not in before:
                    before[other] = here
                    ahead.append(other)
        return ()

    def users(self, names: Iterable[str], aims: Collection[str]) -> frozenset[str]:
        """Those of `names` that rest on one of `aims`, or are one."""
        return frozenset(name for name in names if not self.rests_on(name).isdisjoint(aims))


def _back(name: str, before: dict[str, str]) -> list[str]:
    path = [name]
    while before[path[-1]]:
        path.append(before[path[-1]])
    return path[::-1]
