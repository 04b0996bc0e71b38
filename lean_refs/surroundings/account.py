"""What became of the surroundings of some declarations, and which of these it can change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lean_refs.reader.imports import file_of
from lean_refs.surroundings.captures import Capture, Same, captures
from lean_refs.surroundings.compare import Turn, Turned, turned
from lean_refs.surroundings.effects import UNPROVED, effect_of, path_to
from lean_refs.surroundings.environment import Surroundings
from lean_refs.surroundings.graph import Graph
from lean_refs.surroundings.helpers import with_helpers
from lean_refs.surroundings.sight import Effect, Sight


@dataclass(frozen=True)
class SurroundingChanges:
    """All differences with what they can change, names with another meaning, and imported files that are not there.

    `paths` lead, for an axiom or a word that stands for a proof (by its place), from one declaration to it.
    """

    effects: tuple[Effect, ...] = ()
    captures: tuple[Capture, ...] = ()
    missing: tuple[str, ...] = ()
    paths: Mapping[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)

    @property
    def grave(self) -> list[Effect]:
        """The differences that can change a declaration; an axiom and a missing proof are grave whoever uses them."""
        return [effect for effect in self.effects if effect.can_change or is_unproved(effect)]


def account(
    old: Surroundings, new: Surroundings, names: Mapping[str, str], same: Same, root: Path
) -> SurroundingChanges:
    """The account of the declarations `names` (old to new), of two environments, the new one read below `root`."""
    missing, unknown = _missing(old, new, root)
    graph = Graph(new)
    new = with_helpers(new, graph, frozenset(names.values()))
    sight = Sight(old, new, names, graph)
    # Of a file that is not there nothing is known, least of all that something was removed.
    found = [t for t in turned(old, new, names) if t.how is not Turn.REMOVED or t.record.file not in unknown]
    effects = [effect_of(sight, one) for one in _without_parts(found)]
    paths = {(e.turned.record.file, e.turned.record.line): path_to(sight, e) for e in effects if is_unproved(e)}
    taken = [c for c in captures(old, new, names, same, graph) if old.declared.get(c.before) not in unknown]
    return SurroundingChanges(tuple(effects), tuple(taken), tuple(sorted(missing)), paths)


def is_unproved(effect: Effect) -> bool:
    """Whether something that is not proved is there that was not."""
    return effect.turned.record.kind in UNPROVED and effect.turned.how in (Turn.ADDED, Turn.CHANGED)


def _missing(old: Surroundings, new: Surroundings, root: Path) -> tuple[set[str], set[str]]:
    """The files of the tree that are imported and are not there, and all that were seen through them alone."""
    imported = {file_of(module) for file in new.files.values() for module in file.imports}
    missing = {file for file in imported & (old.files.keys() - new.files.keys()) if not (root / file).is_file()}
    return missing, set[str]().union(*map(old.seen, missing)) - new.files.keys()


def _without_parts(found: Iterable[Turned]) -> list[Turned]:
    """Without the fields of an instance or a structure that came, went or moved as a whole."""
    found = list(found)
    whole = {(t.how, t.record.file, t.record.line) for t in found if t.record.kind in ("instance", "definition")}
    parts = ("field", "member")
    return [t for t in found if t.record.kind not in parts or (t.how, t.record.file, t.record.line) not in whole]
