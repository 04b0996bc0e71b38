"""`leanmirror audit`: what the Lean text says, held against the mirror, the theorems and the pin."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lean_refs.facts import PINNED_REVISION
from theorems.tools.cli.calls import processors, reports, writable
from theorems.tools.cli.memory import without_collecting
from theorems.tools.cli.paths import NamedPath

if TYPE_CHECKING:
    from lean_refs.drift import EvaluatedMeaning
    from theorems.tools.audit.findings import Finding, Section
    from theorems.tools.audit.material import Material


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--source",
    type=NamedPath(),
    help="A TorchLean checkout to read, at any revision; without it the pinned facts stand for Lean.",
)
@click.option(
    "--pin", "revision", default=PINNED_REVISION, show_default=True, help="The pin to compare with, by revision."
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
@click.option("--json", "json_path", type=NamedPath(), help="Write every finding as JSON.")
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
    json_path: Path | None,
) -> None:
    """Hold the Lean text against the mirror.

    Each declaration is present under its name, kind and file; what the text of a definition evaluates to
    (shapes, contexts, indices, graphs) is what its Python counterpart builds; each executable theorem has
    Lean's binders and hypotheses; both give the numbers that are pinned of their texts. With --source
    instead: the text of each definition gives the numbers that the mirror gives, on random arguments, and
    what the text of each theorem assumes and concludes holds on random instances, as its property does; also
    what changed since the pin, which theorems anywhere in the tree have one statement, and which words of the
    docstrings no statement backs. Only --lean needs Lean; where Lean or the build is missing, it says what,
    and exits 2.

    A NAME is a full Lean name, a suffix of one that starts at a dot, or a glob; without one the whole pin is
    audited and the decoder-block module is listed. Exit codes: 0 all of it holds; 1 something is different,
    missing or drifted, or was only partly read; 2 a wrong call, or no TorchLean checkout; 3 leanmirror
    itself failed on something.
    """
    if vocabulary:
        _print_vocabulary(ctx)
        return
    if source is None:
        ctx.with_resource(without_collecting())
    from theorems.tools.audit.audit import errors, exit_code
    from theorems.tools.audit.findings import AuditVerdict
    from theorems.tools.cli.render_audit import print_audit

    if source is None and (no_values or deep):
        option = "--deep" if deep else "--no-values"
        raise click.UsageError(f"{option} is about the text of a source: name it by --source")
    if no_values and deep:
        raise click.UsageError("--deep evaluates on more instances, --no-values on none: give one of them")
    if strict and source is None:
        raise click.UsageError("--strict is about what changed in a source: name it by --source")
    _refuse_beside_against(ctx)
    writable(json_path)
    material = replace(_gathered(source, revision, against), strict=strict)
    chosen = _chosen(names, material.names)
    if source is not None and not no_values and against is None:
        material = replace(material, evaluated=_at_pinned_arguments(source, material, chosen))
    sections = _sections(source, material, chosen, no_values=no_values, deep=deep, jobs=jobs)
    lean = _lean_section(lean_folder, lean_timeout) if lean_folder else None
    sections += [lean] if lean else []
    if names:
        # What is no declaration of the pin (an unreadable file, a counterpart of nothing) concerns every name.
        others = {f.name for s in sections for f in s.findings} - material.names
        sections = [section.about({*chosen, *others}) for section in sections]
    with reports((json_path, lambda: document(sections, material))):
        print_audit(sections, material, chosen or _listed(material, sections), in_full=bool(names))
    for one in errors(sections):
        click.echo(f"leanmirror: {one.name}: {one.basis}; this is no verdict", err=True)
    code = exit_code(sections)
    unasked = [f.basis for f in lean.findings if f.verdict is AuditVerdict.NOT_CHECKED] if lean else []
    for why in unasked:
        click.echo(f"leanmirror: Lean was not asked: {why}", err=True)
    # What was asked for and not done is no success.
    ctx.exit(code or (2 if unasked else 0))


def _print_vocabulary(ctx: click.Context) -> None:
    from theorems.tools.cli.render_vocabulary import print_vocabulary

    default = click.core.ParameterSource.DEFAULT
    others = [name for name in ctx.params if name != "vocabulary" and ctx.get_parameter_source(name) is not default]
    if others:
        raise click.UsageError("--vocabulary prints a list and audits nothing: give it alone")
    print_vocabulary()


def _refuse_beside_against(ctx: click.Context) -> None:
    """Two checkouts are compared as texts: with no pin, no mirror, no numbers and no Lean."""
    if ctx.params["against"] is None:
        return
    if ctx.params["source"] is None:
        raise click.UsageError("--against is the older of two checkouts: name the newer one by --source")
    default = click.core.ParameterSource.DEFAULT
    for name, option in (("revision", "--pin"), ("lean_folder", "--lean"), ("deep", "--deep"), ("jobs", "--jobs")):
        if ctx.get_parameter_source(name) is not default:
            raise click.UsageError(f"--against compares two checkouts and nothing else: leave {option} out")


def _listed(material: Material, sections: Sequence[Section]) -> list[str]:
    """What is listed where no name is given: the decoder-block module, of two checkouts what changed."""
    from theorems.tools.audit.findings import AuditVerdict

    if material.against is None:
        return sorted(material.module)
    return [f.name for section in sections for f in section.findings if f.verdict is not AuditVerdict.HOLDS]


def _sections(
    source: Path | None, material: Material, chosen: list[str], *, no_values: bool, deep: bool, jobs: int | None
) -> list[Section]:
    from theorems.tools.audit.audit import audit as sections_of

    if material.against is not None:
        return sections_of(material)
    if source is None:
        return _with_values(sections_of(material), _pinned_section(material, chosen))
    if no_values:
        return sections_of(material)
    sections: list[Section] = []
    values = _values_sections(source, chosen, lambda: sections.extend(sections_of(material)), deep=deep, jobs=jobs)
    return _with_values(sections, values)


def _with_values(sections: list[Section], evaluated: Mapping[str, Section]) -> list[Section]:
    """Each section of what was evaluated after the one that reads the same declarations as text."""
    for title, section in evaluated.items():
        after = next((k + 1 for k, known in enumerate(sections) if known.title == title), len(sections))
        sections.insert(after, section)
    return sections


def _values_sections(
    source: Path, chosen: list[str], meanwhile: Callable[[], None], *, deep: bool, jobs: int | None
) -> Mapping[str, Section]:
    """The sections by the title of the one that each follows; none of what was not chosen.

    `meanwhile` is done while other processes evaluate.
    """
    from lean_refs import load_pin
    from mirror.rooms import links
    from theorems.tools.audit.definitions import section as definitions
    from theorems.tools.audit.evaluated.section import same_conclusion, same_function
    from theorems.tools.audit.statements import TITLE
    from theorems.tools.cli.render import progress
    from theorems.tools.cli.values import FEW, MANY, evaluated

    names = [n for n in (*links(), *(d.name for d in load_pin().theorems)) if n in chosen or not chosen]
    found = []
    with progress(len(names)) as advance:
        for outcome in evaluated(source, names, MANY if deep else FEW, jobs or processors(), meanwhile):
            found.append(outcome)
            advance(outcome.name)
    functions, others = [o for o in found if o.name in links()], [o for o in found if o.name not in links()]
    made = {definitions.TITLE: same_function(functions)} if functions else {}
    return made | ({TITLE: same_conclusion(others)} if others else {})


def _pinned_section(material: Material, chosen: list[str]) -> Mapping[str, Section]:
    from lean_refs import load_pin
    from mirror.rooms import links
    from theorems.tools.audit import statements
    from theorems.tools.audit.definitions import section as definitions
    from theorems.tools.audit.evaluated.section import CONCLUSIONS, TITLE
    from theorems.tools.audit.pinned.kept import at_pinned_numbers

    wanted = [link for name, link in links().items() if name in chosen or not chosen]
    names = [d.name for d in load_pin().theorems if d.name in chosen or not chosen]
    found = at_pinned_numbers(material.pin["revision"], material.pinned, wanted, names)
    after = {TITLE: definitions.TITLE, CONCLUSIONS: statements.TITLE}
    return {after[section.title]: section for section in found}


def _at_pinned_arguments(source: Path, material: Material, chosen: list[str]) -> EvaluatedMeaning:
    """Of what was chosen and what it rests on: nothing is said of the others."""
    from lean_refs.drift import foundations
    from theorems.tools.cli.values import meanings

    assert material.source is not None, "what was read of the source"
    found = meanings(source, material.source.reading.files, material.pin["revision"], material.pinned)
    wanted = foundations(chosen, material.pinned)
    return (lambda name, now: found(name, now) if name in wanted else None) if chosen else found


def _lean_section(folder: Path, timeout: float) -> Section:
    from theorems.tools.audit.lean.run import check_in_lean, questions_in
    from theorems.tools.audit.lean.section import in_lean
    from theorems.tools.cli.render import progress

    with progress(questions_in()) as advance:
        return in_lean(check_in_lean(folder, timeout=timeout, progress=lambda file, name: advance(name)))


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


def document(sections: Iterable[Section], material: Material) -> str:
    """Every finding as JSON text, with the revisions that were compared."""
    data = {
        "pin": material.pin["revision"],
        "source": material.source.reading.revision or "unknown" if material.source else None,
        "against": material.against.reading.revision or "unknown" if material.against else None,
        "sections": [
            {
                "title": section.title,
                "summary": section.summary,
                "means": section.means,
                "failed": section.failed,
                "findings": [_recorded(finding) for finding in section.findings],
            }
            for section in sections
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _recorded(finding: Finding) -> dict[str, Any]:
    """The fields of a finding; those that most do without only where they say something."""
    said = {"name": finding.name, "verdict": finding.verdict.value, "basis": finding.basis}
    where = {key: getattr(finding, key) for key in ("others", "file", "line", "before", "now")}
    return said | {key: value for key, value in where.items() if value}
