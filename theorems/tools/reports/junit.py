"""A run as JUnit XML: one test case per theorem, named by its Lean name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from lean_refs import load_pin
from theorems.tools.reports.outcomes import ERROR, Outcome, status, why_vacuous

# What XML 1.0 has no way to say.
_UNSAYABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def document(outcomes: Sequence[Outcome]) -> str:
    """The run as XML text; every case has a property `theorem`, every failure its claim and both sides."""
    suite = ET.Element("testsuite", name="leanmirror", tests=str(len(outcomes)))
    for outcome in outcomes:
        suite.append(_case(outcome))
    for kind in ("failure", "error"):
        suite.set(kind + "s", str(len(suite.findall(f"testcase/{kind}"))))
    suite.set("time", f"{sum(o.report.seconds for o in outcomes if o.report):.3f}")
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True).decode() + "\n"


def _case(outcome: Outcome) -> ET.Element:
    file = load_pin().declarations[outcome.theorem].file
    seconds = outcome.report.seconds if outcome.report else 0
    case = ET.Element("testcase", classname=file, name=outcome.theorem, time=f"{seconds:.3f}")
    properties = ET.SubElement(case, "properties")
    for name, value in _properties(outcome).items():
        ET.SubElement(properties, "property", name=name, value=str(value))
    if outcome.report is None:
        _problem(case, "error", outcome.error, ERROR)
    elif not outcome.report.passed:
        _problem(case, "failure", _message(outcome), status(outcome))
    return case


def _properties(outcome: Outcome) -> dict[str, object]:
    counted = ("tried", "distinct", "accepted", "empty", "boundary", "compared") if outcome.report else ()
    counts = {name: getattr(outcome.report, name) for name in counted}
    return {"theorem": outcome.theorem, "status": status(outcome), **counts}


def _problem(case: ET.Element, kind: str, message: str, how: str) -> None:
    ET.SubElement(case, kind, message=sayable(message), type=how)


def sayable(text: str) -> str:
    """The text with a question mark for each sign that XML cannot say."""
    return _UNSAYABLE.sub("?", text)


def _message(outcome: Outcome) -> str:
    report = outcome.report
    assert report is not None
    if report.failure is None:
        return why_vacuous(report)
    return str(report.failure.judgement.mismatch)
