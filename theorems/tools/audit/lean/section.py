"""The audit's section about Lean itself: what its kernel says of the derived files."""

from __future__ import annotations

from collections.abc import Iterator

from theorems.tools.audit.findings import Finding, Section, fails, holds, not_checked
from theorems.tools.audit.lean.messages import Answer, LeanVerdict
from theorems.tools.audit.lean.run import FileRun, LeanReport
from theorems.tools.output.counted import counted

TITLE = "accepted by Lean"
MEANS = "Lean itself closes each fact about the mirror by rfl, and answers #check for each name"


def in_lean(report: LeanReport) -> Section:
    """A finding for each declaration of each file, and for whatever else went wrong; `not checked` without Lean."""
    if not report.checked:
        why = "; ".join(report.missing)
        return Section(TITLE, f"not checked: {why}", (not_checked("Lean", why),))
    found = [answer for run in report.runs for answer in run.answers]
    accepted, sorry = sum(a.passes for a in found), sum(a.sorry for a in found)
    exact = sum(a.exactly_standard for a in found)
    revision = report.revision[:7] if report.revision else "an unknown revision"
    summary = (
        f"{accepted} of {counted(len(found), 'question')} accepted at {revision}, "
        f"{counted(exact, 'declaration')} on exactly propext, Classical.choice and Quot.sound, {sorry} with a sorry"
    )
    return Section(TITLE, summary, tuple(f for run in report.runs for f in _findings(run)), MEANS)


def _findings(run: FileRun) -> Iterator[Finding]:
    yield from (fails(run.file, problem) for problem in run.problems)
    for answer in run.answers:
        judge = holds if answer.passes else fails
        yield judge(answer.name, f"{run.file}: {_words(answer)}")


def _words(answer: Answer) -> str:
    if answer.verdict is LeanVerdict.REJECTED:
        return "rejected: " + " ".join(" / ".join(answer.errors).split())
    if answer.verdict is LeanVerdict.SILENT:
        return "Lean gave no answer"
    sorry = "; it rests on a sorry" if answer.sorry else ""
    if answer.axioms is None:
        return f"accepted{sorry}"
    if answer.other_axioms:
        return f"accepted, on axioms that are not Lean's own: {', '.join(answer.other_axioms)}{sorry}"
    return f"accepted, axioms: {', '.join(answer.axioms) or 'none'}{sorry}"
