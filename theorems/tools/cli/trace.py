"""`leanmirror trace`: which tests are about which declarations of a Lean project, and what became of these."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from theorems.tools.cli.calls import reports, writable
from theorems.tools.cli.formats import format_option
from theorems.tools.cli.memory import without_collecting
from theorems.tools.cli.paths import NamedPath
from theorems.tools.cli.words import LEAN_NAME

if TYPE_CHECKING:
    from theorems.tools.tracing.record import Trace
    from theorems.tools.tracing.run import TraceCall

_FILES = ("json", "junit", "markdown", "lean_decls", "formalization")


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...", type=LEAN_NAME)
@click.option("--source", type=NamedPath(), help="The folder of a Lean project, any; else the one in pyproject.toml.")
@click.option(
    "--tests",
    multiple=True,
    type=NamedPath(),
    help="A folder or file of tests; repeatable. Else what pyproject.toml says, else tests.",
)
@click.option("--accept", is_flag=True, help="Write what the declarations say now into leanmirror.lock: agree to it.")
@click.option("--fix", is_flag=True, help="Write the new names of renamed declarations into the tests and the lock.")
@click.option("--strict", is_flag=True, help="Fail too for what was never agreed, moved, is not tested or not read.")
@click.option("--verbose", "-v", is_flag=True, help="Print every name, every theorem without a test, and all unread.")
@format_option("markdown", "github")
@click.option("--json", "json_path", type=NamedPath(), help="Write everything as JSON.")
@click.option("--junit", "junit_path", type=NamedPath(), help="Write JUnit XML: a case for each name.")
@click.option("--markdown", "markdown_path", type=NamedPath(), help="Write Markdown, for a comment or a summary.")
@click.option("--lean-decls", "decls_path", type=NamedPath(), help="Write the names for `lake exe checkdecls`.")
@click.option("--formalization", "alignment_path", type=NamedPath(), help="Write formalization.yaml, names and tests.")
@click.pass_context
def trace(
    ctx: click.Context,
    names: tuple[str, ...],
    source: Path | None,
    tests: tuple[Path, ...],
    accept: bool,
    fix: bool,
    strict: bool,
    verbose: bool,
    form: str,
    json_path: Path | None,
    junit_path: Path | None,
    markdown_path: Path | None,
    decls_path: Path | None,
    alignment_path: Path | None,
) -> None:
    """Hold the tests marked `@pytest.mark.lean("Full.Name")` against a Lean project.

    It reads the Lean files and the tests, without Lean and without running a test. It says which names no
    declaration has, which theorems no test is about, and which declarations changed since the tests were
    last agreed to, in what they say or in what they rest on. A reworded docstring, a comment, layout and
    proofs are no change. `[tool.leanmirror]` in pyproject.toml may have source, tests and ignore.

    A NAME is a full Lean name, a suffix of one that starts at a dot, or a glob, among those that tests carry.
    Exit codes: 0 every name has a declaration that says what was agreed; 1 one is broken or changed;
    2 a wrong call, or nothing to examine; 3 leanmirror itself failed.
    """
    ctx.with_resource(without_collecting())
    from theorems.tools.tracing.errors import NotTraced
    from theorems.tools.tracing.run import TraceCall
    from theorems.tools.tracing.settings import settings_of

    try:
        call = TraceCall(settings_of(Path.cwd()), source, tests)
        paths = dict(zip(_FILES, (json_path, junit_path, markdown_path, decls_path, alignment_path), strict=True))
        writable(*paths.values(), call.settings.lock if accept or fix else None)
        found = _traced(call, names, accept=accept, fix=fix)
    except NotTraced as why:
        raise click.ClickException(str(why)) from why
    with reports(*((path, partial(_written, found, name, call, strict)) for name, path in paths.items())):
        _print(found, form, call, strict=strict, verbose=verbose)
    ctx.exit(0 if found.holds(strict) else 1)


def _traced(call: TraceCall, names: tuple[str, ...], *, accept: bool, fix: bool) -> Trace:
    """The trace of what is asked for, after the lock and the tests were written where that is asked for."""
    from theorems.tools.tracing import run

    found = call.trace(call.project())
    if fix:
        done, found = run.fix(found, call)
        for line in done.lines():
            click.echo(line, err=True)
    if accept:
        chosen = run.selected(found, names) if names else None
        said, found = run.accept(found, call.settings.lock, chosen and chosen.names)
        click.echo(said, err=True)
    return run.selected(found, names) if names else found


def _written(found: Trace, form: str, call: TraceCall, strict: bool) -> str:
    """The trace in a format; what makes the others is not imported."""
    if form == "json":
        from theorems.tools.tracing.document import document

        return document(found, strict=strict)
    if form == "junit":
        from theorems.tools.tracing.junit import junit

        return junit(found)
    if form == "markdown":
        from theorems.tools.tracing.markdown import markdown

        return markdown(found, strict=strict)
    if form == "github":
        from theorems.tools.tracing.github import github

        return github(found, call.settings.root, strict=strict)
    from theorems.tools.tracing.alignment import formalization, lean_decls

    return lean_decls(found) if form == "lean_decls" else formalization(found, call.settings.root)


def _print(found: Trace, form: str, call: TraceCall, *, strict: bool, verbose: bool) -> None:
    """The trace on standard output; beside a format for machines one line for people on standard error."""
    if form != "text":
        from theorems.tools.tracing.words import last_word

        click.echo(_written(found, form, call, strict), nl=False)
        click.echo(last_word(found, strict), err=True)
        return
    from theorems.tools.cli.render_trace import print_trace

    print_trace(found, strict=strict, verbose=verbose)
