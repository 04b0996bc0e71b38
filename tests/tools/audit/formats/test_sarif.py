"""SARIF 2.1.0: what the standard requires of each object that we write, and what code scanning does."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.tools.audit.formats.accounts import HOSTILE, account, hostile, of_each
from tests.tools.cli.snapshot import assert_snapshot
from theorems.tools.audit.account import Account
from theorems.tools.audit.findings import error, fails
from theorems.tools.audit.formats.sarif import sarif
from theorems.tools.audit.formats.visible import visible

# What stands in an object of the standard, by its section there: what must be, and what may be besides, of what kind.
REQUIRED: dict[str, dict[str, type | str]] = {
    "log": {"version": str, "runs": "[run]"},
    "run": {"tool": "tool"},
    "tool": {"driver": "component"},
    "component": {"name": str},
    "rule": {"id": str},
    "message": {"text": str},
    "invocation": {"executionSuccessful": bool},
    "notification": {"message": "message"},
    "result": {"message": "message"},
    "location": {},
    "physical": {},
    "artifact": {},
    "region": {},
    "logical": {},
    "prints": {},
}
OPTIONAL: dict[str, dict[str, type | str]] = {
    "log": {"$schema": str},
    "run": {"results": "[result]", "invocations": "[invocation]", "columnKind": str},
    "component": {"version": str, "rules": "[rule]"},
    "rule": {"shortDescription": "message"},
    "invocation": {"toolExecutionNotifications": "[notification]"},
    "notification": {"level": str},
    "result": {
        **{"ruleId": str, "ruleIndex": int, "level": str},
        **{"locations": "[location]", "partialFingerprints": "prints"},
    },
    "location": {"physicalLocation": "physical", "logicalLocations": "[logical]"},
    "physical": {"artifactLocation": "artifact", "region": "region"},
    "artifact": {"uri": str, "uriBaseId": str},
    "region": {"startLine": int},
    "logical": {"fullyQualifiedName": str},
    "prints": {"finding/v1": str},
}
# A reference of RFC 3986 without a scheme, relative to the root of the source.
RELATIVE = re.compile(r"(?:[\w.~!$&'()*+,;=@-]|%[0-9A-F]{2})(?:[\w.~!$&'()*+,;=@/-]|%[0-9A-F]{2})*", re.ASCII)


def faults(found: Any, kind: str | type, path: str = "$") -> list[str]:
    """Where a document is not what the standard has there."""
    if isinstance(kind, type):
        return [] if type(found) is kind else [f"{path} is no {kind.__name__}"]
    if kind.startswith("["):
        if not isinstance(found, list):
            return [f"{path} is no list"]
        return [fault for k, one in enumerate(found) for fault in faults(one, kind[1:-1], f"{path}[{k}]")]
    if not isinstance(found, dict):
        return [f"{path} is no object"]
    known = REQUIRED[kind] | OPTIONAL.get(kind, {})
    wrong = [f"{path} lacks {key}" for key in REQUIRED[kind].keys() - found.keys()]
    wrong += [f"{path} has {key}" for key in found.keys() - known.keys()]
    return wrong + [f for key in found.keys() & known.keys() for f in faults(found[key], known[key], f"{path}.{key}")]


def read(account: Account) -> dict[str, Any]:
    return json.loads(sarif(account, "0.1"))


def results(account: Account) -> list[dict[str, Any]]:
    return read(account)["runs"][0]["results"]


def place(result: dict[str, Any]) -> dict[str, Any]:
    (location,) = result["locations"]
    return location["physicalLocation"]


@pytest.mark.parametrize("made", [of_each, hostile, account])
def test_it_is_what_the_standard_requires(made: Any) -> None:
    log = read(made())
    assert faults(log, "log") == []
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert RELATIVE.fullmatch(place(result)["artifactLocation"]["uri"])
        assert place(result).get("region", {"startLine": 1})["startLine"] > 0


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"version": None}, "$.version is no str"),
        ({"more": 1}, "$ has more"),
        ({"runs": [{}]}, "$.runs[0] lacks tool"),
        ({"runs": {}}, "$.runs is no list"),
        ({"runs": ["run"]}, "$.runs[0] is no object"),
    ],
)
def test_what_the_standard_does_not_have_is_seen(change: dict[str, Any], fault: str) -> None:
    assert faults(read(of_each()) | change, "log") == [fault]


def test_the_log() -> None:
    assert_snapshot("audit_sarif", sarif(of_each(), "0.1"))


def test_what_holds_and_a_remark_are_no_results_and_what_was_left_a_notification() -> None:
    (run,) = read(of_each())["runs"]
    said = [(r["level"], r["message"]["text"].split("\n")[0]) for r in run["results"]]
    assert said == [
        ("warning", "A.changed"),
        ("error", "A.error"),
        ("error", "A.fails"),
    ]
    (left,) = run["invocations"][0]["toolExecutionNotifications"]
    assert left == {"level": "note", "message": {"text": "kinds: not checked, 1 of 6: nobody asked"}}


def test_a_failure_of_leanmirror_is_no_success() -> None:
    assert [
        read(account(one))["runs"][0]["invocations"][0]["executionSuccessful"]
        for one in (fails("A.b", "so"), error("A.b", "KeyError"))
    ] == [True, False]


def test_hostile_text_is_text() -> None:
    (result,) = results(hostile())
    assert visible(HOSTILE) in result["message"]["text"]
    assert place(result)["artifactLocation"]["uri"] == "NN/a%20b%2Cc%3Ad%25e%7C%23f.lean"


def test_what_is_in_no_file_has_a_place_all_the_same() -> None:
    assert place(results(account(fails("Lean", "refused")))[0])["artifactLocation"]["uri"] == "NN"


def test_a_finding_is_the_same_one_where_its_lines_have_moved() -> None:
    one, moved, other = (
        results(account(fails("A.b", basis, file="NN/A.lean", line=line)))[0]["partialFingerprints"]
        for basis, line in (("so", 3), ("so", 30), ("else", 3))
    )
    assert one == moved != other
