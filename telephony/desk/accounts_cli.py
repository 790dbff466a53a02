"""`hookflash agent`: who may sign in at the desk."""

import secrets
from datetime import UTC, datetime
from pathlib import Path

import click

from telephony.desk.accounts import LINK_LIFE, AccountError, Accounts, sign_in_link
from telephony.takeover.queue import Profile


@click.group()
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="HOOKFLASH_DATA",
    default="data",
    show_default=True,
    help="The switchboard's data folder (HOOKFLASH_DATA).",
)
@click.pass_context
def agent(context: click.Context, data: Path) -> None:
    """Agents' accounts for the desk."""
    try:
        context.obj = Accounts(data)
    except AccountError as error:
        raise click.ClickException(str(error)) from error


@agent.command()
@click.argument("name")
@click.option("--generate", is_flag=True, help="Make up a password and print it.")
@click.pass_obj
def add(accounts: Accounts, name: str, generate: bool) -> None:
    """Let NAME sign in, with a password asked for here."""
    password = (
        secrets.token_urlsafe(15)
        if generate
        else click.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
    try:
        added = accounts.add(name, password)
    except AccountError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{added.name} can sign in at /desk" + (" with this password:" if generate else "."))
    if generate:
        click.echo(password)


@agent.command()
@click.argument("name")
@click.option("--skill", "skills", multiple=True, help="A skill by the playbook's word; several times.")
@click.option("--language", "languages", multiple=True, help="A language, such as fr; several times.")
@click.pass_obj
def can(accounts: Accounts, name: str, skills: tuple[str, ...], languages: tuple[str, ...]) -> None:
    """Note what NAME can do: who lists no skills, or no languages, takes calls of all.

    It counts from the next time the agent's desk connects.
    """
    try:
        accounts.set_profile(name, Profile(frozenset(skills), frozenset(languages)))
    except AccountError as error:
        raise click.ClickException(str(error)) from error
    click.echo(_described(name, accounts.profile(name)))


@agent.command(name="list")
@click.pass_obj
def show(accounts: Accounts) -> None:
    """Print all agents, with what they can do where it is noted."""
    for name in accounts.names():
        click.echo(_described(name, accounts.profile(name)))


def _described(name: str, profile: Profile) -> str:
    can_do = [("skills", profile.skills), ("languages", profile.languages)]
    return "; ".join([name, *(f"{kind}: {', '.join(sorted(words))}" for kind, words in can_do if words)])


@agent.command()
@click.argument("name")
@click.pass_obj
def remove(accounts: Accounts, name: str) -> None:
    """Take NAME's account away. A desk that is open stays so until it next connects."""
    try:
        accounts.remove(name)
    except AccountError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{name} can no longer sign in.")


@agent.command()
@click.argument("name")
@click.option(
    "--url",
    envvar="HOOKFLASH_PUBLIC_URL",
    default="http://127.0.0.1:8080",
    show_default=True,
    help="The switchboard's address (HOOKFLASH_PUBLIC_URL).",
)
@click.pass_obj
def link(accounts: Accounts, name: str, url: str) -> None:
    """Print a link that signs NAME in once."""
    try:
        token = accounts.make_link(name, datetime.now(UTC))
    except AccountError as error:
        raise click.ClickException(str(error)) from error
    click.echo(sign_in_link(url, token))
    click.echo(f"It works once, within {LINK_LIFE.seconds // 60} minutes.", err=True)
