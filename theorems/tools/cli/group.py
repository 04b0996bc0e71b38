"""The group of commands: how a call ends, by exit code and in one line on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import click

from lean_refs.scope import ScopeError
from theorems.tools.cli.calls import FAILED, ToolFailure
from theorems.tools.cli.ending import leave
from theorems.tools.cli.signals import Stopped, stoppable
from theorems.tools.output.faults import report_lines
from theorems.tools.output.files import CannotWrite
from theorems.tools.output.streams import standard_streams


class OneLineErrors(click.Group):
    """A group that says what was wrong in one line on standard error: 2 for a call, 3 for what cannot be written.

    An exception that nobody expected is 3 as well, with what is needed to report it.
    """

    def main(self, args: Sequence[str] | None = None, *rest: Any, **options: Any) -> NoReturn:
        options["standalone_mode"] = False
        with stoppable(), standard_streams():
            code = _code(lambda: super(OneLineErrors, self).main(args, *rest, **options))
            if code < FAILED:  # some of the output may still be held back
                code = _code(sys.stdout.flush) or code
        if args is None:  # the process was started for this call
            leave(code)
        sys.exit(code)


def _code(run: Callable[[], Any]) -> int:
    """The exit code of a run, or of what it raises."""
    try:
        return run() or 0
    except click.exceptions.NoArgsIsHelpError as call:
        call.show()
        return 2
    except click.ClickException as error:
        click.echo(f"leanmirror: {' '.join(error.format_message().split())}", err=True)
        return FAILED if isinstance(error, ToolFailure) else 2
    except ScopeError as error:  # whatever a command imports needs the scope
        click.echo(f"leanmirror: {error}", err=True)
        return 2
    except (click.Abort, KeyboardInterrupt) as ended:
        # click raises its own from the one that it caught.
        stopped = ended.__cause__ if isinstance(ended, click.Abort) else ended
        click.echo(f"leanmirror: {stopped if isinstance(stopped, Stopped) else 'interrupted'}", err=True)
        return stopped.exit_code if isinstance(stopped, Stopped) else 130
    except CannotWrite as why:
        click.echo(f"leanmirror: {why}", err=True)
        return FAILED
    except Exception as error:
        click.echo("\n".join(report_lines(error)), err=True)
        return FAILED
