"""One-use tokens: a media stream is let in only by the token its call was given moments before.

Pure but for the randomness of the tokens; time is handed in.
"""

import secrets
from collections.abc import Callable
from typing import Final

import msgspec

TOKEN_SECONDS: Final = 60.0
"""How long a token lets somebody in."""
TOKEN_LIMIT: Final = 10_000
"""Tokens remembered at most; beyond, the oldest is forgotten, and its caller goes to a person."""


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """What the carrier told, signed, about the call a token stands for."""

    account: str
    call: str
    caller: str
    called: str


class TokenError(Exception):
    """Why a token does not let in, in one sentence that never repeats the token."""


class Tokens:
    """Gives out tokens and takes each back once.

    Args:
        make: makes an unguessable token.
    """

    def __init__(self, make: Callable[[], str] = secrets.token_urlsafe) -> None:
        self._make = make
        self._given: dict[str, tuple[float, Ticket | None]] = {}
        """Expiry and ticket by token, oldest first; the ticket of a used one is None."""

    def give(self, ticket: Ticket, now: float) -> str:
        """Return a token that stands for `ticket` until `now` + 60 seconds."""
        while self._given:
            oldest = next(iter(self._given))
            if self._given[oldest][0] > now and len(self._given) < TOKEN_LIMIT:
                break
            del self._given[oldest]
        token = self._make()
        self._given[token] = (now + TOKEN_SECONDS, ticket)
        return token

    def take(self, token: str, call: str, now: float) -> Ticket:
        """Return the ticket and use the token up; raises `TokenError` unless fresh and this call's."""
        if token not in self._given:
            raise TokenError("The stream's token is unknown." if token else "The stream has no token.")
        expiry, ticket = self._given[token]
        self._given[token] = (expiry, None)
        if ticket is None:
            raise TokenError("The stream's token was used before.")
        if expiry <= now:
            raise TokenError(f"The stream's token is older than {TOKEN_SECONDS:.0f} s.")
        if ticket.call != call:
            raise TokenError("The stream's token belongs to another call.")
        return ticket
