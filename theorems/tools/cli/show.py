"""`leanmirror show`: one theorem or definition, what it says, where it lives, what it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from lean_refs import Declaration, home, load_pin, twin_module
from theorems.tools.cli.words import LEAN_NAME
from theorems.tools.output.counted import counted

if TYPE_CHECKING:
    from theorems.engine.theorem import Theorem
    from theorems.tools.places import Place

Paragraph = tuple[str, list[str]]
SHOWN = 40  # so many instances are drawn to say what they are like


@click.command()
@click.argument("name", type=LEAN_NAME)
def show(name: str) -> None:
    """Show a theorem, or a definition that theorems rest on; of a glob that names several, a line for each."""
    found = _declared(name)
    if len(found) > 1:
        _list(found)
    else:
        _print(found[0])


def _list(found: list[Declaration]) -> None:
    for declaration in found:
        click.echo(declaration.name)
        click.echo(f"  {declaration.kind}, {declaration.file}:{declaration.line}: {declaration.fact}")


def _print(declaration: Declaration) -> None:
    click.echo(declaration.name)
    place = f"{declaration.file}:{declaration.line}, TorchLean {load_pin().revision[:7]}"
    paragraphs = [("Lean", [f"{declaration.kind}, {place}", declaration.documentation])]
    paragraphs += _of_theorem(declaration) if declaration.is_theorem else _of_definition(declaration)
    paragraphs.append(("rests on", list(_rests_on(declaration))))
    width = max(len(title) for title, _ in paragraphs) + 2
    for title, lines in paragraphs:
        for k, line in enumerate(lines or ["nothing in the pinned closure"]):
            click.echo(f"  {(title if k == 0 else ''):{width}}{line}")


def _declared(name: str) -> list[Declaration]:
    """The declarations of the pin that `name` selects: one, or several where it is a glob."""
    from lean_refs.names import did_you_mean, is_glob, matching, shown

    declarations = load_pin().declarations
    found = [name] if name in declarations else matching(name, declarations)
    if not found:
        raise click.ClickException(f"nothing in the pin is called {shown(name)}{did_you_mean(name, declarations)}")
    if len(found) > 1 and not is_glob(name):
        raise click.ClickException(f"{name} names {counted(len(found), 'declaration')}: {', '.join(found)}")
    return [declarations[one] for one in found]


def _of_theorem(declaration: Declaration) -> list[Paragraph]:
    from theorems.engine.reasons import NOT_RUN
    from theorems.engine.registry import theorems
    from theorems.tools.places import of_theorem

    if declaration.name in NOT_RUN:
        return [("statement", [declaration.fact]), ("not run", [NOT_RUN[declaration.name]])]
    theorem = theorems().get(declaration.name)
    if theorem is None:
        raise click.ClickException(f"{declaration.name} has no counterpart and no reason for not having one")
    return [
        ("statement", [theorem.says]),
        ("formula", [theorem.formula]),
        ("binders", [theorem.binders]),
        ("hypotheses", list(_hypotheses(theorem)) or ["none but the types"]),
        ("does not cover", [theorem.covers_not or "nothing is left out that we know of"]),
        ("instances", list(_instances(theorem))),
        ("runs in", [f"{theorem.arithmetic.name} arithmetic"]),
        ("counterpart", [_named(of_theorem(theorem))]),
        ("tests", [f"leanmirror check {theorem.name}", *_with_pytest(theorem.name)]),
    ]


def _instances(theorem: Theorem) -> Iterator[str]:
    """What quick instances are like: how many have each trait, and how many are active."""
    from theorems.engine.draws import draws
    from theorems.engine.sizes import PROFILES
    from theorems.engine.traits import ACTIVE_IN, MEASURED, measured, seen

    found: Counter[str] = Counter()
    for case in draws(theorem.instances(PROFILES["quick"].sizes), 0, SHOWN):
        found.update(seen(case))
        found.update(measured(theorem, case))
    groups = {"mask: ": "masks", "values: ": "values", ACTIVE_IN: "active in"}
    read_off = _counts(found, "", but=(*groups, MEASURED))
    yield f"of {SHOWN} quick ones: {read_off}" if read_off else f"{SHOWN} quick ones were drawn"
    if theorem.never_active:
        yield f"active: none can be, {theorem.never_active}"
    yield from (f"{said}: {counts}" for start, said in groups.items() if (counts := _counts(found, start)))


def _counts(found: Counter[str], start: str, but: tuple[str, ...] = ()) -> str:
    """The traits that begin with `start`, and with none of `but`, each after its count."""
    wanted = [t for t in found if t.startswith(start) and not (but and t.startswith(but))]
    return "; ".join(f"{found[trait]} {trait.removeprefix(start)}" for trait in wanted)


def _with_pytest(name: str) -> list[str]:
    """The command that runs a theorem as a test: the tests are in the repository, not among the installed packages."""
    return [f"pytest --theorem {name}"] if home.in_checkout() else []


def _hypotheses(theorem: Theorem) -> Iterator[str]:
    """Each hypothesis with its label; `leanmirror hypotheses` says why."""
    from theorems.tools.hypotheses.labels import weighed

    labels = {name: entry.label for entry in weighed() if entry.theorem == theorem.name for name in entry.hypotheses}
    for h in theorem.hypotheses:
        yield f"{h.name} ({'data, ' if h.data else ''}{labels.get(h.name, 'without a label')}): {h.says}"


def _named(place: Place) -> str:
    return f"{place} {place.name}"


def _of_definition(declaration: Declaration) -> list[Paragraph]:
    from mirror.reasons import WITHOUT_COUNTERPART
    from mirror.rooms import links
    from theorems.tools.places import of_link

    paragraphs = [("fact", [declaration.fact])]
    link = links().get(declaration.name)
    if link is None:
        reason = WITHOUT_COUNTERPART.get(declaration.name, "neither a counterpart nor a reason: a gap")
        return [*paragraphs, ("no counterpart", [reason])]
    return [*paragraphs, ("counterpart", [_named(of_link(link))]), *_equations(declaration)]


def _equations(declaration: Declaration) -> list[Paragraph]:
    """The test file of the definition's room, where there is one."""
    from theorems.tools.places import followable

    *folders, module = twin_module(declaration.file).split(".")
    tests = home.lean_refs_folder().parent.joinpath("tests", *folders, f"test_{module}.py")
    return [("tests", [followable(tests)])] if home.in_checkout() and tests.exists() else []


def _rests_on(declaration: Declaration) -> Iterator[str]:
    from mirror.rooms import links
    from theorems.engine.registry import theorems

    mirrored, run = links(), theorems()
    for name in declaration.references:
        how = "run" if name in run else f"mirrored by {mirrored[name].python}" if name in mirrored else "with a reason"
        yield f"{name} ({how})"
