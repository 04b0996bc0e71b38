"""`leanmirror audit`: what the Lean text says, held against the mirror, the theorems and the pin."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lean_refs.facts import PINNED_REVISION
from theorems.tools.cli.audit_options import refuse_what_would_be_ignored
from theorems.tools.cli.calls import reports, writable
from theorems.tools.cli.formats import format_option
from theorems.tools.cli.memory import without_collecting
from theorems.tools.cli.paths import NamedPath
from theorems.tools.cli.words import LEAN_NAME, Word

if TYPE_CHECKING:
    from theorems.tools.audit.account import Account
    from theorems.tools.audit.material import Material


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...", type=LEAN_NAME)
@click.option(
    "--source",
    type=NamedPath(),
    help="A TorchLean checkout to read, at any revision; without it the pinned facts stand for Lean.",
)
@click.option(
    "--pin",
    "revision",
    type=Word("a revision, such as 21198a1"),
    default=PINNED_REVISION,
    show_default=True,
    help="The pin to compare with, by revision.",
)
@click.option(
    "--against",
    type=NamedPath(),
    help="An older TorchLean checkout: what changed from it to --source, in words, and nothing else.",
)
@click.option("--strict", is_flag=True, help="Let every change fail: reworded, cosmetic, moved and renamed, too.")
@click.option(
    "--lean",
    "lean_folder",
    metavar="DIR",
    type=NamedPath(),
    help="A built TorchLean checkout: Lean itself checks lean_refs/MirrorFacts.lean and CheckDecls.lean there.",
)
@click.option(
    "--lean-timeout",
    metavar="SECONDS",
    type=click.IntRange(min=1, max=10**6),
    default=600,
    show_default=True,
    help="How long Lean may take for each of the two files.",
)
@click.option("--no-values", is_flag=True, help="With --source: do not evaluate the text on numbers.")
@click.option("--deep", is_flag=True, help="With --source: evaluate the text on more instances, which takes minutes.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes for that; by default one for each processor.")
@click.option(
    "--vocabulary", is_flag=True, help="Print what the evaluation of the text takes on trust, and audit nothing."
)
@click.option(
    "--verbose", "-v", is_flag=True, help="Print a line for every declaration, every remark, and every reason, too."
)
@format_option("markdown", "sarif", "github")
@click.option("--json", "json_path", type=NamedPath(), help="Write every finding as JSON.")
@click.option("--sarif", "sarif_path", type=NamedPath(), help="Write SARIF, for code scanning.")
@click.option("--markdown", "markdown_path", type=NamedPath(), help="Write Markdown, for a comment or a summary.")
@click.pass_context
def audit(
    ctx: click.Context,
    names: tuple[str, ...],
    source: Path | None,
    revision: str,
    against: Path | None,
    strict: bool,
    lean_folder: Path | None,
    lean_timeout: int,
    no_values: bool,
    deep: bool,
    jobs: int | None,
    vocabulary: bool,
    verbose: bool,
    form: str,
    json_path: Path | None,
    sarif_path: Path | None,
    markdown_path: Path | None,
) -> None:
    """Hold the Lean text against the mirror.

    Each declaration is present under its name, kind and file; what the text of a definition evaluates to
    (shapes, contexts, indices, graphs) is what its Python counterpart builds; each executable theorem has
    Lean's binders and hypotheses; both give the numbers that are pinned of their texts. With --source
    instead: the text of each definition gives the numbers that the mirror gives, on random arguments, and
    what the text of each theorem assumes and concludes holds on random instances, as its property does; also
    what changed since the pin, which theorems anywhere in the tree have one statement, and which words of
    names and prose no statement backs. Only --lean needs Lean; where Lean or the build is missing, it says what,
    and exits 2.

    It prints what fails or changed, what the theorems that were asked for leave open, what each part comes to,
    what was not checked, and whether all of it holds.

    A NAME is a full Lean name, a suffix of one that starts at a dot, or a glob: everything about it is printed.
    Without one the whole pin is audited. Exit codes: 0 all of it holds; 1 something is different,
    missing or drifted, or was only partly read; 2 a wrong call, or no TorchLean checkout; 3 leanmirror
    itself failed on something.
    """
    refuse_what_would_be_ignored(ctx)
    if vocabulary:
        _print_vocabulary()
        return
    if source is None or no_values or against is not None:
        ctx.with_resource(without_collecting())
    from theorems.tools.audit.account import account_of
    from theorems.tools.audit.audit import errors, exit_code
    from theorems.tools.audit.findings import AuditVerdict
    from theorems.tools.cli.audit_sections import AuditCall, lean_section, sections_of

    writable(json_path, sarif_path, markdown_path)
    material = replace(_gathered(source, revision, against), strict=strict)
    chosen = _as_they_were(_chosen(names, material.names), material)
    material = replace(material, asked=tuple(chosen))
    sections = sections_of(material, AuditCall(chosen, not no_values, deep, jobs))
    lean = lean_section(lean_folder, lean_timeout)
    if against is None:
        sections = [*sections, lean]
    account = account_of(sections, material, chosen)
    files = {"json": json_path, "sarif": sarif_path, "markdown": markdown_path}
    with reports(*((path, partial(_written, account, name)) for name, path in files.items())):
        _print(account, form, verbose=verbose)
    for one in errors(account.sections):
        click.echo(f"leanmirror: {one.name}: {one.basis}; this is no verdict", err=True)
    code = exit_code(account.sections)
    unasked = [f.basis for f in lean.findings if f.verdict is AuditVerdict.NOT_CHECKED] if lean_folder else []
    for why in unasked:
        click.echo(f"leanmirror: Lean was not asked: {why}", err=True)
    # What was asked for and not done is no success.
    ctx.exit(code or (2 if unasked else 0))


def _as_they_were(names: list[str], material: Material) -> list[str]:
    """Of two checkouts the older one's names: what was renamed goes by them."""
    from lean_refs.drift import located

    if not names or material.against is None or material.source is None:
        return names
    before = {now: old for old, now in located(material.before, material.source.prints).items()}
    return list(dict.fromkeys(before.get(name, name) for name in names))


def _written(account: Account, form: str) -> str:
    """The account in a format; what makes the others is not imported."""
    if form == "sarif":
        from theorems.tools.audit.formats.sarif import sarif
        from theorems.tools.reports.versions import version_of

        return sarif(account, version_of("leanmirror"))
    if form == "markdown":
        from theorems.tools.audit.formats.markdown import markdown

        return markdown(account, _root_of_links())
    if form == "github":
        from theorems.tools.audit.formats.github import github

        return github(account)
    from theorems.tools.audit.formats.document import document

    return document(account)


def _root_of_links() -> str:
    """Where GitHub shows the files of the checkout that its workflow runs in; nothing outside one."""
    parts = [os.environ.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "SHA")]
    return "{}/{}/blob/{}/".format(*parts) if all(parts) else ""


def _print(account: Account, form: str, *, verbose: bool) -> None:
    """The account on standard output; beside a format for machines one line for people on standard error."""
    if form != "text":
        click.echo(_written(account, form), nl=False)
        click.echo(account.verdict(), err=True)
        return
    from theorems.tools.cli.render_audit import print_audit

    print_audit(account, verbose=verbose)


def _print_vocabulary() -> None:
    from theorems.tools.cli.render_vocabulary import print_vocabulary

    print_vocabulary()


def _gathered(source: Path | None, revision: str, against: Path | None) -> Material:
    from lean_refs.pin import UnknownRevisionError, raw_pin
    from lean_refs.reader.tree import NotACheckoutError
    from theorems.tools.audit.material import gather

    try:
        return gather(source, raw_pin(revision), against)
    except (NotACheckoutError, UnknownRevisionError) as why:
        raise click.ClickException(str(why)) from why


def _chosen(patterns: tuple[str, ...], known: Iterable[str]) -> list[str]:
    from lean_refs.names import did_you_mean, matching, shown

    chosen: dict[str, None] = {}
    for pattern in patterns:
        found = matching(pattern, known)
        if not found:
            raise click.ClickException(f"nothing in the pin is called {shown(pattern)}{did_you_mean(pattern, known)}")
        chosen |= dict.fromkeys(found)
    return list(chosen)
