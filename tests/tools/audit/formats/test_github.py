"""Workflow commands: one a line, whatever the names are, and no more than GitHub shows."""

from __future__ import annotations

import re

from tests.tools.audit.formats.accounts import FILE, HOSTILE, account, hostile, of_each
from theorems.tools.audit.findings import changed, fails
from theorems.tools.audit.formats.github import SHOWN, github
from theorems.tools.audit.formats.visible import visible

COMMAND = re.compile(r"::(?P<kind>error|warning|notice) (?P<properties>[^:]*)::(?P<data>.*)")


def read(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Kind, properties and message of each command, as GitHub's runner reads them."""
    found = []
    for line in text.removesuffix("\n").split("\n"):
        command = COMMAND.fullmatch(line)
        assert command, line
        given = dict(one.split("=", 1) for one in command["properties"].split(","))
        found.append(
            (command["kind"], {key: unescaped(value) for key, value in given.items()}, unescaped(command["data"]))
        )
    return found


def unescaped(text: str) -> str:
    for sign, spelled in (("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C"), ("%", "%25")):
        text = text.replace(spelled, sign)
    return text


def test_what_fails_is_an_error_and_what_changed_a_warning() -> None:
    assert read(github(of_each())) == [
        (
            "error",
            {"file": "NN/A.lean", "line": "4", "title": "A.fails"},
            "kinds: differs\nbefore: x < y\nnow: x ≤ y",
        ),
        ("error", {"title": "A.error"}, "kinds: KeyError"),
        ("warning", {"file": "NN/A.lean", "line": "2", "title": "A.changed"}, "kinds: reworded"),
        (
            "notice",
            {"title": "leanmirror audit"},
            "1 declaration or file fails, leanmirror itself failed on 1: this is no verdict, 1 changed and holds",
        ),
    ]


def test_hostile_text_stays_where_it_is() -> None:
    (kind, properties, data), _ = read(github(hostile()))
    shown = visible(HOSTILE)
    assert (kind, properties) == ("error", {"file": FILE, "line": "7", "title": shown})
    assert data == f"kinds: {shown}\nbefore: {shown}!\nnow: {shown}?"


def test_a_file_without_a_line_and_a_name_without_a_file() -> None:
    found = read(github(account(fails("NN/A.lean", "missing", file="NN/A.lean"), fails("Lean", "refused"))))
    assert [properties for _, properties, _ in found[:2]] == [
        {"file": "NN/A.lean", "title": "NN/A.lean"},
        {"title": "Lean"},
    ]


def test_the_last_line_says_how_many_are_not_shown() -> None:
    many = [make(f"A.{make.__name__}{k}", "so") for make in (fails, changed) for k in range(SHOWN + 3)]
    found = read(github(account(*many)))
    assert [kind for kind, _, _ in found] == ["error"] * SHOWN + ["warning"] * SHOWN + ["notice"]
    assert found[-1][2].endswith("; not shown here: 3 more errors, 3 more warnings")


def test_where_nothing_fails_only_that_is_said() -> None:
    assert github(account()) == "::notice title=leanmirror audit::everything that was checked holds\n"
