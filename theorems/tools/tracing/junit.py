"""A trace as JUnit XML: a case for each Lean name on tests, and one, skipped, for each theorem without a test."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from lean_refs.reader.records import LeanDeclaration
from theorems.tools.reports.junit import sayable
from theorems.tools.tracing.record import LeanLink, Trace


def junit(trace: Trace) -> str:
    """The trace as XML text; a broken or changed name is a failure."""
    cases = [*map(_linked, trace.links), *map(_untested, trace.untested)]
    failures, skipped = len(trace.failing), len(trace.untested)
    counts = {"tests": len(cases), "failures": failures, "errors": 0, "skipped": skipped}
    suite = ET.Element("testsuite", {"name": "leanmirror trace"} | {key: str(count) for key, count in counts.items()})
    suite.extend(cases)
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True).decode() + "\n"


def _linked(link: LeanLink) -> ET.Element:
    case = _case(link.name, link.declaration)
    properties = ET.SubElement(case, "properties")
    said = [("verdict", link.verdict.value), *(("test", mark.test) for mark in link.marks)]
    for name, value in said:
        ET.SubElement(properties, "property", name=name, value=sayable(value))
    if link.verdict.fails:
        ET.SubElement(case, "failure", message=sayable("; ".join(link.why)), type=link.verdict.value)
    return case


def _untested(declaration: LeanDeclaration) -> ET.Element:
    case = _case(declaration.name, declaration)
    ET.SubElement(case, "skipped", message="no test is about it")
    return case


def _case(name: str, declaration: LeanDeclaration | None) -> ET.Element:
    return ET.Element("testcase", classname=sayable(declaration.file if declaration else ""), name=sayable(name))
