"""`leanmirror hypotheses`: what each hypothesis of a theorem is worth, and how that is known."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from theorems.tools.cli.calls import reports, selected, writable
from theorems.tools.cli.paths import NamedPath
from theorems.tools.cli.words import LEAN_NAME, Word
from theorems.tools.output.counted import counted

if TYPE_CHECKING:
    from theorems.engine.theorem import Theorem
    from theorems.tools.hypotheses.labels import Weighed
    from theorems.tools.hypotheses.record import Key, Known
    from theorems.tools.hypotheses.report import Pairs


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...", type=LEAN_NAME)
@click.option(
    "--hypothesis",
    "only",
    type=Word("the Lean name of a hypothesis"),
    multiple=True,
    metavar="NAME",
    help="Only this one, by Lean's name; repeatable.",
)
@click.option("--replay", "again", is_flag=True, help="Judge every stored instance anew instead of printing.")
@click.option(
    "--save",
    "folder",
    type=NamedPath(file_okay=False),
    help="Write each instance as a replay file.",
)
@click.option("--search", "path", type=NamedPath(), help="Search anew, and write what is found.")
@click.option("--tries", type=click.IntRange(min=1), help="Instances that each search draws; with --search.")
@click.option("--seed", type=click.IntRange(min=0), help="Where the random instances start; with --search.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with the instances.")
@click.pass_context
def hypotheses(
    ctx: click.Context,
    names: tuple[str, ...],
    only: tuple[str, ...],
    again: bool,
    folder: Path | None,
    path: Path | None,
    tries: int | None,
    seed: int | None,
    as_json: bool,
) -> None:
    """Say of each hypothesis whether it is met, necessary, redundant or not needed, and why; by default of all.

    Exit codes: 0 every label is what its instance and its search say; 1 one is not; 2 the call was wrong, or no
    theorem that is named has a hypothesis.
    """
    from theorems.tools.hypotheses import record, report

    if path is None and (tries, seed) != (None, None):
        raise click.ClickException("--tries and --seed are for a search: name a file for it with --search FILE")
    if folder and as_json:
        raise click.ClickException("--save prints the files that it writes, and --json the labels: ask for one of them")
    entries = _selected(names, only)
    writable(path, folder / "instance.json" if folder else None)
    _keeps_all(path, entries)
    known = record.recorded() if path is None else _searched(entries, seed, tries)
    with reports((path, lambda: record.to_text(known))):
        if folder:
            _save(entries, known, folder)
        elif as_json:
            click.echo(report.document(entries, known))
        elif not again:
            click.echo("\n".join(report.lines(entries, known)))
        ctx.exit(_contradicted(entries, known, to_stderr=as_json) if again or path else 0)


def _selected(names: tuple[str, ...], only: tuple[str, ...]) -> list[tuple[Theorem, Weighed]]:
    """The theorems' entries, in order; raises `ClickException` for a theorem or a hypothesis that is not there."""
    from lean_refs.names import did_you_mean, shown
    from theorems.tools.hypotheses.labels import weighed

    theorems = {t.name: t for t in selected(names)}
    found = [(theorems[e.theorem], e) for e in weighed() if e.theorem in theorems]
    if not found:
        raise click.ClickException(f"{', '.join(names)}: no hypotheses but the types")
    known = {name for _, e in found for name in e.hypotheses}
    for name in only:
        if name not in known:
            raise click.ClickException(f"no hypothesis here is called {shown(name)}{did_you_mean(name, known)}")
    order = {name: k for k, name in enumerate(theorems)}
    kept = [(t, e) for t, e in found if not only or set(only) & set(e.hypotheses)]
    return sorted(kept, key=lambda pair: order[pair[0].name])


def _keeps_all(path: Path | None, entries: Pairs) -> None:
    """Raises `ClickException` where a search of some would be written over what a file holds of others."""
    from theorems.tools.hypotheses.record import searched_in

    if path is None or not path.is_file():
        return
    held: set[Key] = set()
    with suppress(OSError):
        held = searched_in(path.read_text("utf-8", "replace"))
    if lost := held - {(e.theorem, e.hypotheses) for _, e in entries}:
        searches = f"{len(lost)} search{'es' if len(lost) > 1 else ''}"
        raise click.ClickException(
            f"{path} holds {searches} of other hypotheses, which would be lost: name another file, or search all"
        )


def _searched(entries: Pairs, seed: int | None, tries: int | None) -> Known:
    from theorems.tools.cli.render import progress
    from theorems.tools.hypotheses.run import search_for
    from theorems.tools.hypotheses.search import TRIES

    theorems = {t.name: t for t, _ in entries}
    with progress(len(entries)) as advance:
        return search_for(theorems.values(), [e for _, e in entries], seed or 0, tries or TRIES, advance)


def _save(entries: Pairs, known: Known, folder: Path) -> None:
    from theorems.tools.hypotheses.save import save

    paths = dict.fromkeys(path for theorem, entry in entries for path in save(theorem, entry, known, folder))
    if not paths:
        raise click.ClickException("no instance is kept for these hypotheses: nothing was written")
    click.echo("\n".join(map(str, paths)))


def _contradicted(entries: Pairs, known: Known, *, to_stderr: bool) -> int:
    """Print what speaks against a label, and how many nothing speaks against; the exit code."""
    from theorems.tools.hypotheses.weighing import contradictions

    against = [why for theorem, entry in entries for why in contradictions(theorem, entry, known)]
    for why in dict.fromkeys(against):
        click.echo(why, err=to_stderr)
    labels, them = counted(len(entries), "label"), "it" if len(entries) == 1 else "them"
    click.echo(f"{labels} replayed: {len(set(against)) or 'nothing'} against {them}", err=to_stderr)
    return 1 if against else 0
