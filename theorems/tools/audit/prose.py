"""What became of the prose since the pin, or a second checkout: docs of modules, sections, declarations and fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from lean_refs.drift import located
from lean_refs.pin import SourceReading
from lean_refs.prose.changes import TextChange, compare
from lean_refs.prose.prints import TextPrint, from_json, print_of
from lean_refs.prose.records import About
from lean_refs.prose.wording import worded
from theorems.tools.audit.findings import Finding, Section, changed, fails, holds, not_checked
from theorems.tools.audit.material import Material
from theorems.tools.output.counted import counted

TITLE = "prose"
KEY = "prose"
MEANS = "the prose has the words that it had"


def prose(material: Material) -> Section:
    """Each text of the pinned files, and of those that claim coverage, against what it was.

    What changed is told, and fails where `strict` is asked for. Without a source nothing is checked.
    """
    pinned = material.pin.get(KEY)
    if material.source is None:
        known = f"the pin has {counted(sum(map(len, pinned.values())), 'text')}" if pinned else "the pin has no prose"
        return _unchecked(f"no source was given; {known}")
    if material.against is None and pinned is None:
        return _unchecked("the pin has no prose: leanmirror pin writes one that has")
    found = _compared(material, material.source)
    return Section(TITLE, _summary(found), (*_kept(found, material), *_changed(found, material)), MEANS)


def _unchecked(why: str) -> Section:
    return Section(TITLE, f"not checked: {why}", (not_checked(TITLE, why),), MEANS)


def _compared(material: Material, source: SourceReading) -> list[TextChange]:
    """What became of every text; what is new in a file that was not compared with before is no text of ours."""
    now = [print_of(text) for text in source.prose]
    if material.against is not None:
        return compare(map(print_of, material.against.prose), now, located(material.before, source.prints))
    before = from_json(material.pin[KEY])
    files = {text.file for text in before} | set(source.coverage.files)
    found = compare(before, now, source.names)
    return [change for change in found if change.old or (change.new and change.new.file in files)]


def _summary(found: list[TextChange]) -> str:
    kinds = Counter(_kind(change) for change in found)
    said = ", ".join(f"{number} {kind}" for kind, number in kinds.most_common()) or "no texts"
    about = Counter(text.about.value for change in found if (text := change.new or change.old))
    return f"{said}; about {', '.join(counted(number, what) for what, number in about.most_common())}"


def _kind(change: TextChange) -> str:
    if change.old is None or change.new is None:
        return "removed" if change.new is None else "added"
    kinds = (("reworded", change.reworded), ("moved", bool(change.moved)))
    return " and ".join(kind for kind, so in kinds if so) or "unchanged"


def _kept(found: list[TextChange], material: Material) -> Iterator[Finding]:
    """What is unchanged, counted by declaration, and by file where it belongs to none that is audited."""
    old_names = _old_names(material)
    counts: Counter[str] = Counter()
    for change in found:
        if (change.unchanged or _went_along(change)) and change.new:
            owner = old_names.get(change.new.owner, "")
            counts[owner if owner in material.names else change.new.file] += 1
    return (
        holds(name, f"{counted(number, 'text')} unchanged" if number > 1 else "unchanged")
        for name, number in counts.items()
    )


def _old_names(material: Material) -> dict[str, str]:
    """The name under which a declaration is audited, by the one that it has now."""
    assert material.source is not None, "what was read of the source"
    if material.against is not None:
        return {name: name for name in material.names}
    return {now: name for name, now in material.source.names.items()}


def _changed(found: list[TextChange], material: Material) -> Iterator[Finding]:
    old_names = _old_names(material)
    gone = _files_gone(found)
    say = fails if material.strict else changed
    for file, number in gone.items():
        yield say(file, f"the file is not there: {counted(number, 'text')} removed with it", file=file)
    for (old, new), number in Counter(map(_files, filter(_went_along, found))).items():
        yield say(new, f"{number} text{'s' * (number > 1)} moved there from {old}, in the same words", file=new)
    for change in found:
        text = change.new or change.old
        if change.unchanged or _went_along(change) or text is None or (change.new is None and text.file in gone):
            continue
        before, now = worded(change)
        name = old_names.get(text.owner, text.owner) or text.file
        line = change.lines[0] if change.lines else text.line
        yield say(name, _basis(change, text), file=text.file, line=line, before=before, now=now)


def _files(change: TextChange) -> tuple[str, str]:
    assert change.old is not None, "it was somewhere"
    assert change.new is not None, "it is somewhere"
    return change.old.file, change.new.file


def _went_along(change: TextChange) -> bool:
    """Whether a text is in another file in the words that it had: that is told once, of all texts of the two files."""
    if change.old is None or change.new is None or change.reworded:
        return False
    return change.old.file != change.new.file


def _files_gone(found: Iterable[TextChange]) -> dict[str, int]:
    """The files of which no text is left, and how many texts went with each."""
    left = {change.new.file for change in found if change.new}
    return Counter(c.old.file for c in found if c.old and c.new is None and c.old.file not in left)


def _basis(change: TextChange, text: TextPrint) -> str:
    said = [f"{_subject(text)}: {_kind(change)}"]
    if change.reworded:
        lines = change.lines
        said.append(f"in {len(lines)} of {counted(len(text.passages), 'passage')} (line {', '.join(map(str, lines))})")
    said += [change.moved] if change.moved else []
    if change.new is None:
        said.append(f"(line {text.line} then)")
    return " ".join(said)


def _subject(text: TextPrint) -> str:
    if text.about is About.DECLARATION:
        return "the docstring"
    if text.about is About.MODULE:
        return "the docs of the module"
    heading = text.prose.name if text.prose else ""
    if text.about in (About.SECTION, About.COMMAND):
        return f'the docs of {text.about.value} "{heading}"' if heading else f"the docs of a {text.about.value}"
    return f"the docs of {text.about.value} {text.name.removeprefix(f'{text.owner}.')}"
