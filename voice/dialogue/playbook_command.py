"""`hookflash playbook check` and `hookflash playbook new`."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import click

from voice.dialogue.guardrails import judge
from voice.dialogue.playbook import Language, Playbook, load, placeholders
from voice.dialogue.playbook_files import PlaybookError
from voice.dialogue.saying import in_sentences
from voice.dialogue.unanswered import unanswered
from voice.settings import PREFIX, SettingsError, load_settings

_BEGINNING = 20
"""Characters by which a sentence is found in its file, where it may go on on the next line."""


@click.group()
def playbook() -> None:
    """Check what a line may say and do, or begin a new one."""


@playbook.command()
@click.argument("name", required=False)
def check(name: str | None) -> None:
    """Read the playbook NAME (or every one there is) and say what is wrong with it, file and line.

    Beyond its form, each fixed sentence is put to the guardrails: what it commits to without a clause that
    says so would be replaced on a call. And whatever it wants of the back office must be there.
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
        wishes = (f"{_place(folder, words)}: {what}" for words, what in unanswered(book))
        found = [*wishes, *uncarried(book, folder)]
        complaints += len(found)
        for complaint in found:
            click.echo(complaint)
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


def uncarried(book: Playbook, folder: Path) -> Iterator[str]:
    """Yield file, line and a complaint for each fixed sentence that commits to what no clause carries."""
    for language in book.languages:
        clauses = {name: clause.text[language][0] for name, clause in book.clauses.items()}
        outcomes = _outcomes(book, language)
        for text in book.fixed_sentences(language):
            if not placeholders(text):
                for sentence in in_sentences(text):
                    verdict = judge(sentence, language, outcomes.get(text, {}), clauses, own=True)
                    if not verdict.allowed:
                        yield (
                            f'{_place(folder, sentence)}: "{sentence}" would not be said, {verdict.why}: '
                            "write a clause into policy.yaml that says it, or leave it out"
                        )


def _outcomes(book: Playbook, language: Language) -> dict[str, dict[str, str]]:
    """Return how the back office must have answered for each of the requests' answers to be said."""
    return {
        wording: {name: place[-1]}
        for name, request in book.requests.items()
        for place, answer in request.every_answer()
        for texts in (answer.say, answer.verified)
        for wording in (texts or {}).get(language, ())
    }


def _place(folder: Path, sentence: str) -> str:
    """Return the file and the line a sentence begins in."""
    beginning = sentence[:_BEGINNING]
    for path in sorted(folder.rglob("*.yaml")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if beginning in line:
                return f"{path}:{number}"
    return str(folder)


def _root() -> Path:
    try:
        return load_settings().playbooks
    except SettingsError as error:
        raise click.ClickException(str(error)) from None


def _folder(name: str) -> Path:
    return _root() / name
