"""The interpreter on the corpus: what every definition is worth, and why some have no value."""

from __future__ import annotations

import re

import pytest

from lean_refs.interpreter.interpret import Disagreement, Interpreter, NotInterpreted, Result
from lean_refs.interpreter.plain import plain
from lean_refs.interpreter.values import PROOF, Graph, Index, Node, Record, show
from lean_refs.reader.records import LeanDeclaration, Reading
from lean_refs.reader.scan import read_text
from tests.lean_refs import corpus
from tests.lean_refs import mini_lean as mini

WIRING = corpus.read("Wiring")
LOOM = "Proofs.Autograd.Loom"
SAID = [declaration for declaration in WIRING.declarations if declaration.docstring]
DIMS = {"m": 2, "n": 3, "k": 5}


def interpreter(*texts: tuple[str, str]) -> Interpreter:
    files = [read_text(file, text) for file, text in (*mini.FILES.items(), *texts)]
    return Interpreter(Reading({file.file: file for file in files}))


LIBRARY = interpreter((WIRING.file, corpus.text("Wiring")))


def told(value: Result) -> str:
    """A result in one line, in the words of the corpus."""
    match value:
        case NotInterpreted(_, why):
            return f"outside: {why}"
        case Disagreement(_, why):
            return f"contradicts: {why}"
        case Index():
            return f"{value.position} in {show(value.context)}"
        case Node():
            return f"{value.kind} {operation(value)} in {show(value.context)} : {value.output}"
        case Graph():
            nodes = (f"{node.kind.rsplit('.', 1)[-1]} {operation(node)}" for node in value.nodes)
            return f"{show(value.context)}: {'; '.join(nodes)}"
        case Record(_, (("g", graph), *_)):
            return told(graph)
        case Record():
            return ", ".join(f"{name} = {told(field)}" for name, field in value.fields if field != PROOF)
    return show(value)


def operation(node: Node) -> str:
    parameters = ", ".join(f"{name} = {text}" for name, text in node.parameters)
    return f"({', '.join(map(str, node.inputs))}) {parameters}".strip()


def test_the_file_of_wiring_is_read_whole() -> None:
    assert WIRING.unread == ()
    assert len(SAID) == corpus.text("Wiring").count("\n/-- ") > 90


@pytest.mark.parametrize("definition", SAID, ids=lambda definition: definition.name.removeprefix(f"{LOOM}."))
def test_a_definition_is_worth_what_its_docstring_says(definition: LeanDeclaration) -> None:
    value = told(LIBRARY.interpret(definition.name, DIMS)).strip()
    # A line in a reason counts from the line of the definition.
    value = re.sub(r"(\.lean:)(\d+)", lambda at: f"{at[1]}+{int(at[2]) - definition.line}", value)
    assert value == corpus.says(definition.docstring)


def test_terms_nested_too_deeply_are_outside() -> None:
    deep = f"def deep (n : Nat) : Nat := {'(' * 4000}n{')' * 4000}"
    assert interpreter(("A.lean", deep)).interpret("deep", DIMS) == NotInterpreted("deep", "terms nested too deeply")


def test_a_number_whose_type_has_another_name_is_outside() -> None:
    text = "abbrev Size := Nat\ndef double (n : Size) : Nat := n * 2"
    why = "n is a number whose type has another name"
    assert interpreter(("A.lean", text)).interpret("double", {}) == NotInterpreted("double", why)


def test_dimensions_of_nothing_are_none() -> None:
    assert LIBRARY.dimensions(f"{LOOM}.shape") == ("m", "n")
    assert LIBRARY.dimensions(f"{LOOM}.nowhere") == ()


def test_a_node_as_plain_data() -> None:
    assert plain(LIBRARY.interpret(f"{LOOM}.node", DIMS)) == {  # type: ignore[arg-type]
        "kind": "Proofs.Autograd.TapeNodes.scale",
        "inputs": [0],
        "parameters": {"c": "2"},
        "output": [3],
        "context": [[3]],
    }
    named = plain(LIBRARY.interpret(f"{LOOM}.labelledByText", DIMS))  # type: ignore[arg-type]
    inner = {"index": 1, "shape": [5], "context": [[4], [5]]}
    assert named == {"structure": f"{LOOM}.Named", "inner": inner, "label": "2 - 1"}
