"""Agents' accounts, the sign-in links, and the command that keeps them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner, Result

from telephony.desk.accounts import LINK_LIFE, AccountError, Accounts, AccountsFolderError, sign_in_link
from telephony.desk.accounts_cli import agent
from telephony.desk.sessions import LIFE, Sessions, session_key
from tests.desk_stand_in import CHEAP, NAME, PASSWORD

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    kept = Accounts(tmp_path, CHEAP)
    kept.add(NAME, PASSWORD)
    return kept


def test_name_and_password_sign_in_in_any_case_and_spacing(accounts: Accounts) -> None:
    account = accounts.check(" ada   LIND ", PASSWORD)
    assert account is not None
    assert account.name == NAME
    assert accounts.exists(account)


@pytest.mark.parametrize(
    ("name", "password"),
    [(NAME, "wrong password"), (NAME, ""), ("Bo", PASSWORD), ("", ""), (NAME, "x" * 5000)],
)
def test_nothing_else_does(accounts: Accounts, name: str, password: str) -> None:
    assert accounts.check(name, password) is None


def test_an_unknown_name_is_checked_as_expensively_as_a_known_one(tmp_path: Path) -> None:
    class Counting(PasswordHasher):
        verified = 0

        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002  # the library's name
            Counting.verified += 1
            return super().verify(hash, password)

    kept = Accounts(tmp_path, Counting(time_cost=1, memory_cost=8, parallelism=1))
    assert kept.check("nobody", PASSWORD) is None
    assert Counting.verified == 1


def test_passwords_and_tokens_are_not_kept_in_the_clear(accounts: Accounts, tmp_path: Path) -> None:
    token = accounts.make_link(NAME, NOW)
    kept = (tmp_path / "agents.sqlite").read_bytes()
    assert PASSWORD.encode() not in kept
    assert token.encode() not in kept
    assert b"$argon2id$" in kept
    assert (tmp_path / "agents.sqlite").stat().st_mode & 0o077 == 0


def test_a_link_works_once_and_not_too_late(accounts: Accounts) -> None:
    first, second = accounts.make_link(NAME, NOW), accounts.make_link(NAME, NOW)
    account = accounts.redeem(first, NOW + LINK_LIFE - timedelta(seconds=1))
    assert account is not None
    assert account.name == NAME
    assert accounts.redeem(first, NOW) is None
    assert accounts.redeem(second, NOW + LINK_LIFE) is None
    assert accounts.redeem("made up", NOW) is None


def test_a_removed_agent_has_no_account_session_or_link(accounts: Accounts) -> None:
    before, token = accounts.check(NAME, PASSWORD), accounts.make_link(NAME, NOW)
    accounts.remove(NAME)
    accounts.add(NAME, PASSWORD)
    assert before is not None
    assert not accounts.exists(before)
    assert accounts.redeem(token, NOW) is None


@pytest.mark.parametrize(
    ("name", "password", "says"),
    [
        ("", PASSWORD, "1 to 40"),
        ("x" * 41, PASSWORD, "1 to 40"),
        ("a/b", PASSWORD, "1 to 40"),
        ("Bo", "short", "10 to 200"),
        ("Bo", "x" * 201, "10 to 200"),
        ("ada lind", PASSWORD, "already"),
    ],
)
def test_what_cannot_be_an_account_is_refused(
    accounts: Accounts, name: str, password: str, says: str
) -> None:
    with pytest.raises(AccountError, match=says):
        accounts.add(name, password)


def test_a_folder_that_cannot_be_written_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AccountsFolderError, match="HOOKFLASH_DATA"):
        Accounts(tmp_path / "file", CHEAP)


class Calendar:
    """A clock set by hand."""

    def __init__(self) -> None:
        self.today = NOW

    def now(self) -> float:
        return 0.0

    def utc(self) -> datetime:
        return self.today


def test_a_session_lasts_a_working_day_and_cannot_be_made_up(accounts: Accounts) -> None:
    account = accounts.check(NAME, PASSWORD)
    assert account is not None
    calendar = Calendar()
    sessions = Sessions(b"k" * 32, calendar)
    value = sessions.make(account)
    assert sessions.read(value) == account
    for place in (0, -10):  # in the name, in the signature
        other = "0" if value[place] != "0" else "1"
        assert sessions.read(value[:place] + other + value[place:][1:]) is None
    assert sessions.read("") is None
    assert sessions.read("é" * 3) is None
    assert Sessions(b"x" * 32, calendar).read(value) is None
    calendar.today += LIFE + timedelta(seconds=1)
    assert sessions.read(value) is None


def test_the_session_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    key = session_key(tmp_path / "new")
    assert len(key) == 32
    assert session_key(tmp_path / "new") == key
    assert (tmp_path / "new" / "desk.key").stat().st_mode & 0o077 == 0


def run(data: Path, *arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(agent, ["--data", str(data), *arguments], input=typed)


def test_the_command_adds_lists_links_and_removes(tmp_path: Path) -> None:
    added = run(tmp_path, "add", NAME, typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert added.exit_code == 0, added.output
    assert PASSWORD not in added.output
    assert Accounts(tmp_path).check(NAME, PASSWORD)
    assert run(tmp_path, "list").output.splitlines() == [NAME]
    link = run(tmp_path, "link", NAME, "--url", "https://calls.example/").stdout.strip()
    token = link.removeprefix(sign_in_link("https://calls.example", ""))
    assert Accounts(tmp_path).redeem(token, datetime.now(UTC))
    assert run(tmp_path, "remove", NAME).exit_code == 0
    assert run(tmp_path, "list").output == ""


def test_a_generated_password_is_shown_and_works(tmp_path: Path) -> None:
    password = run(tmp_path, "add", NAME, "--generate").output.splitlines()[-1]
    assert Accounts(tmp_path).check(NAME, password)


@pytest.mark.parametrize("arguments", [("remove", "Bo"), ("link", "Bo"), ("add", "Bo")])
def test_the_command_fails_with_one_sentence(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    failed = run(tmp_path, *arguments, typed="short\nshort\n")
    assert failed.exit_code == 1
    assert failed.stderr.splitlines()[-1].startswith("Error: ")
    assert "Traceback" not in failed.output
