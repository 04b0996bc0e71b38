"""Small programs `lean`, `lake` and `repl` that do as the real ones do where a notebook asks them, and the kernel."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from theorems.tools.audit.lean.messages import Answer, Message, answers, asked

# `lake env` tells programs where the build is, in the folder of a project and in no other.
LAKE = """\
#!/bin/sh
[ "$1" = env ] || exit 2
[ ! -f lakefile.lean ] || LEAN_PATH=$PWD/.lake/build/lib
export LEAN_PATH
shift
exec "$@"
"""
LEAN = """\
#!/bin/sh
echo "Lean (version 4.31.0, a stand-in)"
"""
# It reads a command as JSON up to an empty line and answers in JSON with an empty line after it. A command begins in an
# environment, and makes the next one. Only a command without one may import; what it imports must be in the build, and
# only then are its names known.
REPL = """\
#!PYTHON -SE
import json, os, pathlib, sys
build = pathlib.Path(os.environ.get("LEAN_PATH") or "/nowhere")
environments = []

def message(severity, line, text):
    begin, end = ({"line": line, "column": column} for column in (0, 1))
    return {"severity": severity, "pos": begin, "endPos": end, "data": text}

def answer(command):
    known = dict(environments[command["env"]]) if "env" in command else {}
    said = []
    for number, line in enumerate(command["cmd"].splitlines(), start=1):
        word, _, rest = line.partition(" ")
        if word in ("import", "public"):
            file = build / (rest.split()[-1].replace(".", "/") + ".olean")
            if "env" in command:
                return [message("error", number, "invalid 'import' command, it must be used in the beginning")], {}
            if not file.is_file():
                return [message("error", number, f"unknown module prefix '{rest}'")], {}
            known |= json.loads(file.read_text("utf-8"))
        elif word in ("#check", "#print"):
            name = rest.removeprefix("@").removeprefix("axioms ")
            text = known.get(name, {}).get(word)
            unknown = message("error", number, f"unknown constant '{name}'")
            said.append(message("info", number, text) if text else unknown)
            if text == "dies":
                sys.exit(1)
    return said, known

lines = []
for line in sys.stdin:
    lines.append(line)
    if line.strip():
        continue
    text = "".join(lines).strip()
    lines = []
    if text:
        said, known = answer(json.loads(text))
        environments.append(known)
        messages = {"messages": said} if said else {}
        print(json.dumps({**messages, "env": len(environments) - 1}, indent=1) + "\\n", flush=True)
"""
KERNEL = [sys.executable, "-m", "lean4_jupyter", "-f", "{connection_file}"]
STANDARD = "depends on axioms: [propext,\n Classical.choice,\n Quot.sound]"
_SEVERITY = {"info": "information", "warning": "warning", "error": "error"}  # what `lean --json` calls it
RAW = "\nRaw output:\n"


def programs(folder: Path) -> Path:
    """`lean`, `lake` and `repl` in a folder for PATH, and beside it the kernel as Jupyter finds it."""
    for name, text in (("lake", LAKE), ("lean", LEAN), ("repl", REPL.replace("PYTHON", sys.executable))):
        (folder / "bin").mkdir(parents=True, exist_ok=True)
        (folder / "bin" / name).write_text(text, "utf-8")
        (folder / "bin" / name).chmod(0o755)
    kernel = folder / "jupyter" / "kernels" / "lean4" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    kernel.write_text(json.dumps({"argv": KERNEL, "display_name": "Lean 4", "language": "lean4"}), "utf-8")
    return folder


def built(folder: Path, modules: Iterable[str], names: Iterable[str], **instead: dict[str, str]) -> Path:
    """A checkout whose build has `modules`, with `names` in them, and what Lean says of a name `instead`."""
    for module in modules:
        file = folder / ".lake" / "build" / "lib" / f"{module.replace('.', '/')}.olean"
        file.parent.mkdir(parents=True, exist_ok=True)
        said = {name: {"#check": f"@{name} : Prop", "#print": f"'{name}' {STANDARD}"} for name in names}
        file.write_text(json.dumps(said | instead), "utf-8")
    (folder / "lakefile.lean").touch()
    return folder


def executed(path: Path) -> list[tuple[list[Message], list[Answer]]]:
    """What Lean says in each cell of code of a notebook, which runs in its own folder as Jupyter runs it.

    Raises what nbclient raises where a cell has no answer.
    """
    book = nbformat.read(path, as_version=4)
    client = NotebookClient(
        book, timeout=30, shutdown_kernel="immediate", resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute()
    cells = [cell for cell in book.cells if cell.cell_type == "code"]
    return [_said(cell.source, cell.outputs) for cell in cells]


def _said(source: str, outputs: Iterable[nbformat.NotebookNode]) -> tuple[list[Message], list[Answer]]:
    raw = [json.loads(output.data["text/plain"].rpartition(RAW)[2]) for output in outputs]
    found = [m for one in raw for m in one.get("messages", ())]
    messages = [Message(_SEVERITY[m["severity"]], m["pos"]["line"], m["data"]) for m in found]
    return messages, answers(asked(source), messages)
