"""A small program that speaks `lean --json` and does what a file beside it says; and reports without it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from theorems.tools.audit.lean.messages import Answer, LeanVerdict
from theorems.tools.audit.lean.run import FileRun, LeanReport

STANDARD = "depends on axioms: [propext,\n Classical.choice,\n Quot.sound]"

# Like Lean it stops after 100 errors where it is not told otherwise.
# It answers every `#check` and `#print axioms` of the file, then adds what the script in its folder says:
# {"instead": {line: [message, …]}, "output": [text], "words": text, "exit": code, "sleep": seconds,
# "child": whether it leaves a process behind that holds its output open, "flush": whether it writes line by line}.
PROGRAM = """\
import json, subprocess, sys, time
from pathlib import Path
assert "--json" in sys.argv
left = max(100, *(int(word.rpartition("=")[2]) for word in sys.argv if word.startswith("-Dweak.maxErrors=")), 0)
FILE = sys.argv[-1]
script = json.loads(Path("script.json").read_text("utf-8"))
def say(line, text, severity="information", kind="[anonymous]"):
    global left
    left -= severity == "error"
    if left < 0:
        print("maximum number of errors (100; from option `maxErrors`) reached, exiting", flush=True)
        sys.exit(1)
    message = {"severity": severity, "pos": {"line": line, "column": 0}, "data": text, "kind": kind}
    print(json.dumps({"fileName": FILE, **message}), flush=script.get("flush", True))
for number, text in enumerate(Path(FILE).read_text("utf-8").splitlines(), start=1):
    if str(number) in script.get("instead", {}):
        for message in script["instead"][str(number)]:
            say(number, *message)
    elif text.startswith("#check @"):
        say(number, text.removeprefix("#check @") + " : Nat")
    elif text.startswith("#print axioms "):
        say(number, f"'{text.removeprefix('#print axioms ')}' " + script["axioms"])
for text in script.get("output", []):
    print(text, flush=True)
print(script.get("words", ""), file=sys.stderr, flush=True)
if script.get("child"):
    beat = "import time\\nwhile True: open('beat', 'a').write('.'); time.sleep(0.02)"
    subprocess.Popen([sys.executable, "-c", beat])
    while not Path("beat").exists(): time.sleep(0.02)
time.sleep(script.get("sleep", 0))
sys.exit(script.get("exit", 0))
"""


def checkout(folder: Path, **script: Any) -> tuple[Path, tuple[str, ...]]:
    """A folder that looks like a built checkout, and the command that answers in it as `script` says."""
    (folder / ".lake" / "build").mkdir(parents=True)
    (folder / "lakefile.lean").write_text("", "utf-8")
    (folder / "script.json").write_text(json.dumps({"axioms": STANDARD, **script}), "utf-8")
    (folder / "fake_lean.py").write_text(PROGRAM, "utf-8")
    return folder, (sys.executable, str(folder / "fake_lean.py"))


def rejected(folder: Path) -> LeanReport:
    """A report in which Lean rejects one declaration of the facts."""
    answer = Answer("Proofs.Autograd.Idx.last", LeanVerdict.REJECTED, ("type mismatch",))
    return LeanReport(folder, runs=(FileRun("MirrorFacts.lean", 1, (answer,), ()),))
