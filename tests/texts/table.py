"""A result as a page to read: what is unnoticed first, then the counts, then what is noticed in a weaker way."""

from __future__ import annotations

from collections import Counter

from tests.mutants.result import Reasons
from tests.texts.result import Counted, Result, counted
from tests.texts.run import Seen


def page(result: Result, reasons: Reasons) -> str:
    """The whole page, in Markdown."""
    found = counted(result, reasons)
    parts = [
        "# Changes of the Lean text",
        _summary(result, found),
        _unnoticed(reasons, found),
        _operators(result),
        _weaker(result),
    ]
    return "\n\n".join(parts) + "\n"


def _summary(result: Result, found: Counted) -> str:
    drawn, seen = result.drawn, Counter(fate.seen for fate in result.fates())
    possible = sum(d.changes for d in result.definitions.values())
    changed = sum(bool(d.fates) for d in result.definitions.values())
    ways = ", ".join(f"{seen[way]} {way.value}" for way in Seen if seen[way] and way is not Seen.REFUSED)
    clean = len(result.definitions) - len(found.not_same)
    said = [
        f"{found.all} changes of {changed} definitions, a sample of {possible}, drawn with the seed {drawn['seed']}: "
        f"{drawn['each']} of each definition. Each is compared with the mirror on {drawn['instances']} instances and "
        f"the simplest one, as `leanmirror audit --source` does. The text is that of {(result.revision or '')[:7]}.",
        f"**{found.noticed} of {found.all} noticed ({found.noticed / max(found.all, 1):.1%})**: {ways}. "
        f"Of the unnoticed, {len(found.equivalent)} are equivalent. "
        f"{found.refused} more are of another type, which Lean refuses: they are not counted.",
        f"The text as it is: {clean} of {len(result.definitions)} definitions are the same function.",
    ]
    said += [f"- `{name}`: {result.definitions[name].clean}" for name in found.not_same]
    return "\n\n".join(said)


def _unnoticed(reasons: Reasons, found: Counted) -> str:
    lines = [f"- `{name}`: **no reason is given**" for name in found.unexplained]
    lines += [f"- `{name}`: {reasons.survivor[name]}" for name in found.explained]
    lines += [f"- `{name}`: equivalent. {reasons.equivalent[name]}" for name in found.equivalent]
    return "## Unnoticed\n\n" + ("\n".join(lines) or "None.")


def _operators(result: Result) -> str:
    ways = [way for way in Seen if any(fate.seen is way for fate in result.fates())]
    lines = ["## Operators", "", f"| operator | {' | '.join(way.value for way in ways)} |"]
    lines.append("| --- |" + " ---: |" * len(ways))
    for operator in sorted({fate.operator for fate in result.fates()}):
        own = Counter(fate.seen for fate in result.fates() if fate.operator == operator)
        lines.append(f"| {operator} | {' | '.join(str(own[way]) for way in ways)} |")
    return "\n".join(lines)


def _weaker(result: Result) -> str:
    others = (Seen.DIFFERS, Seen.UNNOTICED, Seen.FAILED, Seen.REFUSED)
    weak = [fate for fate in result.fates() if fate.seen not in others]
    lines = [
        f"- {fate.seen.value}: `{fate.name}`" for fate in sorted(weak, key=lambda fate: (fate.seen.value, fate.name))
    ]
    return "## Noticed in another way than by a difference at the definition\n\n" + ("\n".join(lines) or "None.")
