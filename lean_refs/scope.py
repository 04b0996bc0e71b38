"""What is in scope, and what a person says about it: `scope.toml` read, checked, and added to."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from lean_refs import home

FILE = "scope.toml"
# What `leanmirror pin --add` writes where a person is to write; a fact that starts with it is none.
UNWRITTEN = "TO BE WRITTEN"
_KEYS = {"fact": str, "references": list}
# An entry as text: the comments right above it, and its header.
_ENTRY = re.compile(r'^(?:#.*\n)*\["([^"\n]+)"\]', re.MULTILINE)


class ScopeError(Exception):
    """The scope file does not say what it must; the message names the place and what would be right."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person says about one declaration.

    `fact` is what it computes or states, in our own words. `references` are declarations in scope that it uses
    and its text does not name, such as those that a field or an instance supplies.
    """

    fact: str
    references: tuple[str, ...] = ()

    @property
    def written(self) -> bool:
        """Whether a person has said what it is."""
        return bool(self.fact.strip()) and not self.fact.startswith(UNWRITTEN)


@dataclass(frozen=True, slots=True)
class Scope:
    """The declarations in scope by full Lean name, and the Lean file whose declarations come first."""

    seed_module: str
    entries: dict[str, Entry]


def scope_text() -> str:
    """The text of the scope file."""
    return (home.lean_refs_folder() / FILE).read_text("utf-8")


@cache
def load_scope() -> Scope:
    """The scope; raises `ScopeError` where the file is not one."""
    return parsed(scope_text())


def parsed(text: str) -> Scope:
    """The scope that the text of a scope file says; raises `ScopeError` where it says none."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as why:
        raise ScopeError(f"{FILE} is not TOML: {why}") from None
    seed = data.pop("seed_module", None)
    if not isinstance(seed, str):
        raise ScopeError(f'{FILE} has no seed_module: expected seed_module = "NN/….lean" before the entries')
    entries = {name: _entry(name, value) for name, value in data.items()}
    for name, entry in entries.items():
        if lost := [used for used in entry.references if used not in entries]:
            raise ScopeError(f"{FILE}: {name} references {lost[0]}, which is not in scope")
    return Scope(seed, entries)


def _entry(name: str, value: Any) -> Entry:
    if not isinstance(value, Mapping):
        raise ScopeError(f'{FILE}: {name} is no entry: expected a header ["{name}"] and a fact below it')
    for key, found in value.items():
        if key not in _KEYS:
            raise ScopeError(f"{FILE}: {name} has an unknown key {key}; expected {' and '.join(_KEYS)}")
        if not isinstance(found, _KEYS[key]):
            raise ScopeError(f"{FILE}: {key} of {name} is {found!r}, expected a {_KEYS[key].__name__}")
    if "fact" not in value:
        raise ScopeError(f"{FILE}: {name} has no fact")
    return Entry(value["fact"], tuple(value.get("references", ())))


def with_added(text: str, places: Mapping[str, str]) -> str:
    """The text of a scope file with an entry for each name of `places`, its fact still to be written.

    `places` has where Lean has each declaration, for the person who writes the fact. Entries are put before the
    first one of a greater name; everything else stays as it is.
    """
    for name, place in places.items():
        fact = f"{UNWRITTEN}: what it computes or states, in your own words ({place})"
        text = _inserted(text, name, f'["{name}"]\nfact = {json.dumps(fact, ensure_ascii=False)}\n')
    return text


def _inserted(text: str, name: str, entry: str) -> str:
    after = next((found.start() for found in _ENTRY.finditer(text) if found.group(1) > name), None)
    if after is None:
        return f"{text.rstrip()}\n\n{entry}"
    return f"{text[:after]}{entry}\n{text[after:]}"


def unsorted(text: str) -> list[str]:
    """The names in a scope file's text that stand after a greater one."""
    names = [found.group(1) for found in _ENTRY.finditer(text)]
    return [name for before, name in pairwise(names) if name < before]


def disagreements(scope: Scope, pin: Mapping[str, Any]) -> dict[str, str]:
    """What only one of a scope and a pin has, and the facts that nobody has written: what is wrong, by name."""
    hashed = {entry["name"] for entry in pin["declarations"] if "hash" in entry}
    renew = "renew the pin: leanmirror pin --source DIR"
    found = dict.fromkeys(_without(scope.entries, hashed), f"in scope, but the pin has no hashes of it; {renew}")
    pinned = {entry["name"]: None for entry in pin["declarations"]}
    found |= dict.fromkeys(_without(pinned, scope.entries), f"in the pin, but not in {FILE}; {renew}")
    for name, entry in scope.entries.items():
        if not entry.written:
            found[name] = "; ".join((*filter(None, [found.get(name)]), f"its fact in {FILE} is still to be written"))
    return found


def _without(names: Iterable[str], others: Iterable[str]) -> list[str]:
    return sorted({*names} - {*others})
