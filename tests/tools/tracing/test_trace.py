"""What `leanmirror trace` says of each change of a Lean project and of its tests: each planted, and told right."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.tools.tracing.conftest import Shop

APPEND, DISCOUNT = "Cart.total_append", "Cart.discounted_le"
ITEM, TOTAL, MARKS = "lean/Cart/Item.lean", "lean/Cart/Total.lean", "tests/test_cart.py"


def test_what_was_never_agreed_to_is_new_and_fails_only_where_that_is_asked_for(shop: Shop) -> None:
    assert shop.verdicts() == {APPEND: "new", DISCOUNT: "new"}
    assert shop.run().exit_code == 0
    assert shop.run("--strict").exit_code == 1


def test_what_was_agreed_to_holds(agreed: Shop) -> None:
    assert agreed.verdicts() == {APPEND: "agreed", DISCOUNT: "agreed"}
    assert agreed.run().exit_code == 0


# ---- changes of the Lean files

REWORDED = [
    (TOTAL, "A discount never makes anything dearer.", "Discounts are good."),
    (ITEM, "/-- What an item", "/-- An item"),
]
SAME = {
    "a docstring reworded": REWORDED[:1],
    "a docstring of what it rests on reworded": REWORDED[1:],
    "a docstring taken away": [(TOTAL, "/-- A discount never makes anything dearer. -/\n", "")],
    "a comment in the statement": [(TOTAL, "(h : percent ≤ 100)", "(h : percent ≤ 100 /- all of it -/)")],
    "another proof": [(TOTAL, "  Nat.sub_le _ _", "  by unfold discounted; omega")],
    "a line broken": [(TOTAL, "(h : percent ≤ 100) :", "\n    (h : percent ≤ 100) :")],
    "a lemma instead of a theorem": [(TOTAL, "theorem discounted_le", "lemma discounted_le")],
    "quotes around a name": [(TOTAL, "theorem discounted_le", "theorem «discounted_le»")],
    "an attribute": [(TOTAL, "theorem discounted_le", "@[simp] theorem discounted_le")],
    "a name spelled in full": [(TOTAL, "discounted percent cents ≤ cents", "Cart.discounted percent cents ≤ cents")],
    "a new theorem": [
        (TOTAL, "theorem total_nil", "theorem total_same : total [] = total [] := rfl\n\ntheorem total_nil")
    ],
    "a definition that nothing uses": [(ITEM, "/-- What an item", "def free : Item := ⟨0, 1⟩\n\n/-- What an item")],
}
SAID = "its statement changed"
CHANGED = {
    "a hypothesis changed": ([(TOTAL, "percent ≤ 100", "percent ≤ 99")], SAID),
    "a hypothesis dropped": ([(TOTAL, " (h : percent ≤ 100)", "")], SAID),
    "a hypothesis added": ([(TOTAL, "(h : percent ≤ 100)", "(h : percent ≤ 100) (h0 : 0 < cents)")], SAID),
    "a hypothesis by variable": (
        [
            (
                TOTAL,
                "/-- A discount never",
                "variable (cents : Nat) (hv : 0 < cents)\ninclude hv\n/-- A discount never",
            ),
            (TOTAL, "theorem discounted_le (percent cents : Nat)", "theorem discounted_le (percent : Nat)"),
        ],
        SAID,
    ),
    "a conclusion changed": ([(TOTAL, "percent cents ≤ cents", "percent cents < cents")], SAID),
    "an implicit binder": ([(TOTAL, "(percent cents : Nat) (h", "{percent cents : Nat} (h")], SAID),
    "a definition beneath changed": (
        [(TOTAL, "cents - cents * percent / 100", "cents - cents * percent / 1000")],
        "what it rests on changed: Cart.discounted",
    ),
}


@pytest.mark.unmeasured
@pytest.mark.parametrize("edits", SAME.values(), ids=SAME)
def test_what_changes_no_meaning_is_no_change(agreed: Shop, edits: list[tuple[str, str, str]]) -> None:
    for edit in edits:
        agreed.edit(*edit)
    assert agreed.verdicts() == {APPEND: "agreed", DISCOUNT: "agreed"}


@pytest.mark.unmeasured
@pytest.mark.parametrize(("edits", "why"), CHANGED.values(), ids=CHANGED)
def test_a_changed_statement_is_told_and_fails(agreed: Shop, edits: list[tuple[str, str, str]], why: str) -> None:
    for edit in edits:
        agreed.edit(*edit)
    assert agreed.verdicts() == {APPEND: "agreed", DISCOUNT: "changed"}
    assert agreed.why(DISCOUNT) == [why]
    assert agreed.run().exit_code == 1
    agreed.accepted()
    assert agreed.verdicts() == {APPEND: "agreed", DISCOUNT: "agreed"}


def test_a_theorem_made_a_definition_is_told(agreed: Shop) -> None:
    agreed.edit(TOTAL, "theorem discounted_le", "def discounted_le")
    assert agreed.why(DISCOUNT) == ["it was a theorem and is a def"]


def test_a_change_far_beneath_is_named(agreed: Shop) -> None:
    agreed.edit(ITEM, "i.price * i.count", "i.price + i.count")
    agreed.edit(ITEM, "  count : Nat\n", "  count : Nat\n  weight : Nat\n")
    assert agreed.why(APPEND) == ["what it rests on changed: Cart.Item, Cart.Item.cost"]
    agreed.edit(ITEM, "i.price + i.count", "tax (i.price + i.count)")
    agreed.edit(ITEM, "/-- What an item", "def tax (n : Nat) := n\n/-- What an item")
    assert agreed.why(APPEND) == ["what it rests on changed: Cart.Item, Cart.Item.cost, Cart.tax (new there)"]


@pytest.mark.unmeasured
def test_many_changes_beneath_are_counted(agreed: Shop) -> None:
    fields = "".join(f"  f{k} : F{k}\n" for k in range(9))
    types = "".join(f"def F{k} := Nat\n" for k in range(9))
    agreed.edit(ITEM, "  count : Nat\n", f"  count : Nat\n{fields}")
    agreed.edit(ITEM, "namespace Cart\n\n", f"namespace Cart\n\n{types}")
    (why,) = agreed.why(APPEND)
    assert why.endswith("Cart.F3 (new there) and 5 more")


def test_a_moved_file_is_told_as_moved(agreed: Shop) -> None:
    agreed.write("lean/Cart/Sum.lean", agreed.text(TOTAL))
    (agreed.folder / TOTAL).unlink()
    assert agreed.verdicts() == {APPEND: "moved", DISCOUNT: "moved"}
    assert agreed.why(APPEND) == ["it moved from Cart/Total.lean to Cart/Sum.lean"]
    assert agreed.run().exit_code == 0
    assert agreed.run("--strict").exit_code == 1
    agreed.accepted()
    assert agreed.verdicts() == {APPEND: "agreed", DISCOUNT: "agreed"}


# ---- names


def test_a_broken_link_has_the_nearest_name(agreed: Shop) -> None:
    agreed.edit(MARKS, '"Cart.discounted_le"', '"Cart.discount_le"')
    assert agreed.verdicts() == {APPEND: "agreed", "Cart.discount_le": "broken"}
    assert agreed.why("Cart.discount_le") == [
        "no declaration has this name; did you mean Cart.discounted_le, Cart.discounted?"
    ]
    assert agreed.run().exit_code == 1


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("total_append", "; did you mean Cart.total_append?"),
        ("Shop.total_append", "; did you mean Cart.total_append?"),
        ("Shop.total_append_nil", "; did you mean Cart.total_append, Cart.total_nil?"),
        ("Cart.nothing_like_it_anywhere", ""),
    ],
)
def test_the_nearest_names_end_alike_or_stand_in_the_namespace(shop: Shop, name: str, near: str) -> None:
    shop.edit(MARKS, '"Cart.discounted_le"', f'"{name}"')
    (why,) = shop.why(name)
    assert why == f"no declaration has this name{near}"


def test_a_name_that_an_attribute_makes_is_told(shop: Shop) -> None:
    shop.edit(TOTAL, "theorem total_nil", "@[simp, to_additive (attr := simp) sum_nil] theorem total_nil")
    shop.edit(MARKS, '"Cart.discounted_le"', '"Cart.sum_nil", "Cart.simp"')
    made = "@[simp, to_additive (attr := simp) sum_nil] of Cart.total_nil, Cart/Total.lean:22, may make it"
    assert shop.why("Cart.sum_nil") == [f"no declaration has this name; {made}: no text declares it"]
    assert shop.why("Cart.simp") == ["no declaration has this name"], "an attribute of that name makes none"


def test_a_field_and_a_constructor_are_their_type(shop: Shop) -> None:
    shop.edit(MARKS, '"Cart.discounted_le"', '"Cart.Item.price", "_root_.Cart.total"')
    links = {link["name"]: link["declaration"]["name"] for link in shop.traced()["links"]}
    assert links == {APPEND: APPEND, "Cart.Item.price": "Cart.Item", "_root_.Cart.total": "Cart.total"}


WITHIN = """def outer (n : Nat) : Nat :=
  let rec first (k : Nat) : Nat :=
    let rec deep (j : Nat) : Nat := j
    deep k
  let rec @[simp] «second» (k : Nat) : Nat := k
  go n
where
  /-- Goes. -/
  go (n : Nat) : Nat := step n
  @[inline] private step : Nat → Nat
    | 0 => 1
    | n => n
  termination_by n => n

def held : P where
  field := 1

theorem proved : True := go 1
where
  go (n : Nat) : True := trivial
"""


def test_a_function_inside_a_definition_is_the_definition(shop: Shop) -> None:
    shop.write("lean/Within.lean", WITHIN)
    marked = [f"outer.{name}" for name in ("first", "second", "go", "step")]
    wrong = ["outer.deep", "outer.n", "outer.k", "outer.termination_by", "held.field", "proved.go"]
    shop.write(MARKS, f"import pytest\n@pytest.mark.lean{(*marked, *wrong)!r}\ndef test_it(): pass\n")
    links = {link["name"]: link.get("declaration", {}).get("name") for link in shop.traced()["links"]}
    assert links == dict.fromkeys(marked, "outer") | dict.fromkeys(wrong)
    proof = "; the proof of proved, Within.lean:18, declares it, and proofs are not compared"
    assert shop.why("proved.go") == [f"no declaration has this name{proof}"]


def test_a_function_inside_a_definition_changes_with_it(shop: Shop) -> None:
    shop.write("lean/Within.lean", WITHIN)
    shop.edit(MARKS, '"Cart.discounted_le"', '"outer.step", "_root_.outer.go"')
    shop.accepted()
    assert set(shop.verdicts().values()) == {"agreed"}
    shop.edit("lean/Within.lean", "| 0 => 1", "| 0 => 2")
    changed = {APPEND: "agreed", "outer.step": "changed", "_root_.outer.go": "changed"}
    assert shop.verdicts() == changed


def test_a_name_that_is_declared_twice_is_told(shop: Shop) -> None:
    shop.write("lean/Other.lean", "theorem Cart.total_append : True := trivial\n")
    places = "Cart/Total.lean:13, Other.lean:1"
    assert shop.why(APPEND) == [f"it is declared 2 times, {places}: the first is meant"]


def test_theorems_without_a_test_are_listed(agreed: Shop) -> None:
    assert [one["name"] for one in agreed.traced()["untested"]] == ["Cart.total_nil"]
    assert "without a test: 1\n  Cart.total_nil" in agreed.run().stdout
    agreed.edit("pyproject.toml", 'source = "lean"\n', 'source = "lean"\nignore = ["*_nil"]\n')
    assert agreed.traced("--strict")["untested"] == []
    assert agreed.run("--strict").exit_code == 0


def test_a_name_that_lost_its_tests_is_told_until_that_is_accepted(agreed: Shop) -> None:
    agreed.edit(MARKS, '@pytest.mark.lean("Cart.discounted_le")\n', "")
    assert agreed.traced()["orphans"] == [DISCOUNT]
    assert "agreed, and on no test any more: 1\n  Cart.discounted_le" in agreed.run().stdout
    assert "1 dropped" in agreed.run("--accept", DISCOUNT).stderr
    assert agreed.traced()["orphans"] == []
    assert DISCOUNT not in tomllib.loads(agreed.text("leanmirror.lock"))


# ---- renames

RENAMED: dict[str, tuple[list[tuple[str, str, str]], dict[str, str]]] = {
    "a theorem": ([(TOTAL, "theorem discounted_le", "theorem cheaper")], {DISCOUNT: "Cart.cheaper"}),
    "a theorem, with another namesake": (
        [
            (TOTAL, "theorem discounted_le", "theorem cheaper"),
            (ITEM, "end Cart", "theorem Lone.discounted_le : True := trivial\n\nend Cart"),
        ],
        {DISCOUNT: "Cart.cheaper"},
    ),
}


@pytest.mark.parametrize(("edits", "renamed"), RENAMED.values(), ids=RENAMED)
def test_a_renamed_declaration_is_found_and_put_right(
    agreed: Shop, edits: list[tuple[str, str, str]], renamed: dict[str, str]
) -> None:
    for edit in edits:
        agreed.edit(*edit)
    found = {link["name"]: link["renamed"] for link in agreed.traced()["links"] if "renamed" in link}
    assert found == renamed
    assert agreed.run().exit_code == 1
    assert "leanmirror trace --fix" in agreed.run().stdout
    result = agreed.run("--fix")
    assert (result.exit_code, result.stderr) == (0, "wrote 1 new name into 1 file\n")
    assert '@pytest.mark.lean("Cart.cheaper")' in agreed.text(MARKS)
    assert agreed.verdicts() == {APPEND: "agreed", "Cart.cheaper": "agreed"}


def rename_everything(shop: Shop) -> None:
    for file in (ITEM, TOTAL):
        shop.write(
            file, shop.text(file).replace("namespace Cart", "namespace Basket").replace("end Cart", "end Basket")
        )


def test_a_renamed_namespace_takes_its_declarations_along(agreed: Shop) -> None:
    rename_everything(agreed)
    found = {link["name"]: link["renamed"] for link in agreed.traced()["links"]}
    assert found == {APPEND: "Basket.total_append", DISCOUNT: "Basket.discounted_le"}
    assert agreed.run("--fix").exit_code == 1, "a constant is left to a person"
    assert "left Cart.total_append as it is in tests/test_cart.py:6" in agreed.run("--fix").stderr
    agreed.edit(MARKS, "Cart.total_append", "Basket.total_append")
    assert agreed.verdicts() == {"Basket.total_append": "new", "Basket.discounted_le": "agreed"}


def test_a_renamed_definition_leaves_what_rests_on_it_agreed(agreed: Shop) -> None:
    agreed.write(TOTAL, agreed.text(TOTAL).replace("discounted ", "reduced "))
    assert agreed.verdicts() == {APPEND: "agreed", DISCOUNT: "moved"}
    assert agreed.why(DISCOUNT) == ["of what it rests on Cart.discounted is called Cart.reduced now"]


def test_a_rename_together_with_a_change_beneath_stays_to_be_agreed(agreed: Shop) -> None:
    agreed.edit(TOTAL, "theorem discounted_le", "theorem cheaper")
    agreed.edit(TOTAL, "percent / 100", "percent / 1000")
    assert agreed.why(DISCOUNT)[1:] == ["what it rests on changed: Cart.discounted"]
    assert agreed.run("--fix").exit_code == 1
    assert agreed.verdicts() == {APPEND: "agreed", "Cart.cheaper": "changed"}


def test_a_declaration_that_says_something_else_is_no_new_name(agreed: Shop) -> None:
    agreed.edit(
        TOTAL,
        "theorem discounted_le (percent cents : Nat) (h : percent ≤ 100)",
        "theorem cheaper (percent cents : Nat)",
    )
    assert "renamed" not in next(link for link in agreed.traced()["links"] if link["name"] == DISCOUNT)


def test_two_that_say_the_same_are_not_told_apart(agreed: Shop) -> None:
    agreed.edit(TOTAL, "theorem discounted_le", "theorem cheaper")
    said = (
        "theorem {} (percent cents : Nat) (h : percent ≤ 100) : discounted percent cents ≤ cents := Nat.sub_le _ _\n\n"
    )
    agreed.edit(TOTAL, "theorem total_nil", f"{said.format('cheap')}theorem total_nil")
    assert "renamed" not in next(link for link in agreed.traced()["links"] if link["name"] == DISCOUNT)


@pytest.mark.parametrize("most", [0, 20_000])
def test_in_a_large_project_a_new_name_is_sought_in_the_same_file(
    agreed: Shop, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr("theorems.tools.tracing.renames._MOST", most)
    agreed.edit(TOTAL, "theorem discounted_le", "theorem cheaper")
    assert agreed.traced()["links"][0].get("renamed") == "Cart.cheaper"
    theorem = "theorem cheaper (percent cents : Nat) (h : percent ≤ 100) : discounted percent cents ≤ cents :=\n"
    agreed.edit(TOTAL, theorem, "theorem away : True :=\n")
    agreed.write("lean/Cart/Else.lean", f"import Cart.Total\nnamespace Cart\n{theorem}  h\nend Cart\n")
    assert agreed.traced()["links"][0].get("renamed") == ("Cart.cheaper" if most else None)


def test_in_a_large_project_no_letters_are_compared(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("theorems.tools.tracing.nearest._MOST", 0)
    shop.edit(MARKS, '"Cart.discounted_le"', '"Cart.discount_le"')
    assert shop.why("Cart.discount_le") == ["no declaration has this name"]


# ---- agreeing to some


def test_one_name_is_accepted_alone(agreed: Shop) -> None:
    agreed.edit(TOTAL, "percent ≤ 100)", "percent ≤ 99)")
    agreed.edit(ITEM, "i.price * i.count", "i.price + i.count")
    assert agreed.verdicts() == {APPEND: "changed", DISCOUNT: "changed"}
    assert agreed.run("--accept", "discounted_le").stderr.endswith("2 names, 0 new, 1 changed, 0 dropped\n")
    assert agreed.verdicts() == {APPEND: "changed", DISCOUNT: "agreed"}
    assert agreed.why(APPEND) == ["what it rests on changed: Cart.Item.cost"]


def test_a_mark_with_quotes_is_the_one_without_them(agreed: Shop) -> None:
    agreed.edit(MARKS, "discounted_le", "«discounted_le»")
    assert agreed.verdicts() == {APPEND: "agreed", DISCOUNT: "agreed"}
    agreed.edit(TOTAL, "theorem discounted_le", "theorem «discounted_at_most»")
    assert "wrote 1 new name into 1 file" in agreed.run("--fix").stderr
    assert '"Cart.discounted_at_most"' in agreed.text(MARKS)
    assert agreed.verdicts() == {APPEND: "agreed", "Cart.discounted_at_most": "agreed"}


def test_a_broken_name_is_not_accepted(agreed: Shop) -> None:
    agreed.edit(TOTAL, "theorem discounted_le", "theorem cheaper")
    assert agreed.run("--accept").exit_code == 1
    assert agreed.verdicts() == {APPEND: "agreed", DISCOUNT: "broken"}
    assert DISCOUNT in tomllib.loads(agreed.text("leanmirror.lock")), "what was agreed is still known"


def test_a_name_selects_what_is_told(agreed: Shop) -> None:
    assert agreed.verdicts("discounted_le") == {DISCOUNT: "agreed"}
    assert agreed.verdicts("*total*") == {APPEND: "agreed"}
    assert agreed.refused("discount") == "no test is about discount; did you mean Cart.discounted_le?"


def test_what_is_private_beneath_has_no_table_and_still_counts(shop: Shop) -> None:
    shop.edit(TOTAL, "def discounted", "private def discounted")
    shop.accepted()
    assert "Cart.discounted" not in tomllib.loads(shop.text("leanmirror.lock"))
    shop.edit(TOTAL, "percent / 100", "percent / 1000")
    assert shop.why(DISCOUNT) == ["what it rests on changed: Cart.discounted (private)"]


# ---- the lock


def test_the_lock_has_one_plain_table_a_name_in_order(agreed: Shop) -> None:
    data = tomllib.loads(agreed.text("leanmirror.lock"))
    assert data.pop("lock-version") == 1
    assert list(data) == sorted(data)
    assert {name for name, table in data.items() if "rests_on" in table} == {APPEND, DISCOUNT}
    for name, table in data.items():
        assert all(isinstance(value, str) for value in table.values()), name
        assert (agreed.folder / "lean" / table["file"]).is_file()
    assert data[DISCOUNT]["kind"] == "theorem"


def test_accepting_twice_writes_the_same_bytes(agreed: Shop) -> None:
    before = agreed.text("leanmirror.lock")
    agreed.accepted()
    assert agreed.text("leanmirror.lock") == before


def test_two_branches_that_add_names_merge_line_by_line(shop: Shop) -> None:
    both = ("Cart.total_append", "Cart.discounted_le", "Cart.total_nil", "Cart.Item.cost")

    def lock(*names: str) -> Path:
        shop.write(MARKS, f"import pytest\n@pytest.mark.lean{names!r}\ndef test_it(): pass\n")
        shop.accepted()
        path = shop.folder / f"{len(names)}{names[-1]}.lock"
        path.write_text(shop.text("leanmirror.lock"), "utf-8")
        return path

    base, ours, theirs, wanted = lock(both[0]), lock(both[0], both[1]), lock(both[0], both[2]), lock(*both[:3])
    merged = subprocess.run(
        ["git", "merge-file", "-p", ours, base, theirs], capture_output=True, text=True, check=False
    )
    assert (merged.returncode, merged.stderr) == (0, "")
    assert merged.stdout == wanted.read_text("utf-8")
