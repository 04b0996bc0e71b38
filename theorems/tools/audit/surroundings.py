"""What surrounds the pinned declarations: what of it changed, and which of them that can change."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from lean_refs.drift import THEOREMS
from lean_refs.surroundings.account import SurroundingChanges, account, is_unproved
from lean_refs.surroundings.captures import Capture
from lean_refs.surroundings.compare import Turn
from lean_refs.surroundings.environment import Surroundings, as_json, from_json, is_unchanged, read_environment
from lean_refs.surroundings.graph import Graph
from lean_refs.surroundings.helpers import with_helpers
from lean_refs.surroundings.records import Surrounding
from lean_refs.surroundings.sight import Effect
from theorems.tools.audit.building import building
from theorems.tools.audit.findings import AuditVerdict, Finding, Section, changed, fails, holds, not_checked
from theorems.tools.audit.material import Material
from theorems.tools.output.counted import counted

TITLE = "surroundings"
MEANS = "no import, open, notation, instance, attribute, option, axiom or new name around it can change what it says"
_NO_KEY = "the pin has none: leanmirror pin --source DIR writes them"


def surroundings(material: Material) -> Section:
    """The files of the pinned declarations and all of their tree that these import, against the pin."""
    kept = material.pin.get("surroundings")
    if material.against is None and not kept:
        return Section(TITLE, f"not checked: {_NO_KEY}", (not_checked(TITLE, _NO_KEY),))
    if material.source is None or material.root is None:
        why = f"no source was given; {_pinned(kept or {})} are pinned"
        return Section(TITLE, f"not checked: {why}", (not_checked(TITLE, why),), MEANS)
    old = _before(material)
    if is_unchanged(material.root, old):
        return _section(material, old, SurroundingChanges())
    names = _names(material)
    new = read_environment(material.root, _homes(material), material.source.reading.files)
    return _section(material, old, account(old, new, names, lambda name: _same(name, names, material), material.root))


def _pinned(kept: Mapping[str, Any]) -> str:
    return _commands(sum(len(file["records"]) for file in kept.values()), len(kept))


def _commands(number: int, files: int) -> str:
    return f"{counted(number, 'command')} and modifiers of {counted(files, 'file')}"


def _before(material: Material) -> Surroundings:
    if material.against is None:
        return from_json(material.pin["surroundings"])
    root = material.against.reading.root
    assert root is not None, "a checkout is a folder"
    read = read_environment(root, {made.file for made in material.before.values()})
    kept = from_json(as_json(with_helpers(read, Graph(read), material.before), material.before))
    return replace(kept, readings=read.readings)


def _names(material: Material) -> Mapping[str, str]:
    """The new name of each declaration that is compared."""
    assert material.source is not None, "surroundings are compared with those of a source"
    if material.against is None:
        return material.source.names
    return {name: name for name in material.before if name in material.source.prints}


def _homes(material: Material) -> set[str]:
    """The files where the declarations are now, and those where they were, as far as these are there."""
    assert material.source is not None, "surroundings are those of a source"
    now = {material.source.prints.declarations[name].file for name in _names(material).values()}
    return now | {made.file for made in material.before.values()}


def _same(name: str, names: Mapping[str, str], material: Material) -> tuple[bool, bool]:
    """Whether the words of a declaration's statement and of its body are as they were."""
    assert material.source is not None, "words are those of a source"
    old, new = material.before[name], material.source.prints.of(names[name])
    return old.statement == new.statement, old.body == new.body


def _section(material: Material, old: Surroundings, found: SurroundingChanges) -> Section:
    grave, built = found.grave, list(building(material))
    findings = [*built, *map(_gone, found.missing), *(_grave(effect, found) for effect in grave)]
    findings += map(_captured, found.captures)
    per_name = _by_declaration(grave, found.captures)
    findings += _of_declarations(material, old, per_name)
    say = fails if material.strict else changed
    findings += [_harmless(effect, say) for effect in found.effects if effect not in grave and _is_told(effect)]
    differ = sum(f.verdict is not AuditVerdict.NOT_CHECKED for f in built)
    summary = _summary(old, found, grave, per_name) + f"; of how it is built {differ} differ" * bool(differ)
    return Section(TITLE, summary, tuple(findings), MEANS)


def _summary(old: Surroundings, found: SurroundingChanges, grave: list[Effect], touched: Collection[str]) -> str:
    said = _commands(sum(len(file.records) for file in old.files.values()), len(old.files))
    if not found.effects and not found.captures:
        return f"{said}, all as they were" + (f"; {counted(len(found.missing), 'file')} missing" * bool(found.missing))
    turns = Counter(effect.turned.how.value for effect in found.effects)
    counts = [f"{number} {how}" for how, number in turns.items()]
    counts += [f"{counted(len(found.captures), 'name')} of another meaning"] if found.captures else []
    count = len(grave) + len(found.captures)
    failing = f"{count or 'none'} of these {'fail' if count > 1 else 'fails'}"
    can = f", and can change {counted(len(touched), 'declaration')}" if touched else ""
    return f"{said}: {', '.join(counts)}; {failing}{can}"


def _is_told(effect: Effect) -> bool:
    """What merely moved and does no harm is counted, not told; so is that an abbreviation is new."""
    record = effect.turned.record
    return effect.turned.how is not Turn.MOVED and record.kind != "module" and record.word != "reducible"


def _gone(file: str) -> Finding:
    basis = "it is imported and not in the source: what it supplies is not known, and Lean builds nothing that sees it"
    return fails(file, basis, file=file)


def _grave(effect: Effect, found: SurroundingChanges) -> Finding:
    record, names = effect.turned.record, sorted(effect.can_change)
    said = _said(effect)
    if is_unproved(effect):
        path = found.paths.get((record.file, record.line), ())
        way = f", through {' → '.join(path)}" if len(path) > 1 else ""
        what = f"{_some(names)} rest on it{way}" if names else "no declaration that is looked at names it"
    else:
        what = f"it can change what these say, or whether they are proved: {_some(names)}"
    return _told(fails(record.file, f"{said}: {what}"), effect, names)


def _harmless(effect: Effect, say: Callable[[str, str], Finding]) -> Finding:
    return _told(say(effect.turned.record.file, f"{_said(effect)}: {effect.harmless}"), effect, [])


def _told(finding: Finding, effect: Effect, names: list[str]) -> Finding:
    old, new = effect.turned.old, effect.turned.new
    return replace(
        finding, file=effect.turned.record.file, line=effect.turned.record.line, others=tuple(names),
        before=_place(old), now=_place(new),
    )  # fmt: skip


def _place(record: Surrounding | None) -> str:
    return f"{record.title} (line {record.line})" if record else ""


def _said(effect: Effect) -> str:
    old, new = effect.turned.old, effect.turned.new
    said = f"{effect.turned.how.value}: {effect.turned.record.title}"
    if old and new:
        place = f"line {old.line} then, {new.line} now" if old.file == new.file else f"from {old.file} to {new.file}"
        return f"{said} ({place})"
    return f"{said} (line {effect.turned.record.line}{' then' if new is None else ''})"


def _captured(found: Capture) -> Finding:
    users = sorted(found.users)
    was = found.before or "a name of Lean or Mathlib"
    if not found.now:
        basis = f"{found.before} is no more in sight where {_some(users)} write {found.written}"
    else:
        basis = f"{found.now} captures {found.written}, which was {was}, in {_some(users)}"
    file = found.file or "names"
    finding = fails(file, basis, file=found.file, line=found.line, before=was, now=found.now)
    return replace(finding, others=tuple(users))


def _by_declaration(grave: list[Effect], captured: tuple[Capture, ...]) -> dict[str, list[str]]:
    """What can change each declaration, in short."""
    found: dict[str, list[str]] = defaultdict(list)
    for effect in grave:
        record = effect.turned.record
        for name in effect.can_change:
            found[name].append(f"{record.title}, {effect.turned.how.value} ({record.file}:{record.line})")
    for capture in captured:
        for name in capture.users:
            found[name].append(
                f"{capture.written} is {capture.now or 'no more in sight'} ({capture.file}:{capture.line})"
            )
    return found


def _of_declarations(material: Material, old: Surroundings, touched: Mapping[str, list[str]]) -> Iterator[Finding]:
    through = _through(material, old, touched)
    for name, before in material.before.items():
        made = material.fingerprints.get(name, before)
        if whys := touched.get(name):
            yield fails(name, f"what surrounds it can change it: {_some(whys, '; ')}", file=made.file, line=made.line)
        elif rests := through.get(name):
            basis = f"it rests on {_some(rests)}, which what surrounds them can change"
            yield fails(name, basis, file=made.file, line=made.line)
        else:
            yield holds(name, "nothing around it changed that could change it")


def _through(material: Material, old: Surroundings, touched: Collection[str]) -> Mapping[str, list[str]]:
    """What each declaration rests on of those that can change: by its statement, and by the body of a definition."""
    users: dict[str, set[str]] = defaultdict(set)
    for name, (statement, body) in old.uses.items():
        proved = name in material.before and material.before[name].kind in THEOREMS
        for used in statement if proved else statement | body:
            users[used].add(name)
    found: dict[str, set[str]] = defaultdict(set)
    for start in touched:
        ahead, seen = [start], {start}
        while ahead:
            for user in users[ahead.pop()] - seen:
                seen.add(user)
                ahead.append(user)
                found[user].add(start)
    return {name: sorted(starts) for name, starts in found.items()}


def _some(names: list[str], between: str = ", ") -> str:
    shown = between.join(names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown
