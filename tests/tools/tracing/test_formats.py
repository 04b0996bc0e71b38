"""What a trace looks like in each format: on a terminal, for CI, and as data that others read."""

from __future__ import annotations

import json
import os
from xml.etree import ElementTree as ET

import pytest
import yaml

from tests.tools.cli.snapshot import assert_snapshot
from tests.tools.tracing.conftest import Shop

TOTAL, MARKS = "lean/Cart/Total.lean", "tests/test_cart.py"


@pytest.fixture
def eventful(agreed: Shop) -> Shop:
    """One name of each kind: broken, changed, new, agreed, and moved; one that lost its test; something unread."""
    agreed.write(
        MARKS,
        agreed.text(MARKS).replace('"Cart.discounted_le"', '"Cart.discounted_le", "Cart.Item"')
        + '\n@pytest.mark.lean("Cart.gone|`<b>@all", "Cart.total_nil")\ndef test_new(): pass\n'
        + "\n@pytest.mark.lean(NAME)\ndef test_computed(): pass\n",
    )
    agreed.run("--accept", "Cart.Item")
    agreed.edit(MARKS, 'APPEND = "Cart.total_append"', 'APPEND = "Cart.total"')
    agreed.edit(TOTAL, "percent ≤ 100)", "percent ≤ 99)")
    agreed.write("lean/Cart/Thing.lean", agreed.text("lean/Cart/Item.lean") + "\nmystery 3\n")
    (agreed.folder / "lean/Cart/Item.lean").unlink()
    return agreed


def test_what_is_printed(eventful: Shop) -> None:
    result = eventful.run("--verbose")
    assert result.exit_code == 1
    assert_snapshot("trace", result.stdout)


def test_only_so_much_is_printed_of_what_does_not_fail(shop: Shop) -> None:
    shop.write("lean/More.lean", "".join(f"theorem t{k} : True := trivial\n" for k in range(30)))
    out = shop.run().stdout
    assert "without a test: 31\n" in out
    assert "  … 21 more: --verbose prints all\n" in out
    assert "t29" not in out
    assert "t29" in shop.run("-v").stdout


def test_what_a_workflow_is_told(eventful: Shop) -> None:
    result = eventful.run("--format", "github")
    changed, broken, *_, ended = result.stdout.splitlines()
    assert changed.startswith(f"::error file={TOTAL},line=19,title=Cart.discounted_le::its statement changed%0Atest: ")
    assert broken.startswith("::error file=tests/test_cart.py,line=15,title=Cart.gone|`<b>@all::no declaration has")
    assert ended.startswith("::notice title=leanmirror trace::5 names: 1 broken, 1 changed")
    assert result.stderr.startswith("5 names: 1 broken, 1 changed, 1 moved, 2 new")


def test_a_workflow_is_told_of_ten_and_how_many_more(shop: Shop) -> None:
    marks = "".join(f'@pytest.mark.lean("Gone.t{k}")\ndef test_{k}(): pass\n' for k in range(12))
    shop.write(MARKS, f"import pytest\n{marks}")
    lines = shop.run("--format", "github").stdout.splitlines()
    assert len(lines) == 11
    assert lines[-1].endswith("; not shown here: 2 more")


def test_a_source_elsewhere_has_whole_paths(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    os.rename(shop.folder / "lean", elsewhere / "lean")
    out = shop.run("--source", str(elsewhere / "lean"), "--format", "github").stdout
    assert f"file={elsewhere}/lean/Cart/Total.lean," in out


def test_the_summary_is_markdown_in_which_nothing_is_markup(eventful: Shop) -> None:
    result = eventful.run("--format", "markdown", "--markdown", "same.md")
    assert result.stdout == eventful.text("same.md")
    assert_snapshot("trace-markdown", result.stdout)
    assert "<b>" not in result.stdout.replace("<br>", "").replace("`` Cart.gone\\|`<b>@all ``", "")


def test_a_summary_in_which_all_is_agreed_has_no_table(agreed: Shop) -> None:
    page = agreed.run("--format", "markdown").stdout
    assert page.startswith("## leanmirror trace\n\n**2 names: 2 agreed; 1 of 3 theorems without a test**\n\n<details>")


def test_a_summary_fits_a_comment(shop: Shop) -> None:
    shop.write("lean/More.lean", "".join(f"theorem {'t' * 90}{k} : True := trivial\n" for k in range(900)))
    page = shop.run("--format", "markdown").stdout
    assert len(page) < 65_536
    assert " more\n" in page


def test_the_cases_of_junit_are_names(eventful: Shop) -> None:
    eventful.run("--junit", "trace.xml")
    (suite,) = ET.fromstring(eventful.text("trace.xml"))
    assert {key: suite.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        **{"tests": "6", "failures": "2", "errors": "0", "skipped": "1"}
    }
    cases = {str(case.get("name")): case for case in suite}
    failures = {name: case.find("failure") for name, case in cases.items()}
    assert {name: found.get("type") for name, found in failures.items() if found is not None} == {
        "Cart.discounted_le": "changed",
        "Cart.gone|`<b>@all": "broken",
    }
    assert cases["Cart.total_append"].find("skipped") is not None
    tests = [p.get("value") for p in cases["Cart.Item"].iter("property") if p.get("name") == "test"]
    assert tests == ["tests/test_cart.py::test_discount"]
    assert cases["Cart.Item"].get("classname") == "Cart/Thing.lean"


def test_the_json_has_all_of_it(eventful: Shop) -> None:
    data = eventful.traced()
    assert (data["files"], data["declarations"], data["theorems"], data["holds"]) == (2, 7, 3, False)
    verdicts = {link["name"]: link["verdict"] for link in data["links"]}
    assert verdicts == {
        "Cart.Item": "moved",
        "Cart.discounted_le": "changed",
        "Cart.gone|`<b>@all": "broken",
        "Cart.total": "new",
        "Cart.total_nil": "new",
    }
    assert data["orphans"] == ["Cart.total_append"]
    why = "'mystery' begins no command that is known"
    assert data["unread"] == [{"file": "Cart/Thing.lean", "line": 13, "why": why}]
    assert [one["line"] for one in data["unclear"]] == [18]
    says = next(link["declaration"]["says"] for link in data["links"] if link["name"] == "Cart.total_nil")
    assert says == "theorem Cart.total_nil : total [] = 0"


# ---- traceability as data


def test_lean_decls_are_the_names_that_another_file_can_check(shop: Shop) -> None:
    shop.edit(TOTAL, "theorem total_nil", "private theorem total_nil")
    shop.edit(MARKS, '"Cart.discounted_le"', '"Cart.discounted_le", "Cart.total_nil", "Cart.Item.price", "Cart.gone"')
    shop.run("--lean-decls", "lean_decls")
    assert shop.text("lean_decls").splitlines() == ["Cart.Item", "Cart.discounted_le", "Cart.total_append"]


def test_the_alignment_has_what_each_declaration_says_and_its_tests(shop: Shop) -> None:
    shop.write(
        "pyproject.toml",
        '[project]\nname = "shop"\nauthors = [{ name = "Ann" }, { email = "b@c.d" }, {}]\nlicense = { text = "MIT" }\n'
        '[tool.leanmirror]\nsource = "lean"\n',
    )
    shop.write("lean/lean-toolchain", "leanprover/lean4:v4.30.0\n")
    shop.edit(TOTAL, "total [] = 0 := rfl", "total [] = 0 := by sorry")
    shop.edit(MARKS, '"Cart.discounted_le"', '"Cart.discounted_le", "Cart.total_nil", "Cart.Item.price", "Cart.Item"')
    shop.run("--formalization", "formalization.yaml")
    data = yaml.safe_load(shop.text("formalization.yaml"))
    assert data.keys() == {"version", "project", "sources", "automation", "review", "alignment"}
    assert data["project"] == {"name": "shop", "authors": ["Ann", "b@c.d"], "license": "MIT"}
    assert data["sources"][0]["note"] == "stated in Lean 4.30.0; tested here"
    entries = {entry["lean"]: entry for entry in data["alignment"]["statements"]}
    assert {name: entry["status"] for name, entry in entries.items()} == {
        "Cart.Item": "defined",
        "Cart.discounted_le": "proved",
        "Cart.total_append": "proved",
        "Cart.total_nil": "stated",
    }
    assert entries["Cart.discounted_le"]["source"] == "A discount never makes anything dearer."
    assert entries["Cart.total_nil"]["source"] == "theorem Cart.total_nil : total [] = 0"
    assert entries["Cart.Item"]["module"] == "Cart.Item"
    assert entries["Cart.Item"]["note"] == "tested by tests/test_cart.py::test_discount (tests/test_cart.py:11)"


def test_a_project_that_says_nothing_of_itself_is_its_folder(shop: Shop) -> None:
    (shop.folder / "pyproject.toml").unlink()
    shop.edit(MARKS, '"Cart.discounted_le"', '"Cart.gone"')
    shop.edit(MARKS, 'APPEND = "Cart.total_append"', 'APPEND = "Cart.gone"')
    shop.run("--source", "lean", "--formalization", "formalization.yaml")
    data = yaml.safe_load(shop.text("formalization.yaml"))
    assert data["project"] == {"name": shop.folder.name, "authors": [], "license": "unknown"}
    assert data["alignment"]["statements"] == []
    shop.write("pyproject.toml", 'project = 3\n[tool.leanmirror]\nsource = "lean"\n')
    shop.run("--formalization", "formalization.yaml")
    assert yaml.safe_load(shop.text("formalization.yaml"))["project"]["license"] == "unknown"
    shop.write("pyproject.toml", '[project]\nlicense = "MIT"\n[tool.leanmirror]\nsource = "lean"\n')
    shop.run("--formalization", "formalization.yaml")
    assert yaml.safe_load(shop.text("formalization.yaml"))["project"]["license"] == "MIT"


def test_a_report_that_cannot_be_written_is_told_before_anything_is_done(shop: Shop) -> None:
    assert shop.refused("--accept", "--json", "lean").startswith("cannot write lean: ")
    assert not (shop.folder / "leanmirror.lock").exists()
    assert json.loads(json.dumps(shop.verdicts()))
