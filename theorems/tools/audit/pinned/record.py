"""What the pin keeps of the text of a definition: arguments and what it gives for them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from theorems.engine.codec import MalformedInstance, decode, encode
from theorems.engine.evidence.verdicts import Claim, Holds
from theorems.tools.audit.evaluated.arguments import DrawnArgument
from theorems.tools.audit.evaluated.parts import Observed, ObservedData, ObservedNumbers
from theorems.tools.audit.pinned.written import argument_data, argument_of, numbers_of, numbers_text


@dataclass(frozen=True, slots=True)
class PinnedInstance:
    """One instance as JSON: the arguments with their names and brackets, and the parts of what the text gives."""

    arguments: Sequence[tuple[str, str, Any]]
    parts: Sequence[Any]

    @classmethod
    def of(cls, arguments: Iterable[DrawnArgument], parts: Iterable[Observed]) -> PinnedInstance:
        """The instance of arguments, and of the parts that the text gives for them."""
        kept = [(a.name, a.kind, None if a.mirror is None else argument_data(a.mirror)) for a in arguments]
        return cls(kept, [_part_data(part) for part in parts])

    @property
    def text(self) -> str:
        """It as text."""
        return json.dumps([self.arguments, self.parts], ensure_ascii=False)

    @property
    def shown(self) -> list[tuple[str, Any]]:
        """The arguments, with their names."""
        return [(name, data) for name, _, data in self.arguments if data is not None]

    def given(self) -> list[DrawnArgument]:
        """The arguments as the mirror takes them; raises `MalformedInstance` where they are none."""
        return [
            DrawnArgument(name, kind, None if data is None else argument_of(data), None, None)
            for name, kind, data in self.arguments
        ]

    def claims(self, found: Iterable[Observed], where: str) -> Iterator[Claim]:
        """What must hold if the parts that were found, `where`, are those that are pinned."""
        sides = f"{{}} pinned, {{}} in {where}"
        for kept, part in zip_longest(self.parts, found):
            if kept is None or part is None:
                yield Holds(
                    "the number of parts", False, f"{'more' if kept is None else 'fewer'} in {where} than pinned"
                )
                return
            yield _part_of(part.what, kept, part).against(part, sides)


def _part_data(part: Observed) -> Any:
    return numbers_text(part.entries) if isinstance(part, ObservedNumbers) else {"data": encode(part.value)}


def _part_of(what: str, kept: Any, like: Observed) -> Observed:
    """A pinned part, which must be of the kind of the part that it is held against."""
    if isinstance(like, ObservedNumbers):
        return ObservedNumbers(what, numbers_of(kept))
    if not isinstance(kept, Mapping) or "data" not in kept:
        raise MalformedInstance(f"{what} is pinned as {str(kept)[:60]}, which is no data")
    return ObservedData(what, decode(kept["data"]), like.counts)


@dataclass(frozen=True, slots=True)
class PinnedDefinition:
    """A definition: instances, or what is declared of a type or a class; or why there is none.

    `text` is a digest of everything that it was made from, so that a text that changed is noticed.
    """

    name: str
    text: str
    instances: tuple[PinnedInstance, ...] = ()
    declared: Mapping[str, Any] | None = None
    outside: str = ""

    def data(self) -> dict[str, Any]:
        """It as JSON."""
        head: dict[str, Any] = {"name": self.name, "text": self.text}
        if self.outside:
            return head | {"outside": self.outside}
        if self.declared is not None:
            return head | {"declared": self.declared}
        return head | {"instances": [{"arguments": i.arguments, "parts": i.parts} for i in self.instances]}

    @classmethod
    def of(cls, data: Any) -> PinnedDefinition:
        """The definition of a JSON; raises `MalformedInstance` for another one."""
        try:
            instances = tuple(
                PinnedInstance([(name, kind, kept) for name, kind, kept in one["arguments"]], list(one["parts"]))
                for one in data.get("instances", ())
            )
            found = cls(data["name"], data["text"], instances, data.get("declared"), data.get("outside", ""))
        except (KeyError, TypeError, ValueError, AttributeError) as why:
            raise MalformedInstance(f"{str(data)[:60]} is no pinned definition") from why
        if not (found.instances or found.declared or found.outside):
            raise MalformedInstance(f"nothing is pinned of {found.name}")
        return found
