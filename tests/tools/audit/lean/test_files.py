"""The files that are derived for Lean: what they ask, cite and leave out."""

from __future__ import annotations

import json
import re
from pathlib import Path

from lean_refs import load_pin
from lean_refs.home import lean_refs_folder
from theorems.tools.audit.lean.files import DECLS, cited, lean_files
from theorems.tools.audit.lean.messages import asked
from theorems.tools.audit.lean.text import module_name

PIN = load_pin()


def test_the_names_that_lean_is_asked_about_are_all_that_are_cited_and_not_private() -> None:
    private = {d.name for d in PIN.declarations.values() if d.private}
    names = [question.name for question in asked(lean_files()[DECLS])]
    assert names == cited() == lean_files()["lean_decls"].split()
    assert len(names) == len(set(names))
    assert set(names) == set(PIN.declarations) - private
    assert all(question.axioms for question in asked(lean_files()[DECLS]))


def test_the_notebook_is_one_that_jupyter_opens() -> None:
    book = json.loads((lean_refs_folder() / "notebooks" / "decoder_block.ipynb").read_text("utf-8"))
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    assert book["metadata"]["kernelspec"] == {"display_name": "Lean 4", "language": "lean4", "name": "lean4"}
    keys = {"markdown": set(), "code": {"execution_count", "outputs"}}
    for cell in book["cells"]:
        assert cell.keys() == {"cell_type", "id", "metadata", "source"} | keys[cell["cell_type"]]
        assert all(isinstance(line, str) for line in cell["source"])
        assert all(line.endswith("\n") for line in cell["source"][:-1])
    assert len({cell["id"] for cell in book["cells"]}) == len(book["cells"])
    commands = "".join(line for cell in book["cells"] if cell["cell_type"] == "code" for line in cell["source"])
    theorems = [d.name for d in PIN.seed if d.is_theorem]
    assert len(theorems) == 3
    assert all(f"#check @{name}" in commands and f"#print axioms {name}" in commands for name in theorems)


def test_the_alignment_has_every_cited_declaration_once() -> None:
    lines = (lean_refs_folder() / "formalization.yaml").read_text("utf-8").splitlines()
    entry = ("    - source: ", "      lean: ", "      module: ", "      status: ", "      note: ")
    start = lines.index("  statements:") + 1
    rows = [lines[k : k + len(entry)] for k in range(start, len(lines), len(entry))]
    read = [[json.loads(line.removeprefix(key)) for line, key in zip(row, entry, strict=True)] for row in rows]
    assert [row[1] for row in read] == cited()
    for _, name, module, status, note in read:
        declaration = PIN.declarations[name]
        assert module == module_name(declaration.file)
        assert status == ("proved" if declaration.is_theorem else "defined")
        assert note.startswith(("run by theorems.", "mirrored by mirror.", "no counterpart: "))
    assert lines[1] == 'version: "v0.4"'
    top = [line.rstrip(":") for line in lines if re.fullmatch(r"\w+:", line)]
    assert set(top) >= {"project", "sources", "automation", "review", "alignment"}, "what schema v0.4 requires"


def test_no_text_of_the_files_names_a_place_on_a_machine() -> None:
    for text in lean_files().values():
        assert not re.search(r"(?<![\w.`:/])/(home|tmp|work|srv|usr)/", text)
        assert str(Path.home()) not in text
