"""`leanmirror pin`: derive the pin of a TorchLean checkout from the scope, and bring declarations into scope."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lean_refs.facts import PINNED_REVISION
from theorems.tools.cli.calls import own_folder, processors, writable
from theorems.tools.cli.paths import NamedPath
from theorems.tools.cli.words import LEAN_NAME, Word
from theorems.tools.output.counted import counted
from theorems.tools.output.files import write_whole

if TYPE_CHECKING:
    from lean_refs.pinning import Made
    from lean_refs.reader.records import Reading
    from lean_refs.scope import Scope

_REVISION = re.compile(r"[0-9a-f]{40}")


@click.command()
@click.option("--source", type=NamedPath(), required=True, help="The TorchLean checkout to read.")
@click.option(
    "--add",
    "names",
    type=LEAN_NAME,
    metavar="NAME",
    multiple=True,
    help="Bring a declaration of the source into scope, with what it rests on; may be repeated.",
)
@click.option("--output", type=NamedPath(), help="Where to write it; by default lean_refs/pins/REVISION.json.")
@click.option(
    "--jobs", type=click.IntRange(min=1), help="Processes that run the text; by default one for each processor."
)
@click.option(
    "--revision",
    type=Word("a commit hash of 40 hexadecimal digits"),
    help="The commit of the source, 40 hexadecimal digits, where it has no .git to tell.",
)
@click.pass_context
def pin(
    ctx: click.Context,
    source: Path,
    names: tuple[str, ...],
    output: Path | None,
    jobs: int | None,
    revision: str | None,
) -> None:
    """Write the pin of a TorchLean checkout: the same bytes every time, and no upstream text.

    Beside it, in lean_refs/numbers/, goes what the text of each mirrored definition gives at three instances, and what
    that of each theorem says at two or three: `audit` holds the mirror and the properties against that where there is
    no checkout. Only texts that changed are run. --output leaves them out.

    It is derived from the source and from lean_refs/scope.toml, where people write what is in scope and say what
    it is. --add writes an entry there for NAME, and for everything new that its statement names or, where it is
    a definition, its body, and so on. The facts of these are yours to write: until then the audit fails by their
    names.

    Exit codes: 0 written; 1 written, but something in scope is missing from the source, or some of it was not
    understood; 2 a wrong call, or no TorchLean checkout.
    """
    from lean_refs.pinning import make_pin, pin_text, read_checkout
    from lean_refs.reader.tree import NotACheckoutError
    from lean_refs.scope import parsed, scope_text, with_added

    if revision is not None and not _REVISION.fullmatch(revision):
        raise click.ClickException(f"a revision is a commit hash of 40 hexadecimal digits, got {revision!r}")
    if names:
        own_folder("--add writes lean_refs/scope.toml of a checkout")
    folder = None if output else own_folder("name a file with --output")
    try:
        text = scope_text()
        tree = read_checkout(source)
        places = _places(tree, parsed(text), names)
        text = with_added(text, places)
        made = make_pin(tree, parsed(text), revision)
    except NotACheckoutError as why:
        raise click.ClickException(str(why)) from why
    short = made.data["revision"][:7]
    target = output or Path(str(folder), "pins", f"{short}.json")
    numbers = None if output else Path(str(folder), "numbers", f"{short}.json")
    writable(target, numbers, _scope_file() if places else None)
    _write_scope(text, places, names)
    write_whole(target, pin_text(made.data))
    if numbers is not None:
        _write_numbers(numbers, source, made.data, jobs or processors())
    click.echo(f"{counted(len(made.data['declarations']), 'declaration')} of {short} in {target}")
    if not output and short != PINNED_REVISION:
        click.echo(f"the pin in use stays that of {PINNED_REVISION}: lean_refs/facts.py names it")
    problems = list(_problems(made))
    for problem in problems:
        click.echo(problem, err=True)
    ctx.exit(1 if problems else 0)


def _write_numbers(target: Path, source: Path, data: dict[str, Any], jobs: int) -> None:
    """What is damaged is made anew, like what is not there."""
    from lean_refs.pin import DamagedNumbersError, numbers_in
    from theorems.tools.cli.numbers import renewed

    try:
        before = numbers_in(target)
    except DamagedNumbersError:
        before = []
    write_whole(target, renewed(source, data, before, jobs))


def _places(tree: Reading, scope: Scope, names: tuple[str, ...]) -> dict[str, str]:
    """Kind, file and line of what `names` bring into scope, by full name; raises `ClickException` for no or many."""
    from lean_refs.closure import rests_on

    chosen = [_declared(name, tree) for name in names]
    return {d.name: f"{d.kind} in {d.file}:{d.line}" for d in rests_on(tree, chosen, scope.entries)}


def _declared(name: str, tree: Reading) -> str:
    from lean_refs.names import did_you_mean, matching, shown

    known = {declaration.name: None for declaration in tree.declarations}
    found = [name] if name in known else matching(name, known)
    if not found:
        raise click.ClickException(f"nothing in the source is called {shown(name)}{did_you_mean(name, known)}")
    if len(found) > 1:
        raise click.ClickException(
            f"{name} names {counted(len(found), 'declaration')} of the source: {', '.join(found)}"
        )
    return found[0]


def _scope_file() -> Path:
    from lean_refs.home import lean_refs_folder
    from lean_refs.scope import FILE

    return lean_refs_folder() / FILE


def _write_scope(text: str, places: dict[str, str], names: tuple[str, ...]) -> None:
    if places:
        write_whole(_scope_file(), text)
        for name, place in places.items():
            click.echo(f"added {name}, {place}: write its fact in {_scope_file()}")
    elif names:
        click.echo(f"{', '.join(names)} and what it rests on: in scope already")


def _problems(made: Made) -> Iterator[str]:
    yield from (f"missing: {name} is in scope, the source has no such declaration" for name in made.missing)
    yield from (f"not understood: {record.file}:{record.line}: {record.why}" for record in made.unread)
