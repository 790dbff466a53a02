"""Who is signed in: a signed cookie that names the account and lasts a working day."""

import contextlib
import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from itsdangerous import BadSignature, TimestampSigner

from telephony.desk.accounts import Account
from voice.journal.clock import Clock

COOKIE = "hookflash_desk"
LIFE = timedelta(hours=12)
KEY_FILE = "desk.key"


class Sessions:
    """Makes and reads the cookie's value.

    Args:
        key: the secret it is signed with.
        clock: whose calendar dates it.
    """

    def __init__(self, key: bytes, clock: Clock) -> None:
        self._signer = _ClockSigner(key, clock)

    def make(self, account: Account) -> str:
        """Return the value for an account that has just signed in."""
        return self._signer.sign(f"{account.id}:{account.name}".encode().hex()).decode()

    def read(self, value: str) -> Account | None:
        """Return the account of a value that is genuine and not too old. It may have been removed since."""
        try:
            plain = self._signer.unsign(value, max_age=int(LIFE.total_seconds())).decode()
            account_id, name = bytes.fromhex(plain).decode().split(":", 1)
        except (BadSignature, ValueError):
            return None
        return Account(name, account_id)


def session_key(folder: Path) -> bytes:
    """Return the key kept in `folder`, made at the first start; deleting the file signs everybody out."""
    path = folder / KEY_FILE
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "wb") as file:
            file.write(secrets.token_bytes(32))
    return path.read_bytes()


class _ClockSigner(TimestampSigner):
    """Dates by our clock instead of the system's."""

    def __init__(self, key: bytes, clock: Clock) -> None:
        super().__init__(key, salt="hookflash.desk")
        self._clock = clock

    def get_timestamp(self) -> int:
        return int(self._clock.utc().timestamp())

    def timestamp_to_datetime(self, ts: int) -> datetime:
        return datetime.fromtimestamp(ts, tz=self._clock.utc().tzinfo)
