"""What a signed-in agent may read over HTTP: a call's journal, summary and recording, and the floor."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

import msgspec
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from telephony.calls.recording import caller_voice, recording
from telephony.calls.summary import draft
from telephony.desk.accounts import Account
from telephony.desk.answers import answer, refusal, wav
from telephony.desk.protocol import Disposition, Summary
from telephony.legs.floor import Floor
from telephony.legs.leg import AgentEvents
from voice.journal.clock import Clock
from voice.journal.events import Entry, WrappedUp
from voice.journal.store import JournalStore

_SIGN_IN = "Sign in first."
_NO_CALL = "There is no such call."
LONGEST_EXCERPT = 60.0
"""Seconds of a recording that are given out at once."""
_NO_SPAN = f"Say which seconds of the call: from, and to, {LONGEST_EXCERPT:.0f} later at most."
_NOT_YOURS = "You do not have that call."
_NOT_RECORDED = "That is not in the recording, or not yet."


class _Correction(msgspec.Struct, forbid_unknown_fields=True):
    """What an agent says of a call that is closed."""

    disposition: Disposition
    summary: Summary = ""


_correction = msgspec.json.Decoder(_Correction)


class Exchange(AgentEvents, Protocol):
    """Calls and agents, as a desk needs them."""

    def floor(self, agent: str) -> Floor:
        """Return the floor as the agent may see it."""


class Records:
    """Reads what is asked for.

    Args:
        journal: the store.
        recordings: the folder of the calls' recordings.
        exchange: knows who is on the floor, and who has which call.
        clock: tells the hour of a correction.
        signed_in: returns who asks; None for nobody.
    """

    def __init__(
        self,
        journal: JournalStore,
        recordings: Path,
        exchange: Exchange,
        clock: Clock,
        signed_in: Callable[[HTTPConnection], Awaitable[Account | None]],
    ) -> None:
        self._clock = clock
        self._journal = journal
        self._recordings = recordings
        self._exchange = exchange
        self._signed_in = signed_in

    async def journal(self, request: Request) -> Response:
        """Answer with a call's journal."""
        if await self._signed_in(request) is None:
            return refusal(401, _SIGN_IN)
        entries = await asyncio.to_thread(self._journal.read, request.path_params["call"])
        return answer(entries) if entries else refusal(404, _NO_CALL)

    async def summary(self, request: Request) -> Response:
        """Answer with a draft of what happened, for the agent to correct."""
        if await self._signed_in(request) is None:
            return refusal(401, _SIGN_IN)
        entries = await asyncio.to_thread(self._journal.read, request.path_params["call"])
        return answer({"summary": draft(entries)}) if entries else refusal(404, _NO_CALL)

    async def correct(self, request: Request, body: bytes) -> Response:
        """Write down anew how a call was closed, for the agent who closed it; the newest word counts."""
        account = await self._signed_in(request)
        if account is None:
            return refusal(401, _SIGN_IN)
        try:
            wanted = _correction.decode(body)
        except msgspec.DecodeError:
            return refusal(400, "Send a disposition and a summary as JSON.")
        entries = await asyncio.to_thread(self._journal.read, request.path_params["call"])
        closed = [entry.event for entry in entries if isinstance(entry.event, WrappedUp)]
        if not closed or closed[-1].agent != account.name:
            return refusal(404, "You have closed no such call.")
        event = WrappedUp(agent=account.name, disposition=wanted.disposition, summary=wanted.summary)
        last = entries[-1]
        self._journal.write(
            Entry(call=last.call, seq=last.seq + 1, t=last.t, at=self._clock.utc(), event=event)
        )
        return Response(status_code=204)

    async def voice(self, request: Request) -> Response:
        """Answer with a stretch of the caller's voice, to whoever has the call, until it is closed."""
        account = await self._signed_in(request)
        if account is None:
            return refusal(401, _SIGN_IN)
        call = request.path_params["call"]
        if call != self._exchange.floor(account.name).own:
            return refusal(403, _NOT_YOURS)
        span = _span(request)
        if span is None:
            return refusal(400, _NO_SPAN)
        try:
            sound = await asyncio.to_thread(caller_voice, recording(self._recordings, call), *span)
        except OSError:
            sound = b""
        return wav(sound) if sound else refusal(404, _NOT_RECORDED)

    async def floor(self, request: Request) -> Response:
        """Answer with who is there, and to supervisors with the calls under way."""
        account = await self._signed_in(request)
        if account is None:
            return refusal(401, _SIGN_IN)
        return answer(self._exchange.floor(account.name))


def _span(request: Request) -> tuple[float, float] | None:
    """Return the seconds of the call that are asked for; None where they are none, or too many."""
    try:
        start, end = (float(request.query_params[name]) for name in ("from", "to"))
    except (KeyError, ValueError):
        return None
    fits = math.isfinite(start) and 0 <= start < end <= start + LONGEST_EXCERPT
    return (start, end) if fits else None
