"""Agents' accounts and one-time sign-in links, in one SQLite file. Every method blocks: use a thread.

Passwords are kept as argon2id hashes (RFC 9106, the library's defaults). Of a link's token the SHA-256 is
kept, and deleted by the sign-in that uses it, so that two that arrive together cannot both succeed.
"""

import hashlib
import re
import secrets
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from telephony.takeover.queue import Profile

FILE = "agents.sqlite"
MIN_PASSWORD = 10
MAX_PASSWORD = 200
LINK_LIFE = timedelta(minutes=15)
_NAME = re.compile(r"\w[\w .'-]{0,39}")
_WORD = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_NUMBER = re.compile(r"\+[1-9]\d{6,14}")
_SUPERVISOR = "supervisor"
_BY_PHONE = "by_phone"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS agent (
    name TEXT PRIMARY KEY COLLATE NOCASE, id TEXT NOT NULL UNIQUE, hash TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS can (
    agent TEXT NOT NULL REFERENCES agent (id) ON DELETE CASCADE, kind TEXT NOT NULL, word TEXT NOT NULL,
    PRIMARY KEY (agent, kind, word)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS link (
    token TEXT PRIMARY KEY, agent TEXT NOT NULL REFERENCES agent (id) ON DELETE CASCADE, expires TEXT NOT NULL
);
"""


class AccountError(ValueError):
    """What was asked of the accounts cannot be done; one sentence says what to change."""


class AccountsFolderError(AccountError, OSError):
    """The accounts cannot be kept where they should be."""


class Account(msgspec.Struct, frozen=True):
    """An agent who may sign in. `id` is new with every account, even one of the same name."""

    name: str
    id: str


class Accounts:
    """The accounts in a data folder.

    Args:
        folder: where the file lies; made where missing.
        hasher: for tests, which need no strong one.

    Raises:
        AccountsFolderError: the folder cannot be written.
    """

    def __init__(self, folder: Path, hasher: PasswordHasher | None = None) -> None:
        self._path = folder / FILE
        self._hasher = hasher or PasswordHasher()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._path.touch(mode=0o600)
            with self._open() as db:
                db.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise AccountsFolderError(
                f"Agents' accounts cannot be kept in {self._path} ({error}): "
                "set HOOKFLASH_DATA to a folder that can be written."
            ) from error

    def add(self, name: str, password: str) -> Account:
        """Make an account.

        Raises:
            AccountError: the name is taken or no name, or the password is too short or too long.
        """
        name = _plain(name)
        if not _NAME.fullmatch(name):
            raise AccountError(
                "An agent's name has 1 to 40 letters, digits, spaces, dots, apostrophes or hyphens "
                "and begins with a letter or digit."
            )
        if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
            raise AccountError(f"A password has {MIN_PASSWORD} to {MAX_PASSWORD} characters.")
        account = Account(name, secrets.token_hex(8))
        try:
            with self._open() as db:
                db.execute(
                    "INSERT INTO agent VALUES (?, ?, ?)", (name, account.id, self._hasher.hash(password))
                )
        except sqlite3.IntegrityError as error:
            raise AccountError(f"There is an agent {name} already; remove them first.") from error
        return account

    def remove(self, name: str) -> None:
        """Delete an account, its links and its sessions. Raises `AccountError` for a name unknown."""
        with self._open() as db:
            if not db.execute("DELETE FROM agent WHERE name = ?", (_plain(name),)).rowcount:
                raise AccountError(_unknown(name))

    def set_profile(self, name: str, profile: Profile) -> None:
        """Note what an agent can do, in place of what was noted before.

        Raises:
            AccountError: the name is unknown, or a skill or a language is not a short plain word.
        """
        words = [("skill", word) for word in profile.skills]
        words += [("language", word) for word in profile.languages]
        if wrong := next((word for _, word in words if not _WORD.fullmatch(word)), None):
            raise AccountError(
                f"{wrong[:40]!r} is no skill or language: write it as the playbook does, e.g. fraud or fr."
            )
        with self._open() as db:
            row = db.execute("SELECT id FROM agent WHERE name = ?", (_plain(name),)).fetchone()
            if row is None:
                raise AccountError(_unknown(name))
            db.execute("DELETE FROM can WHERE agent = ? AND kind IN ('skill', 'language')", row)
            db.executemany("INSERT INTO can VALUES (?, ?, ?)", [(row[0], *one) for one in words])

    def profile(self, name: str) -> Profile:
        """Return what an agent can do; everything, where nothing was noted."""
        with self._open() as db:
            rows = db.execute(
                "SELECT kind, word FROM can JOIN agent ON agent.id = can.agent WHERE agent.name = ?",
                (_plain(name),),
            ).fetchall()
        skills = frozenset(word for kind, word in rows if kind == "skill")
        return Profile(skills, frozenset(word for kind, word in rows if kind == "language"))

    def set_supervisor(self, name: str, supervises: bool) -> None:
        """Let an agent join the calls of others, or no longer. Raises `AccountError` for a name unknown."""
        self._set(name, "role", _SUPERVISOR if supervises else None)

    def supervises(self, name: str) -> bool:
        """Return whether the agent may join the calls of others."""
        return self._get(name, "role") == _SUPERVISOR

    def set_phone(self, name: str, number: str) -> None:
        """Note the telephone an agent is rung at; empty: none.

        Raises:
            AccountError: the name is unknown, or that is no number.
        """
        if number and not _NUMBER.fullmatch(number):
            raise AccountError("A telephone number is written like +4722000000.")
        self._set(name, "phone", number or None)

    def phone(self, name: str) -> str:
        """Return the telephone an agent is rung at; empty: none."""
        return self._get(name, "phone") or ""

    def set_on_duty_by_phone(self, name: str, on: bool) -> None:
        """Note whether the agent is on duty by telephone, to be known after a restart."""
        self._set(name, "duty", _BY_PHONE if on else None)

    def on_duty_by_phone(self) -> list[str]:
        """Return who is on duty by telephone, in order."""
        with self._open() as db:
            rows = db.execute(
                "SELECT name FROM agent JOIN can ON agent.id = can.agent WHERE kind = 'duty' ORDER BY name"
            )
            return [name for (name,) in rows]

    def names(self) -> list[str]:
        """Return all agents' names in order."""
        with self._open() as db:
            return [name for (name,) in db.execute("SELECT name FROM agent ORDER BY name")]

    def check(self, name: str, password: str) -> Account | None:
        """Return the account if name and password fit; an unknown name takes as long as a wrong password."""
        with self._open() as db:
            row = db.execute("SELECT name, id, hash FROM agent WHERE name = ?", (_plain(name),)).fetchone()
        known, account_id, kept = row or ("", "", self._hash_of_nobody)
        try:
            self._hasher.verify(kept, password[: MAX_PASSWORD + 1])
        except (VerificationError, InvalidHashError):
            return None
        return Account(known, account_id) if row else None

    def exists(self, account: Account) -> bool:
        """Return whether this very account is still there."""
        with self._open() as db:
            found = db.execute("SELECT 1 FROM agent WHERE id = ? AND name = ?", (account.id, account.name))
            return found.fetchone() is not None

    def make_link(self, name: str, now: datetime) -> str:
        """Return a token that signs the agent in once, within `LINK_LIFE`.

        Raises:
            AccountError: for a name unknown.
        """
        token = secrets.token_urlsafe(24)
        with self._open() as db:
            row = db.execute("SELECT id FROM agent WHERE name = ?", (_plain(name),)).fetchone()
            if row is None:
                raise AccountError(_unknown(name))
            db.execute("DELETE FROM link WHERE expires <= ?", (now.isoformat(),))
            db.execute("INSERT INTO link VALUES (?, ?, ?)", (_digest(token), row[0], _until(now)))
        return token

    def redeem(self, token: str, now: datetime) -> Account | None:
        """Use up a link; None if it is unknown, used or too old."""
        with self._open() as db:
            row = db.execute(
                "DELETE FROM link WHERE token = ? RETURNING agent, expires", (_digest(token),)
            ).fetchone()
            if row is None or row[1] <= now.isoformat():
                return None
            name = db.execute("SELECT name FROM agent WHERE id = ?", (row[0],)).fetchone()[0]
        return Account(name, row[0])

    def _set(self, name: str, kind: str, word: str | None) -> None:
        with self._open() as db:
            row = db.execute("SELECT id FROM agent WHERE name = ?", (_plain(name),)).fetchone()
            if row is None:
                raise AccountError(_unknown(name))
            db.execute("DELETE FROM can WHERE agent = ? AND kind = ?", (row[0], kind))
            if word is not None:
                db.execute("INSERT INTO can VALUES (?, ?, ?)", (row[0], kind, word))

    def _get(self, name: str, kind: str) -> str | None:
        with self._open() as db:
            row = db.execute(
                "SELECT word FROM can JOIN agent ON agent.id = can.agent WHERE agent.name = ? AND kind = ?",
                (_plain(name), kind),
            ).fetchone()
        return row[0] if row else None

    @cached_property
    def _hash_of_nobody(self) -> str:
        return self._hasher.hash(secrets.token_hex())

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self._path)
        try:
            db.execute("PRAGMA foreign_keys=ON")
            with db:
                yield db
        finally:
            db.close()


def sign_in_link(url: str, token: str) -> str:
    """Return the address that signs in with `token`, behind the # so that no server's log ever holds it."""
    return f"{url.rstrip('/')}/desk#link={token}"


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())


def _unknown(name: str) -> str:
    return f"There is no agent {_plain(name)[:40]}; `hookflash agent list` shows who there is."


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _until(now: datetime) -> str:
    return (now + LINK_LIFE).isoformat()
