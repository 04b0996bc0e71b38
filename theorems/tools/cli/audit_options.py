"""Options of `leanmirror audit` that do nothing without another one, or beside one: a call that has them is wrong.

What was asked for and not done would look like success.
"""

from __future__ import annotations

import click

from theorems.tools.output.files import is_standard_output

# An option by its parameter, the one that it needs, and why.
NEEDS = {
    "no_values": ("source", "is about the text of a source: name it by --source"),
    "deep": ("source", "is about the text of a source: name it by --source"),
    "jobs": ("source", "is for running the text of a source: name it by --source"),
    "strict": ("source", "is about what changed in a source: name it by --source"),
    "against": ("source", "is the older of two checkouts: name the newer one by --source"),
    "lean_timeout": ("lean_folder", "is how long Lean may take: name a built checkout by --lean"),
}
# Options that are not given together, and what is right. Two checkouts are compared as texts: with no pin, no mirror,
# no numbers and no Lean.
APART = (
    ("deep", "no_values", "--deep evaluates on more instances, --no-values on none: give one of them"),
    ("jobs", "no_values", "--jobs is for running the text, and --no-values runs none: give one of them"),
    *(
        ("against", other, f"--against compares two checkouts and nothing else: leave {option} out")
        for other, option in (("revision", "--pin"), ("lean_folder", "--lean"), ("deep", "--deep"), ("jobs", "--jobs"))
    ),
)
# The reports that are written to files.
FILES = ("json_path", "sarif_path", "markdown_path")


def refuse_what_would_be_ignored(ctx: click.Context) -> None:
    """Raise `UsageError` for an option that would do nothing in this call."""
    default = click.core.ParameterSource.DEFAULT
    given = {name for name in ctx.params if ctx.get_parameter_source(name) is not default}
    if "vocabulary" in given and given != {"vocabulary"}:
        raise click.UsageError("--vocabulary prints a list and audits nothing: give it alone")
    for one, other, says in APART:
        if {one, other} <= given:
            raise click.UsageError(says)
    options = {parameter.name: parameter.opts[0] for parameter in ctx.command.params}
    for name, (needed, why) in NEEDS.items():
        if name in given and needed not in given:
            raise click.UsageError(f"{options[name]} {why}")
    if ctx.params["form"] != "text":
        _leave_the_output_to_the_format(ctx)


def _leave_the_output_to_the_format(ctx: click.Context) -> None:
    if ctx.params["verbose"]:
        raise click.UsageError("--verbose is about what --format text prints: leave one of them out")
    for path in filter(None, (ctx.params[name] for name in FILES)):
        if is_standard_output(path):
            what = f"--format {ctx.params['form']} prints there, and nothing else may"
            raise click.UsageError(f"{path} is standard output: {what}: name a file")
