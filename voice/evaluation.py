"""The groups `train`, `evaluate` and `calibrate` of the command line: each subject brings its own command.

Found among the entry points `hookflash.train`, `hookflash.evaluate` and `hookflash.calibrate`, and imported
only when it is the one to run.
"""

from importlib.metadata import EntryPoint, entry_points

import click


class SubjectGroup(click.Group):
    """Finds its subcommands among the entry points of the group `hookflash.NAME`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the subjects there are."""
        return sorted(self._points())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a subject's command, None where there is none of that name."""
        point = self._points().get(cmd_name)
        if point is None:
            return None
        command = point.load()
        if not isinstance(command, click.Command):
            raise click.ClickException(f"The entry point {point.value} is not a command.")
        return command

    def _points(self) -> dict[str, EntryPoint]:
        return {point.name: point for point in entry_points(group=f"hookflash.{self.name}")}


@click.group(cls=SubjectGroup)
def train() -> None:
    """Train a model on folders of recordings or phrases."""


@click.group(cls=SubjectGroup)
def evaluate() -> None:
    """Measure a part of the voice on recordings with known answers."""


@click.group(cls=SubjectGroup)
def calibrate() -> None:
    """Set thresholds from a company's own calls."""
