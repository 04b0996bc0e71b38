"""A result as a page to read: the counts, what is unnoticed, then what is noticed in a weaker way."""

from __future__ import annotations

from collections import Counter

from mirror.rooms import links
from tests.mutants.result import Reasons
from tests.texts.result import SAME, Counted, Result, Rows, checked, fates
from tests.texts.run import Seen
from theorems.engine.registry import theorems


def page(result: Result, reasons: Reasons) -> str:
    """The whole page, in Markdown."""
    definitions, statements = checked(result, reasons)
    parts = [
        "# Changes of the Lean text",
        _drawn(result),
        _summary("Definitions", "definitions are the same function", result.definitions, definitions),
        _summary("Statements", "theorems say the same", result.statements, statements),
        _unnoticed(reasons, definitions, statements),
        _weaker(result),
        _left(result),
    ]
    return "\n\n".join(parts) + "\n"


def _drawn(result: Result) -> str:
    drawn = result.drawn
    return (
        f"Mechanical changes, {drawn['definitions']} of each definition and {drawn['statements']} of what each theorem "
        f"says, drawn with the seed {drawn['seed']} from all that the operators give. Each is compared with the mirror "
        f"on {drawn['instances']} instances and the simplest one. The text is that of {(result.revision or '')[:7]}."
    )


def _summary(title: str, same: str, rows: Rows, found: Counted) -> str:
    inside = {name: of for name, of in rows.items() if name not in found.outside}
    seen = Counter(fate.seen for fate in fates(inside))
    ways = ", ".join(f"{seen[way]} {way.value}" for way in Seen if seen[way] and way is not Seen.REFUSED)
    changed = sum(any(f.seen is not Seen.REFUSED for f in d.fates) for d in inside.values())
    alike = sum(of.clean == SAME for of in rows.values())
    said = [
        f"## {title}",
        f"**{found.noticed} of {found.all} noticed ({found.noticed / max(found.all, 1):.1%})**: {ways}. "
        f"Of the unnoticed, {len(found.equivalent)} are equivalent. They are changes of {changed} declarations, of "
        f"{sum(d.changes for d in inside.values())} that the operators give. {found.refused} more of the sample are of "
        "another type, which Lean refuses: they are not counted.",
        f"The text as it is: {alike} of {len(rows)} {same}.",
        "\n".join(f"- `{name}`: {of.clean}" for name, of in sorted(rows.items()) if of.clean != SAME),
        _operators(inside),
    ]
    return "\n\n".join(filter(None, said))


def _operators(rows: Rows) -> str:
    ways = [way for way in Seen if any(fate.seen is way for fate in fates(rows))]
    lines = [f"| operator | {' | '.join(way.value for way in ways)} |", "| --- |" + " ---: |" * len(ways)]
    for operator in sorted({fate.operator for fate in fates(rows)}):
        own = Counter(fate.seen for fate in fates(rows) if fate.operator == operator)
        lines.append(f"| {operator} | {' | '.join(str(own[way]) for way in ways)} |")
    return "\n".join(lines)


def _unnoticed(reasons: Reasons, *counts: Counted) -> str:
    lines = [f"- `{name}`: **no reason is given**" for found in counts for name in found.unexplained]
    lines += [f"- `{name}`: {reasons.survivor[name]}" for found in counts for name in found.explained]
    lines += [f"- `{name}`: equivalent. {reasons.equivalent[name]}" for found in counts for name in found.equivalent]
    return "## Unnoticed\n\n" + ("\n".join(lines) or "None.")


def _weaker(result: Result) -> str:
    others = (Seen.DIFFERS, Seen.UNNOTICED, Seen.REFUSED)
    weak = sorted(f"{fate.seen.value}: `{fate.name}`" for fate in result.fates() if fate.seen not in others)
    lines = [f"- {line}" for line in weak]
    return "## Noticed in another way than by a difference at the declaration\n\n" + ("\n".join(lines) or "None.")


def _left(result: Result) -> str:
    """What has not been changed yet: `--stale` runs it."""
    left = sorted({*links(), *theorems()} - {*result.definitions, *result.statements})
    return "## Not run\n\n" + ("\n".join(f"- `{name}`" for name in left) or "None.")
