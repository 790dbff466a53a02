"""`hookflash playbook check` and `hookflash playbook new`."""

import shutil
from pathlib import Path

import click

from voice.dialogue.playbook import load
from voice.dialogue.playbook_files import PlaybookError, PlaybookFiles
from voice.dialogue.unanswered import unanswered
from voice.dialogue.uncarried import uncarried
from voice.settings import PREFIX, SettingsError, load_settings


@click.group()
def playbook() -> None:
    """Check what a line may say and do, or begin a new one."""


@playbook.command()
@click.argument("name", required=False)
def check(name: str | None) -> None:
    """Read the playbook NAME (or every one there is) and say what is wrong with it, file and line.

    Beyond its form, each sentence is put to the guardrails, with samples of its facts: what it commits to
    without a clause that says so would be replaced on a call. What it wants of the back office must be there.
    """
    complaints = 0
    folders = [_folder(name)] if name else sorted(path for path in _root().glob("[!.]*/") if path.is_dir())
    if not folders:
        raise click.ClickException(f"There is no playbook in {_root()}: set {PREFIX}PLAYBOOKS.")
    for folder in folders:
        try:
            book = load(folder)
        except PlaybookError as error:
            complaints += 1
            click.echo(str(error))
            continue
        files = PlaybookFiles(folder)
        found = [*unanswered(book), *uncarried(book)]
        complaints += len(found)
        for location, what in found:
            click.echo(f"{files.where(location)}: {what}")
        if not found:
            click.echo(
                f"{folder}: {len(book.requests)} requests, {len(book.human_only)} topics for people, "
                f"{len(book.clauses)} clauses, {' and '.join(book.languages)}: all is well."
            )
    if complaints:
        raise SystemExit(1)


@playbook.command()
@click.argument("name")
@click.option("--from", "source", default="fjord-pay", show_default=True, help="The playbook to begin from.")
def new(name: str, source: str) -> None:
    """Write a playbook NAME to begin with: a copy of another one, with its company's name replaced."""
    target, origin = _folder(name), _folder(source)
    if not name.replace("-", "").isalnum():
        raise click.ClickException("Name the playbook with letters, digits and hyphens.")
    if target.exists():
        raise click.ClickException(f"{target} is already there: choose another name.")
    try:
        company = load(origin).company
        shutil.copytree(origin, target)
        title = name.replace("-", " ").title()
        for path in target.rglob("*.yaml"):
            path.write_text(path.read_text(encoding="utf-8").replace(company, title), encoding="utf-8")
        load(target)
    except PlaybookError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{target} cannot be written ({error.strerror}).") from None
    click.echo(f"{target} is written: change it line by line, then run `hookflash playbook check {name}`.")


def _root() -> Path:
    try:
        return load_settings().playbooks
    except SettingsError as error:
        raise click.ClickException(str(error)) from None


def _folder(name: str) -> Path:
    return _root() / name
