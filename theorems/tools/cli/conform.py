"""`leanmirror conform`: anybody's implementation of the block or the attention against the mirror."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from json import loads
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from theorems.tools.cli.calls import drawable, processors, reports, writable
from theorems.tools.cli.declared import declared_options
from theorems.tools.cli.paths import NamedPath
from theorems.tools.cli.words import Positive, Word

if TYPE_CHECKING:
    from theorems.tools.conformance.ahead import Begin

# For so many rows a process more is worth its start.
ROWS_A_PROCESS = 50
FUNCTION = Word("a function, as MODULE:FUNCTION,")
EPILOG = """
\b
block:     f(context, parameters, bias) -> (n, D), mirror.jit's BlockContext and BlockParameters
attention: f(q, kt, v, bias, scale) -> (H, n, d), q (H, n, d), kt (H, d, n), v (H, n, d)

The mask `bias` is (H, n, n) and finite; there is no batch axis; all arrays, and the result, have the one dtype. The
weights of a block act at each position: merge (H, d, D), fc1 (D, F), fc2 (F, D).

A function that returns JAX arrays is differentiated by jax.vjp, and the output that it has there counts with the
gradients; put jax.jit on it, or it runs operation by operation. A function that returns NumPy arrays for NumPy arrays
may bring its VJP, as its attribute `vjp` or with --vjp: the same arguments and then the cotangent of the result; it
returns the cotangents of q, kt, v or of the eight entries of the context. Without one the gradients are not checked.

A shape in which the function raises or does not return is a row, and the others are tried.

Inside means within what the formulas can arrive at in floats of the assumed arithmetic, in the declared order; NaN
and infinity are outside. Exit codes: 0 nothing is outside; 1 something is; 2 a wrong call, a row in which
the function raises or does not return, or nothing decided.
"""


@click.command(epilog=EPILOG)
@click.argument("target", metavar="MODULE:FUNCTION", type=FUNCTION, required=False)
@click.option(
    "--kind",
    type=click.Choice(("block", "attention")),
    show_default="block; attention with --preset or --layout",
    help="What it computes.",
)
@click.option(
    "--dtype",
    type=click.Choice(("float64", "float32", "bfloat16")),
    default="float32",
    show_default=True,
    help="What it is given, and should return.",
)
@click.option(
    "--instances", type=click.IntRange(min=1), help="Instances a row.  [default: 2, of a larger shape than n = 16: 1]"
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Another seed, other numbers.")
@click.option(
    "--shape",
    "shapes",
    type=Word("the name of a shape"),
    multiple=True,
    help="Only this shape, by the name in the table; repeatable.",
)
@click.option(
    "--dims",
    type=Word("a shape, such as H=2,n=128,d=64,"),
    multiple=True,
    metavar="H=2,n=128,d=64",
    help="A shape of your own, a block's with D and F; alone, or with the shapes that --shape names; repeatable.",
)
@click.option(
    "--tile",
    type=click.IntRange(min=1),
    metavar="T",
    help="It works in tiles of T positions: try n about multiples of T, or about that in --dims.",
)
@click.option(
    "--mask",
    "masks",
    type=Word("the name of a mask"),
    multiple=True,
    help="Only this mask, by the name in the table, with ordinary values unless --values names others; repeatable.",
)
@click.option(
    "--values",
    type=Word("the name of a family of values"),
    multiple=True,
    help="Only these values, by the name in the table, under masks that take turns, or under each --mask; repeatable.",
)
@click.option("--minus-inf", is_flag=True, help="The function takes -inf in a mask: try such masks too.")
@click.option(
    "--blocked-rows",
    type=click.Choice(("skip", "uniform", "zero", "exact")),
    help="What it returns for a query that sees no key; otherwise that is only told.",
)
@click.option("--strict", is_flag=True, help="Reject what is otherwise a remark: the unlikely, and such rows.")
@click.option(
    "--time-limit",
    type=Positive(),
    default=60,
    show_default=True,
    metavar="SECONDS",
    help="What one call may take, with its compilation; a row in which one takes longer says so.",
)
@click.option("--vjp", "vjp_target", metavar="MODULE:FUNCTION", type=FUNCTION, help="The VJP, instead of jax.vjp.")
@click.option(
    "--preset",
    type=click.Choice(("jax-nn", "flax", "equinox", "torch-sdpa", "xformers")),
    help="The attention of a library, or a function of yours that is called as it is.",
)
@click.option(
    "--layout",
    type=click.Choice(("bhnd", "bnhd", "hnd")),
    help="An attention takes q, k, v with these axes, and returns them; b is the batch.",
)
@click.option(
    "--arrays",
    type=click.Choice(("numpy", "jax", "torch")),
    help="Whose arrays it takes; otherwise that is found by calling it.",
)
@click.option("--forward-only", is_flag=True, help="Leave the gradients unchecked.")
@declared_options
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    help="Processes: one calls the function, the others compute bounds.  [default: one for each processor, fewer "
    "for few rows]",
)
@click.option("--verbose", "-v", is_flag=True, help="Print every row; otherwise those inside are one for each shape.")
@click.option("--json", "json_path", type=NamedPath(), help="Write a JSON report.")
@click.option("--plot", "plot_path", type=NamedPath(), help="Draw errors over bounds as an SVG.")
@click.pass_context
def conform(
    ctx: click.Context,
    target: str | None,
    kind: str | None,
    dtype: str,
    instances: int | None,
    seed: int,
    shapes: tuple[str, ...],
    dims: tuple[str, ...],
    tile: int | None,
    masks: tuple[str, ...],
    values: tuple[str, ...],
    minus_inf: bool,
    blocked_rows: str | None,
    strict: bool,
    time_limit: float,
    vjp_target: str | None,
    preset: str | None,
    layout: str | None,
    arrays: str | None,
    forward_only: bool,
    jobs: int | None,
    verbose: bool,
    json_path: Path | None,
    plot_path: Path | None,
    **said: Any,
) -> None:
    """Hold an implementation of the decoder block, or of its masked attention, against the mirror.

    MODULE:FUNCTION is imported as `python -m` would, the current folder first. Every shape meets masks and
    values by a covering design, not all of them together.
    """
    from theorems.tools.cli.render import progress
    from theorems.tools.cli.render_conform import print_report
    from theorems.tools.conformance import report, run
    from theorems.tools.conformance.asking import Subject
    from theorems.tools.conformance.declaring import Declared
    from theorems.tools.conformance.target import WrongCall
    from theorems.tools.conformance.undisturbed import undisturbed
    from theorems.tools.conformance.wanted import Wanted

    called = {"vjp": vjp_target, "preset": preset, "layout": layout, "arrays": arrays}
    # A kernel may change the current folder.
    json_path, plot_path = (path and path.absolute() for path in (json_path, plot_path))
    writable(json_path, plot_path)
    drawable(plot_path)
    if dtype == "float64":
        _with_float64()
    try:
        with undisturbed():
            asked = copy_context().run(Subject.of, target, kind, **called)
            names = {"shapes": shapes, "masks": asked.masks(masks), "dims": dims, "values": values}
            limits = {"allowed": asked.allowed, "minus_infinity": minus_inf, "seconds": time_limit}
            limits |= {"blocked": blocked_rows, "strict": strict, "tile": tile}
            wanted = Wanted.of(asked.kind, dtype, instances, seed, **names, declared=Declared(**said), **limits)
            with progress(len(wanted.rows)) as advance, _processes(len(wanted.rows), jobs) as begin:
                of = asked.implementation(wanted, forward_only)
                found = report.run(of, vjp_target, wanted, run.examine(of, wanted, begin), advance)
    except WrongCall as why:
        raise click.ClickException(str(why)) from why
    with reports((json_path, found.document), (plot_path, lambda: _picture(found.document()))):
        print_report(found, verbose=verbose)
    ctx.exit(found.exit_code)


def _picture(document: str) -> bytes:
    from theorems.tools.page.pictures import picture_of_kernel

    return picture_of_kernel(loads(document))


@contextmanager
def _processes(rows: int, jobs: int | None) -> Iterator[Begin]:
    """What begins to compute bounds: in processes beside this one, where there are rows enough, else in this one."""
    from theorems.tools.conformance.ahead import imported, later

    others = min(jobs, rows) - 1 if jobs else min(processors() - 1, rows // ROWS_A_PROCESS)
    if others < 1:
        yield later
        return
    from theorems.tools.cli.beside import beside

    with beside(others, imported) as begin:
        yield begin


def _with_float64() -> None:
    """JAX computes in float32 otherwise, without a word."""
    import jax

    jax.config.update("jax_enable_x64", True)
