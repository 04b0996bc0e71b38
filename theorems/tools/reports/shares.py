"""What the instances of a run were like, by family of theorems: the traits that were counted, added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from theorems.engine.families import Family
from theorems.engine.registry import theorems
from theorems.engine.traits import ACTIVE_IN, EVERY_INPUT, IN_SOME, MEASURED


@dataclass(slots=True)
class Share:
    """A family of theorems: how many there are, and how many of their instances have each trait."""

    family: str
    theorems: int = 0
    traits: Counter[str] = field(default_factory=Counter)

    @property
    def instances(self) -> int:
        """How many instances were examined."""
        return self.traits[self.family]

    def kinds(self, of: str) -> int:
        """How many families of masks or of values occur."""
        return sum(trait.startswith(f"{of}: ") for trait in self.traits)

    def plain(self) -> dict[str, object]:
        """The same as data for JSON."""
        return {"family": self.family, "theorems": self.theorems, "traits": dict(self.traits)}

    def percent(self, trait: str) -> str:
        """The share of the instances that have a trait; nothing where none has."""
        return _percent(self.traits[trait], self.instances) if self.traits[trait] else ""

    def active(self, trait: str = EVERY_INPUT) -> str:
        """The share of the measured instances that are active in every input, and how many were measured."""
        measured = self.traits[MEASURED]
        return f"{_percent(self.traits[trait], measured)} of {measured}" if trait in self.traits else ""

    def active_inputs(self) -> dict[str, str]:
        """The share of the measured instances that are active in each input that has a name."""
        named = [t for t in self.traits if t.startswith(ACTIVE_IN) and t not in (EVERY_INPUT, IN_SOME)]
        return {t.removeprefix(ACTIVE_IN): _percent(self.traits[t], self.traits[MEASURED]) for t in named}


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %"


def never_active(names: Iterable[str]) -> dict[str, str]:
    """Those of the theorems of which no instance can be active, each with the reason."""
    everything = theorems()
    return {name: why for name in names if (why := everything[name].never_active)}


def by_family(counted: Iterable[Mapping[str, int]]) -> list[Share]:
    """The shares of each family that has a theorem among those whose traits are given."""
    shares = {str(family): Share(family) for family in Family}
    for traits in counted:
        for name in shares.keys() & traits.keys():
            shares[name].theorems += 1
            shares[name].traits.update(traits)
    return [share for share in shares.values() if share.theorems]
