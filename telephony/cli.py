"""The command `hookflash`. Each subcommand is an entry point, imported only when it is the one to run."""

import gc
import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import EntryPoint, entry_points

import click

GROUP = "hookflash.commands"
_OURS = ("telephony", "voice", "audio_fixtures")
_SUMMARIES = {
    "serve": "Run everything: switchboard and voice worker.",
    "demo": "Show one whole call, from bot to agent.",
    "call": "Ring a switchboard with a recorded caller.",
    "agent": "Add agents and let them sign in.",
    "models": "Prepare the speech models that run locally.",
    "replay": "Run a recorded call on simulated time.",
    "playbook": "Check a playbook, or begin a new one.",
    "chat": "Talk to the bot by text.",
    "evaluate": "Measure on recordings of your own.",
    "train": "Train the models that ship.",
    "calibrate": "Fit thresholds to a line's own calls.",
    "switchboard": "Run the switchboard alone.",
    "worker": "Run a voice worker alone.",
}
"""For `--help`, which imports no command: the worker's alone would take seconds. In the order shown."""


class _Commands(click.Group):
    """Finds subcommands among the installed entry points."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        known = list(_SUMMARIES)
        return sorted(_installed(), key=lambda name: known.index(name) if name in known else len(known))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        point = _installed().get(cmd_name)
        if point is None:
            return None
        try:
            with _uncollected():
                command = getattr(importlib.import_module(point.module), point.attr)
        except ModuleNotFoundError as error:
            if (error.name or "").startswith(_OURS):
                raise
            raise click.ClickException(
                f"`hookflash {cmd_name}` needs the package {error.name}: pip install 'hookflash[local]'."
            ) from error
        if not isinstance(command, click.Command):
            raise click.ClickException(f"The entry point {point.value} is not a command.")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, _SUMMARIES.get(name, "")) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Import without looking for garbage, of which there is none: a fifth of a worker's import."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _installed() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="hookflash", prog_name="hookflash")
def hookflash() -> None:
    """Answer calls with a bot that knows when to hand a live call to a person."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its status: 1 where it failed, 2 where it was called wrongly."""
    sys.exit(_run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    try:
        outcome = hookflash.main(arguments, prog_name="hookflash", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx is not None else "hookflash"
        click.echo(f"hookflash: {error.format_message()} (see `{where} --help`)", err=True)
        return error.exit_code
    except click.ClickException as error:
        click.echo(f"hookflash: {error.format_message()}", err=True)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("hookflash: stopped.", err=True)
        return 130
    return outcome if isinstance(outcome, int) else 0


if __name__ == "__main__":
    main()
