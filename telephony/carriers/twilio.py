"""Twilio at the door: the voice webhook, the media stream, and the call's status.

A call comes in two steps. Twilio posts the call to `/twilio/voice` and is answered in TwiML: connect a media
stream, and when that ends, go on to a person. The stream then arrives at `/twilio/media` with the token from
the answer. Both are signed with the account's token. The verb behind the stream needs none of our servers:
whatever becomes of us, the caller reaches somebody.
"""

import asyncio
import logging
from typing import Final, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Connect, VoiceResponse

from telephony.calls.ringing_back import RUNG_BACK, DialError, Dialler
from telephony.carriers.media_messages import Start
from telephony.carriers.media_streams import ProtocolError, ServerStream
from telephony.carriers.tokens import Ticket, TokenError, Tokens
from telephony.carriers.twilio_calls import HangUpError, TwilioCalls
from telephony.legs.leg import Arrival, CallerEvents, CallerLeg
from telephony.legs.media_stream_caller import CARRIER_SAYS, MediaStreamCaller, close_reason
from telephony.legs.phones import PURPOSE, Phones
from telephony.settings import SwitchboardSettings
from voice.journal.clock import Clock

START_SECONDS: Final = 10.0
"""How long a stream may take to tell which call it belongs to."""
FORM_BYTES: Final = 65_536
"""Bytes a webhook's form may have."""
QUEUE: Final = "hookflash"
"""The queue callers without a fallback number wait in, at Twilio."""

_OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
_POLICY, _INTERNAL = 1008, 1011

logger = logging.getLogger(__name__)


class Calls(Protocol):
    """Where calls go that have arrived: the exchange."""

    def call_arrived(self, arrival: Arrival, leg: CallerLeg) -> CallerEvents:
        """Take the call; returns whom its leg reports to."""

    def dial_with(self, dialler: Dialler) -> None:
        """Let callers be rung back by this carrier."""

    def dialling_failed(self, asked_on: str, why: str) -> None:
        """Take note that a call we have made was not taken."""


def routes(
    settings: SwitchboardSettings, exchange: Calls, clock: Clock, phones: Phones | None = None
) -> list[BaseRoute]:
    """Return Twilio's routes; without a token and a public address each refuses, naming the setting."""
    door = _Door(settings, exchange, clock, phones)
    if settings.twilio_account_sid and settings.twilio_auth_token and settings.public_url:
        exchange.dial_with(door)
        if phones is not None:
            phones.dialler = door
    return [
        Route("/twilio/voice", door.voice, methods=["POST"]),
        Route("/twilio/status", door.status, methods=["POST"]),
        WebSocketRoute("/twilio/media", door.media),
    ]


class _DeniedError(Exception):
    """Why somebody is not let in, and the HTTP status that says so."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


class _Door:
    def __init__(
        self, settings: SwitchboardSettings, exchange: Calls, clock: Clock, phones: Phones | None
    ) -> None:
        self._phones = phones
        self._settings = settings
        self._exchange = exchange
        self._clock = clock
        self._tokens = Tokens()
        self._legs: dict[str, MediaStreamCaller] = {}
        token = settings.twilio_auth_token.get_secret_value() if settings.twilio_auth_token else ""
        self._validator = RequestValidator(token) if token else None
        self._calls = TwilioCalls(token, settings.twilio_api_url)

    async def voice(self, request: Request) -> Response:
        """Answer a call: the TwiML that connects it to us, and behind us to a person."""
        try:
            form = await self._signed_form(request)
            ours = request.query_params.get(RUNG_BACK)
            sides = ("From", "To") if ours is None else ("To", "From")
            ticket = Ticket(
                account=form["AccountSid"],
                call=form["CallSid"],
                caller=form[sides[0]],
                called=form[sides[1]],
            )
        except _DeniedError as refusal:
            return _refuse("a call", refusal)
        except KeyError as missing:
            return _refuse("a call", _DeniedError(f"The form has no field {missing.args[0]}.", 400))
        token = self._tokens.give(ticket, self._clock.now())
        return Response(self._answer(token, ours), media_type="application/xml")

    async def status(self, request: Request) -> Response:
        """Take note of a call that is over, should its stream not have told."""
        try:
            form = await self._signed_form(request)
        except _DeniedError as refusal:
            return _refuse("a call's status", refusal)
        leg = self._legs.get(form.get("CallSid", ""))
        over = form.get("CallStatus") in _OVER
        if leg is not None and over:
            leg.carrier_ended(CARRIER_SAYS)
        elif over and (ours := request.query_params.get(RUNG_BACK)) is not None:
            if self._phones is not None and ours.startswith(PURPOSE):
                self._phones.failed(ours)
            else:
                self._exchange.dialling_failed(ours, f"the carrier says {form['CallStatus']}")
        return Response(status_code=204)

    async def media(self, socket: WebSocket) -> None:
        """Let a media stream in, and serve it to its end."""
        try:
            self._check_handshake(socket)
        except _DeniedError as refusal:
            await socket.send_denial_response(_refuse("a media stream", refusal))
            return
        await socket.accept()
        stream = ServerStream()
        try:
            async with asyncio.timeout(START_SECONDS):
                start = await _read_start(socket, stream)
            ticket = self._admit(start)
        except WebSocketDisconnect:
            logger.warning("Refused a media stream: It was closed before it had told its call.")
            return
        except TimeoutError:
            await _turn_away(socket, f"It did not start within {START_SECONDS:.0f} s.")
            return
        except (ProtocolError, TokenError) as refusal:
            await _turn_away(socket, str(refusal))
            return
        await self._serve(socket, stream, start, ticket)

    async def _serve(self, socket: WebSocket, stream: ServerStream, start: Start, ticket: Ticket) -> None:
        async def complete() -> None:
            await self._calls.complete(self._settings.twilio_account_sid or ticket.account, ticket.call)

        leg = MediaStreamCaller(socket, stream, self._clock, complete)
        parameters = {key: value for key, value in start.start.custom_parameters.items() if key != "token"}
        arrival = Arrival(
            carrier="twilio",
            carrier_call=ticket.call,
            stream=start.stream_sid,
            caller=ticket.caller,
            called=ticket.called,
            parameters=parameters,
        )
        try:
            events = self._taken_by(arrival, leg)
        except Exception:
            logger.exception("Call %s could not be taken; the carrier takes it to a person.", ticket.call)
            await socket.close(_INTERNAL, "the switchboard failed")
            return
        if events is None:
            await complete()
            await socket.close()
            return
        self._legs[ticket.call] = leg
        try:
            await leg.run(events)
        finally:
            del self._legs[ticket.call]

    def _taken_by(self, arrival: Arrival, leg: MediaStreamCaller) -> CallerEvents | None:
        """Return whom a call is for: a telephone of ours that was picked up, or a caller for the exchange."""
        purpose = arrival.parameters.get(RUNG_BACK, "")
        if self._phones is not None and purpose.startswith(PURPOSE):
            return self._phones.picked_up(purpose, leg)
        return self._exchange.call_arrived(arrival, leg)

    def _admit(self, start: Start) -> Ticket:
        token = start.start.custom_parameters.get("token", "")
        return self._tokens.take(token, start.start.call_sid, self._clock.now())

    async def dial(self, number: str, line: str, purpose: str) -> str:
        """Ring somebody back; what they wished for is told by the webhook's address, which is signed.

        Returns:
            The call's SID.

        Raises:
            DialError: a setting is missing, or Twilio refused.
        """
        account = self._settings.twilio_account_sid
        if not account or not self._settings.public_url:
            raise DialError("Set HOOKFLASH_TWILIO_ACCOUNT_SID and HOOKFLASH_PUBLIC_URL to ring callers back.")
        query = f"?{urlencode({RUNG_BACK: purpose})}"
        urls = [self._public(f"/twilio/{hook}{query}") for hook in ("voice", "status")]
        return await self._calls.dial(account, number, line, url=urls[0], status_url=urls[1])

    async def hang_up(self, call: str) -> None:
        """End a call of ours that rings."""
        try:
            await self._calls.complete(self._settings.twilio_account_sid or "", call)
        except HangUpError as error:
            logger.warning("%s", error)

    def _answer(self, token: str, ours: str | None) -> str:
        """Return the TwiML. `<Connect>` has no `action`: with one, Twilio would ask us what comes next."""
        response = VoiceResponse()
        connect = Connect()
        stream = connect.stream(url=self._public("/twilio/media", stream=True))
        stream.parameter(name="token", value=token)
        if ours is not None:
            stream.parameter(name=RUNG_BACK, value=ours)
        response.append(connect)
        if ours is not None and ours.startswith(PURPOSE):
            response.hangup()
        elif self._settings.fallback_number:
            response.dial(self._settings.fallback_number)
        else:
            response.enqueue(QUEUE)
        return str(response)

    async def _signed_form(self, request: Request) -> ImmutableMultiDict[str, str]:
        self._check_settings()
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > FORM_BYTES:
                raise _DeniedError(f"The form is over the limit of {FORM_BYTES} bytes.", 413)
        form = ImmutableMultiDict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
        self._check_signature(request, [self._public(_target(request))], form)
        return form

    def _check_handshake(self, socket: WebSocket) -> None:
        """Check the signature of a stream's handshake.

        Twilio signs the stream's address as the TwiML has it; its libraries differ in whether that is spelt
        wss or https, and with a slash at the end or without.
        """
        self._check_settings()
        addresses = [self._public(_target(socket), stream=stream) for stream in (True, False)]
        spellings = [*addresses, *(f"{address}/" for address in addresses)]
        self._check_signature(socket, spellings, ImmutableMultiDict[str, str]())

    def _check_settings(self) -> None:
        if self._validator is None:
            raise _DeniedError("Set HOOKFLASH_TWILIO_AUTH_TOKEN to take calls from Twilio.", 503)
        if not self._settings.public_url:
            raise _DeniedError("Set HOOKFLASH_PUBLIC_URL to this server's address as Twilio sees it.", 503)

    def _check_signature(
        self, connection: HTTPConnection, urls: list[str], form: ImmutableMultiDict[str, str]
    ) -> None:
        signature = connection.headers.get("x-twilio-signature", "")
        if self._validator is None or not any(self._validator.validate(url, form, signature) for url in urls):
            raise _DeniedError(
                f"It is not signed as Twilio signs for {urls[0]}: "
                "check HOOKFLASH_PUBLIC_URL and HOOKFLASH_TWILIO_AUTH_TOKEN if it is Twilio's.",
                403,
            )

    def _public(self, target: str, *, stream: bool = False) -> str:
        base = urlsplit((self._settings.public_url or "").rstrip("/"))
        scheme = base.scheme.replace("http", "ws") if stream else base.scheme
        return urlunsplit((scheme, base.netloc, base.path, "", "")) + target


async def _read_start(socket: WebSocket, stream: ServerStream) -> Start:
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1006))
        event = stream.receive(message.get("text"))
        if isinstance(event, Start):
            return event


def _target(connection: HTTPConnection) -> str:
    """Return the path and query as requested."""
    return connection.url.path + (f"?{connection.url.query}" if connection.url.query else "")


def _refuse(what: str, refusal: _DeniedError) -> Response:
    logger.warning("Refused %s: %s", what, refusal)
    return PlainTextResponse(f"{refusal}\n", refusal.status)


async def _turn_away(socket: WebSocket, sentence: str) -> None:
    logger.warning("Refused a media stream: %s", sentence)
    await socket.close(_POLICY, close_reason(sentence))
