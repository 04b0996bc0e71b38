"""`python -m tests.texts`: change the text of definitions, see whether the comparison notices; see `--help`."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lean_refs.reader.records import LeanDeclaration
from tests.mutants.result import Malformed, read_reasons
from tests.texts.result import HERE, NOT_RUN, REASONS, OfDeclaration, Result, checked, read, write
from tests.texts.run import clean, fate
from tests.texts.sample import sample
from tests.texts.source import Source, fingerprint, source_in
from tests.texts.table import page
from theorems.tools.weights import weight

PAGE = HERE / "RESULT.md"


def main(arguments: Sequence[str]) -> int:
    """0: what should be noticed is; 1: something is not; 2: the call or the data was wrong; 3: the run broke."""
    asked = _parser().parse_args(arguments)
    try:
        if not asked.show:
            _run(asked)
        result = read()
        text = page(result, read_reasons(REASONS))
    except (Malformed, LookupError, FileNotFoundError) as why:
        print(f"texts: {why}", file=sys.stderr)
        return 2
    except Exception:
        traceback.print_exc()
        return 3
    if not asked.show:
        PAGE.write_text(text, "utf-8")
    print(text, end="")
    return 0 if all(found.holds for found in checked(result, read_reasons(REASONS))) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.texts", description=__doc__)
    parser.add_argument("names", nargs="*", help="definitions and theorems to change again; all by default")
    named = os.environ.get("LEANMIRROR_SOURCE")
    parser.add_argument("--source", type=Path, default=named and Path(named), help="a checkout of TorchLean")
    parser.add_argument("--stale", action="store_true", help="run again those whose text or sample has changed")
    parser.add_argument("--show", action="store_true", help="run nothing: print the page of the result")
    return parser


def _run(asked: argparse.Namespace) -> None:
    if asked.source is None:
        raise LookupError("no source is named: give --source DIR, or set LEANMIRROR_SOURCE")
    source = source_in(asked.source)
    if not source.definitions:
        raise LookupError(
            f"{asked.source} declares none of the definitions: the root of a TorchLean checkout is expected"
        )
    result = read() if asked.names or asked.stale else Result(source.reading.revision)
    chosen = sorted(_chosen(asked, source, result), key=lambda d: (weight(d.name), d.name))
    for declaration in chosen:
        if is_stale(source, result, declaration) or not asked.stale:
            result.rows(declaration)[declaration.name] = found = of_declaration(source, declaration)
            for one in found.fates:
                print(f"{one.seen.value}: {one.name}", file=sys.stderr, flush=True)
            write(result)
    for declaration in chosen:  # the text as it is last: of blocks it takes long
        rows = result.rows(declaration)
        rows[declaration.name] = replace(rows[declaration.name], clean=clean(source, declaration))
        write(result)


def _chosen(asked: argparse.Namespace, source: Source, result: Result) -> list[LeanDeclaration]:
    known = {d.name: d for d in (*source.definitions, *source.statements)}
    if unknown := [n for n in asked.names if n not in known]:
        raise LookupError(f"{unknown[0]} is no definition or theorem of the mirror, as `leanmirror where` lists them")
    if asked.stale:
        return [d for name, d in known.items() if name in asked.names or _lacks(source, result, d)]
    return [d for name, d in known.items() if name in asked.names or not asked.names]


def _lacks(source: Source, result: Result, declaration: LeanDeclaration) -> bool:
    """Whether a declaration is stale, or its text as it is has not been run."""
    return is_stale(source, result, declaration) or result.rows(declaration)[declaration.name].clean == NOT_RUN


def is_stale(source: Source, result: Result, declaration: LeanDeclaration) -> bool:
    """Whether the text of a declaration or its sample is no longer the one that was run."""
    found = result.rows(declaration).get(declaration.name)
    if found is None or found.source != fingerprint(declaration):
        return True
    return [f.name for f in found.fates] != [a.name for a in sample(declaration, source.changes(declaration))]


def of_declaration(source: Source, declaration: LeanDeclaration) -> OfDeclaration:
    """What became of the sample of one declaration."""
    changes = source.changes(declaration)
    fates = tuple(fate(source, altered) for altered in sample(declaration, changes))
    return OfDeclaration(fingerprint(declaration), len(changes), NOT_RUN, fates)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
