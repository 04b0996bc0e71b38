"""`python -m tests.faults.listed FILE`: the deliberate faults of the mirror with their owners, for `leanmirror report`.

That each owner sees its fault, the tests hold: nothing is run here.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.faults.catalogue import FAULTS
from theorems.tools.output.files import CannotWrite, write_whole
from theorems.tools.reports.formats import FAULTS as FORMAT


def document() -> str:
    """All faults as JSON text: name, the Lean definition that each is about, owner, and why a test owns it."""
    faults = [{"name": f.name, "definition": f.definition, "owner": f.owner, "seldom": f.seldom} for f in FAULTS]
    return json.dumps({"format": FORMAT, "faults": faults}, ensure_ascii=False, indent=1) + "\n"


def main(arguments: list[str]) -> int:
    """Write the file that is named; 2 where none is, 3 where it cannot be written."""
    if len(arguments) != 1:
        print("python -m tests.faults.listed FILE: one file is expected", file=sys.stderr)
        return 2
    try:
        write_whole(Path(arguments[0]), document())
    except CannotWrite as why:
        print(why, file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
