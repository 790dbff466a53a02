"""One call of the emulated carrier: the webhook, the TwiML that comes back, and the media stream."""

from collections.abc import Mapping
from typing import Final, Protocol
from urllib.parse import urlsplit, urlunsplit

import httpx2
import msgspec
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidHandshake, InvalidStatus

from telephony.carriers import twiml
from telephony.carriers.emulated_stream import EmulatedStream, Heard, Listener, Over, Returned
from telephony.carriers.media_messages import StreamFacts
from telephony.carriers.recorded_caller import RecordedCaller
from telephony.carriers.twiml import TwimlError, Verb
from telephony.legs.mulaw import SAMPLE_RATE, SILENCE_BYTE
from voice.journal.clock import Clock

WEBHOOK_SECONDS: Final = 15.0
"""How long a webhook may take to answer, as at Twilio."""
_CONNECT_SECONDS = 10.0
_PASSED_BY = frozenset({"Say", "Play", "Pause", "Gather", "Record", "Start", "Stop"})
SIGNATURE = "X-Twilio-Signature"


class Carrier(Protocol):
    """The carrier as its call needs it; `telephony.carriers.emulator.CarrierEmulator`."""

    clock: Clock
    account: str

    def new_sid(self, kind: str) -> str:
        """Return a name as Twilio's are."""

    def sign(self, url: str, form: Mapping[str, str]) -> str:
        """Return the signature of a request."""


class CallResult(msgspec.Struct, frozen=True, kw_only=True):
    """How a call went; seconds count from the start of its media stream."""

    call: str
    ended: str
    """Why it is over, in words."""
    verb: Verb | None
    """What the carrier went on to when the stream was over, e.g. `Dial`; None where the call was."""
    seconds: float
    heard: tuple[Heard, ...]
    spoken: bytes
    marks: tuple[Returned, ...]
    close_code: int | None
    close_reason: str
    errors: tuple[str, ...]
    """What the server did that a carrier would complain of."""

    @property
    def heard_audio(self) -> bytes:
        """Everything the caller heard, from the start of the stream, with silence where nothing played."""
        audio = bytearray([SILENCE_BYTE]) * len(self.spoken)
        for piece in self.heard:
            start = round(piece.t * SAMPLE_RATE)
            audio[start : start + len(piece.mulaw)] = piece.mulaw
        return bytes(audio)


class EmulatedCall:
    """One call, from the first ring to its end. `CarrierEmulator.place` makes it, `run` rings."""

    def __init__(
        self,
        carrier: Carrier,
        caller: RecordedCaller,
        url: str,
        form: Mapping[str, str],
        *,
        public_url: str | None,
        patience: float,
        listener: Listener | None,
    ) -> None:
        self._carrier = carrier
        self._caller = caller
        self._url = url
        self._public = public_url
        self._patience = patience
        self._listener = listener
        self._errors: list[str] = []
        self._close: tuple[int | None, str] = (None, "")
        self._ended: Over | None = None
        self.over = False
        """Whether the caller is off the line, or with somebody the carrier connected."""
        self.form = form
        self.sid = form["CallSid"]
        self.stream: EmulatedStream | None = None

    def hang_up(self) -> None:
        """Let the caller hang up now."""
        self._end(Over.CALLER_HUNG_UP)

    def complete(self) -> None:
        """End the call as the API's `Status=completed` does."""
        self._end(Over.COMPLETED)

    def _end(self, why: Over) -> None:
        if self.stream is not None:
            self.stream.end(why)
        self._ended = self._ended or why

    async def run(self) -> CallResult:
        """Ring, and return when the caller is off the line or with somebody the carrier connects."""
        if self._ended is not None:
            return self._result(self._ended, None)
        try:
            if urlsplit(self._url).scheme in ("ws", "wss"):
                await self._connect(twiml.Stream(url=self._url, parameters={}))
                return self._result(self._ended or Over.SERVER_CLOSED, None)
            return await self._carry_out(await self._answer())
        except (httpx2.HTTPError, TwimlError) as error:
            self._errors.append(str(error) or type(error).__name__)
            return self._result("the webhook failed", None)
        finally:
            self.over = True

    async def _answer(self) -> tuple[Verb, ...]:
        headers = {SIGNATURE: self._carrier.sign(self._signed_url(self._url), self.form)}
        async with httpx2.AsyncClient(timeout=WEBHOOK_SECONDS) as client:
            response = await client.post(self._url, data=dict(self.form), headers=headers)
        if not response.is_success:
            raise TwimlError(f"{self._url} answered {response.status_code}: {response.text.strip()[:200]}")
        return twiml.parse(response.text)

    async def _carry_out(self, verbs: tuple[Verb, ...]) -> CallResult:
        for verb in verbs:
            if verb.stream is not None:
                await self._connect(verb.stream)
                if self._ended is not None:
                    return self._result(self._ended, None)
            elif verb.name not in _PASSED_BY:
                return self._result(f"the carrier went on to {verb}", verb)
        return self._result("the TwiML was at its end", None)

    async def _connect(self, stream: twiml.Stream) -> None:
        facts = StreamFacts(
            account_sid=self._carrier.account,
            call_sid=self.sid,
            stream_sid=self._carrier.new_sid("MZ"),
            custom_parameters=dict(stream.parameters),
        )
        self.stream = EmulatedStream(
            facts, self._caller, self._carrier.clock, patience=self._patience, listener=self._listener
        )
        if self._ended is not None:
            return
        headers = {SIGNATURE: self._carrier.sign(stream.url, {})}
        try:
            socket = await connect(
                self._reachable(stream.url),
                additional_headers=headers,
                open_timeout=_CONNECT_SECONDS,
                compression=None,
                proxy=None,
            )
        except InvalidStatus as refusal:
            body = (refusal.response.body or b"").decode(errors="replace").strip()
            self._errors.append(f"The stream was refused with status {refusal.response.status_code}: {body}")
            return
        except (OSError, InvalidHandshake) as error:
            self._errors.append(f"The stream could not be connected: {error or type(error).__name__}")
            return
        over = await self.stream.run(socket)
        self._close = (socket.close_code, socket.close_reason or "")
        if over is not Over.SERVER_CLOSED:
            self._ended = over

    def _signed_url(self, url: str) -> str:
        return url if self._public is None else _moved(url, self._public)

    def _reachable(self, url: str) -> str:
        """Return where a public address is reached from here."""
        if self._public is None or urlsplit(url).netloc != urlsplit(self._public).netloc:
            return url
        here = urlsplit(self._url)
        return _moved(url, urlunsplit((here.scheme.replace("http", "ws"), here.netloc, "", "", "")))

    def _result(self, ended: str, verb: Verb | None) -> CallResult:
        stream = self.stream
        return CallResult(
            call=self.sid,
            ended=str(ended),
            verb=verb,
            seconds=stream.seconds if stream else 0.0,
            heard=tuple(stream.heard) if stream else (),
            spoken=bytes(stream.spoken) if stream else b"",
            marks=tuple(stream.marks) if stream else (),
            close_code=self._close[0],
            close_reason=self._close[1],
            errors=(*self._errors, *(stream.errors if stream else ())),
        )


def _moved(url: str, base: str) -> str:
    """Return `url` with the scheme and host of `base`."""
    here, there = urlsplit(url), urlsplit(base)
    return urlunsplit((there.scheme, there.netloc, here.path, here.query, ""))
