"""The desk's addresses: its page, signing in and out, the WebSocket, and what there is of a call."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import msgspec
from argon2 import PasswordHasher
from starlette.requests import HTTPConnection, Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket

from telephony.calls.recording import recordings
from telephony.desk.accounts import Account, Accounts
from telephony.desk.answers import answer, refusal
from telephony.desk.by_phone import PhoneDuty
from telephony.desk.headers import DeskFiles, with_security_headers
from telephony.desk.leg import DeskLeg
from telephony.desk.limits import Failures
from telephony.desk.protocol import CloseCode
from telephony.desk.records import Exchange, Records
from telephony.desk.sessions import COOKIE, LIFE, Sessions, session_key
from telephony.legs.phones import Phones
from telephony.takeover.queue import Profile
from voice.journal.clock import Clock
from voice.journal.store import JournalStore

MAX_BODY = 4096
FAILURES_OF_ONE = 5
FAILURES_OF_PLACE = 20
FAILURE_WINDOW = timedelta(minutes=5).total_seconds()
HASHINGS = 2
"""Passwords checked at once: each takes a core and 64 MB that calls under way need too."""

_STATIC = Path(__file__).parent / "static"
_BAD_LINK = "This link has been used or is too old: ask for a new one."


class DeskSettings(Protocol):
    """What the desk needs to know."""

    @property
    def data(self) -> Path:
        """The data folder."""

    @property
    def public_url(self) -> str | None:
        """The switchboard's address as seen from outside, where a proxy stands before it."""


class _Credentials(msgspec.Struct, forbid_unknown_fields=True):
    """Name and password, or the token of a one-time link."""

    name: str = ""
    password: str = ""
    link: str = ""


class _ByPhone(msgspec.Struct, forbid_unknown_fields=True):
    """Whether an agent is on duty by telephone."""

    on: bool


_by_phone = msgspec.json.Decoder(_ByPhone)
_credentials = msgspec.json.Decoder(_Credentials)


def routes(
    settings: DeskSettings,
    events: Exchange,
    journal: JournalStore,
    clock: Clock,
    hasher: PasswordHasher | None = None,
    *,
    phones: Phones | None = None,
) -> list[BaseRoute]:
    """Return the desk's routes.

    Args:
        settings: where accounts lie and what the switchboard is called outside.
        events: told what desks do.
        journal: read for the journal of a call.
        clock: the loop's.
        hasher: of passwords; for tests, which need no strong one.
        phones: puts agents on duty by telephone.

    Raises:
        OSError: the data folder cannot be written; one sentence names the setting.
    """
    accounts = Accounts(settings.data, hasher)
    desk = _Desk(
        accounts=accounts,
        sessions=Sessions(session_key(settings.data), clock),
        settings=settings,
        events=events,
        journal=journal,
        clock=clock,
        duty=PhoneDuty(accounts, phones),
    )
    return [
        Route("/desk", with_security_headers(desk.page)),
        Route("/desk/session", with_security_headers(desk.session)),
        Route("/desk/sign-in", with_security_headers(desk.sign_in), methods=["POST"]),
        Route("/desk/sign-out", with_security_headers(desk.sign_out), methods=["POST"]),
        Route("/desk/calls/{call:str}/journal", with_security_headers(desk.records.journal)),
        Route("/desk/calls/{call:str}/summary", with_security_headers(desk.records.summary)),
        Route("/desk/calls/{call:str}/voice", with_security_headers(desk.records.voice)),
        Route("/desk/calls/{call:str}/wrap-up", with_security_headers(desk.correct), methods=["POST"]),
        Route("/desk/by-phone", with_security_headers(desk.by_phone), methods=["POST"]),
        Route("/desk/floor", with_security_headers(desk.records.floor)),
        WebSocketRoute("/desk/ws", desk.socket),
        Mount("/desk/static", DeskFiles(directory=_STATIC)),
    ]


class _Desk:
    def __init__(
        self,
        *,
        accounts: Accounts,
        sessions: Sessions,
        settings: DeskSettings,
        events: Exchange,
        journal: JournalStore,
        clock: Clock,
        duty: PhoneDuty,
    ) -> None:
        self._duty = duty
        self._accounts = accounts
        self._sessions = sessions
        self._public_url = settings.public_url or ""
        self._events = events
        self.records = Records(journal, recordings(settings.data), events, clock, self._signed_in)
        self._clock = clock
        self._legs: dict[str, DeskLeg] = {}
        self._hashing = asyncio.Semaphore(HASHINGS)
        self._failures_of_one = Failures(FAILURES_OF_ONE, FAILURE_WINDOW)
        self._failures_of_place = Failures(FAILURES_OF_PLACE, FAILURE_WINDOW)

    async def page(self, _request: Request) -> Response:
        return FileResponse(_STATIC / "desk.html", headers={"Cache-Control": "no-cache"})

    async def session(self, request: Request) -> Response:
        account = await self._signed_in(request)
        return answer({"agent": account.name if account else None})

    async def sign_in(self, request: Request) -> Response:
        if not self._same_origin(request):
            return refusal(403, "Sign in from the switchboard's own page.")
        try:
            asked = _credentials.decode(await _body(request))
        except (msgspec.DecodeError, ValueError):
            return refusal(400, "Send a name and a password as JSON.")
        async with self._hashing:
            if wait := self._must_wait(request, asked):
                later = refusal(429, f"Too many attempts. Try again in {max(1, round(wait / 60))} min.")
                later.headers["Retry-After"] = str(int(wait) + 1)
                return later
            account = await self._check(asked)
            self._count(request, asked, failed=account is None)
        if account is None:
            return refusal(401, _BAD_LINK if asked.link else "Name and password do not fit.")
        signed = answer({"agent": account.name})
        signed.set_cookie(
            COOKIE,
            self._sessions.make(account),
            max_age=int(LIFE.total_seconds()),
            path="/desk",
            secure=self._is_secure(request),
            httponly=True,
            samesite="strict",
        )
        return signed

    async def sign_out(self, request: Request) -> Response:
        if not self._same_origin(request):
            return refusal(403, "Sign out from the switchboard's own page.")
        account = await self._signed_in(request)
        if account and account.name in self._legs:
            self._legs[account.name].sign_out()
        signed_out = Response(status_code=204)
        signed_out.delete_cookie(
            COOKIE, path="/desk", secure=self._is_secure(request), httponly=True, samesite="strict"
        )
        return signed_out

    async def by_phone(self, request: Request) -> Response:
        """Put the agent on duty at their telephone, or off it."""
        account = await self._signed_in(request)
        if account is None or not self._same_origin(request):
            return refusal(401, "Sign in first.")
        try:
            wanted = _by_phone.decode(await _body(request)).on
        except (msgspec.DecodeError, ValueError):
            return refusal(400, 'Send {"on": true} or {"on": false}.')
        why = await (self._duty.begin if wanted else self._duty.end)(account.name)
        return refusal(409, why) if why else Response(status_code=204)

    async def correct(self, request: Request) -> Response:
        """Correct how a call was closed that the agent had."""
        if not self._same_origin(request):
            return refusal(403, "Ask from the switchboard's own page.")
        return await self.records.correct(request, await _body(request))

    async def socket(self, websocket: WebSocket) -> None:
        if not self._same_origin(websocket):
            await websocket.close()
            return
        account = await self._signed_in(websocket)
        await websocket.accept()
        if account is None:
            await websocket.close(CloseCode.SIGNED_OUT, "signed_out")
            return
        await self._duty.forget(account.name)
        profile, supervisor = await asyncio.to_thread(self._rights, account.name)
        before = self._legs.get(account.name)
        leg = DeskLeg(
            websocket, account.name, self._events, self._clock, profile=profile, supervisor=supervisor
        )
        self._legs[account.name] = leg
        if before is not None:
            await before.close("replaced")
        try:
            if self._legs.get(account.name) is leg:
                await leg.run()
            else:
                await websocket.close(CloseCode.REPLACED, "replaced")
        finally:
            if self._legs.get(account.name) is leg:
                del self._legs[account.name]

    def _rights(self, name: str) -> tuple[Profile, bool]:
        return self._accounts.profile(name), self._accounts.supervises(name)

    async def _check(self, asked: _Credentials) -> Account | None:
        if asked.link:
            return await asyncio.to_thread(self._accounts.redeem, asked.link, self._clock.utc())
        return await asyncio.to_thread(self._accounts.check, asked.name, asked.password)

    def _must_wait(self, request: Request, asked: _Credentials) -> float:
        """Return the seconds until this name from this place, and anybody from there, may try again."""
        now, (one, place) = self._clock.now(), _parties(request, asked)
        return max(self._failures_of_one.wait(one, now), self._failures_of_place.wait(place, now))

    def _count(self, request: Request, asked: _Credentials, failed: bool) -> None:
        now, (one, place) = self._clock.now(), _parties(request, asked)
        if failed:
            self._failures_of_one.count(one, now)
            self._failures_of_place.count(place, now)
        else:
            self._failures_of_one.forget(one)

    async def _signed_in(self, connection: HTTPConnection) -> Account | None:
        account = self._sessions.read(connection.cookies.get(COOKIE, ""))
        if account is None or not await asyncio.to_thread(self._accounts.exists, account):
            return None
        return account

    def _same_origin(self, connection: HTTPConnection) -> bool:
        """Whether a browser says that our own page is asking. What is no browser sends no `Origin`."""
        origin = connection.headers.get("origin")
        if origin is None:
            return True
        asking = urlsplit(origin)
        ours = {connection.headers.get("host", ""), urlsplit(self._public_url).netloc}
        return asking.scheme in ("http", "https") and asking.netloc != "" and asking.netloc in ours

    def _is_secure(self, request: Request) -> bool:
        return request.url.scheme == "https" or self._public_url.startswith("https:")


def _parties(request: Request, asked: _Credentials) -> tuple[str, str]:
    place = request.client.host if request.client else ""
    return f"{place} {asked.name.casefold()}", place


async def _body(request: Request) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY:
            raise ValueError("too long")
    return body
