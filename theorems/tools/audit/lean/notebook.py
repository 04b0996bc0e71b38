"""A notebook for the lean4-jupyter kernel, in nbformat 4."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from lean_refs import Pin
from theorems.tools.audit.lean.text import imports


def notebook(pin: Pin, names: Iterable[str]) -> str:
    """The text of a notebook that looks up `names` in Lean: imports, statements, axioms."""
    cited = [pin.declarations[name] for name in names]
    cells = [
        _prose(f"# The theorems of `{pin.seed_module}`", *_NOTES, f"Pinned: TorchLean {pin.revision[:7]}."),
        _code(imports(cited)),
        *(_code(f"#check @{d.name}\n#print axioms {d.name}") for d in cited),
    ]
    for k, cell in enumerate(cells):
        cell["id"] = f"cell-{k}"
    kernel = {"display_name": "Lean 4", "language": "lean4", "name": "lean4"}
    metadata = {"kernelspec": kernel, "language_info": {"file_extension": ".lean", "name": "lean4"}}
    data = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


_NOTES = (
    "This file must lie in the root of a built TorchLean checkout, because the kernel runs in the notebook's folder:"
    " `leanmirror notebook --into DIR` puts it there."
    " Elsewhere, the first cell must begin with a line `%cd /path/to/TorchLean`, above its imports.",
    "`lean`, `lake` and `repl` must be on PATH.",
    "Read the messages: the kernel answers ok even where Lean reports an error, and it has no time limit.",
)


def _prose(*paragraphs: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": _lines("\n\n".join(paragraphs))}


def _code(text: str) -> dict[str, Any]:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": _lines(text)}


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
