"""A carrier for tests, the demo and benchmarks: rings a server as Twilio would, with a recorded caller.

It posts the signed webhook, carries out the TwiML that comes back, connects the media stream with its signed
handshake, and goes on to the next verb when the server closes the stream. What it cannot do by itself, such
as dialling a person, it reports as the call's end.
"""

import asyncio
import contextlib
import random
from collections.abc import Mapping
from typing import Final

import httpx2
from twilio.request_validator import RequestValidator

from telephony.carriers.emulated_call import SIGNATURE, WEBHOOK_SECONDS, CallResult, EmulatedCall
from telephony.carriers.emulated_stream import Listener
from telephony.carriers.recorded_caller import RecordedCaller
from voice.journal.clock import Clock

PICK_UP_SECONDS: Final = 1.0
"""How long somebody who is rung takes to pick up, or the carrier to see that nobody does."""
PATIENCE_SECONDS: Final = 30.0
"""How long a caller who has said all stays on the line by default."""


class CarrierEmulator:
    """The carrier: an account, its token, and the calls it carries.

    Args:
        clock: the loop's.
        auth_token: what both sides sign with (HOOKFLASH_TWILIO_AUTH_TOKEN).
        account: the account's SID.
        randomness: makes the calls' names; seed it where they must be the same every time.
    """

    def __init__(
        self,
        clock: Clock,
        auth_token: str,
        *,
        account: str | None = None,
        randomness: random.Random | None = None,
    ) -> None:
        self.clock = clock
        self.auth_token = auth_token
        self._validator = RequestValidator(auth_token)
        self._randomness = randomness or random.SystemRandom()
        self.account = account or self.new_sid("AC")
        self.calls: dict[str, EmulatedCall] = {}
        self.subscribers: dict[str, RecordedCaller] = {}
        """Who picks up when their number is rung; nobody else does."""
        self.outcomes: list[CallResult] = []
        """How the calls went that were made over the API, and somebody took."""
        self._dialled: set[asyncio.Task[None]] = set()

    def new_sid(self, kind: str) -> str:
        """Return a name as Twilio's are: two letters and 32 hexadecimal digits."""
        return f"{kind}{self._randomness.getrandbits(128):032x}"

    def sign(self, url: str, form: Mapping[str, str]) -> str:
        """Return the signature of a request."""
        return str(self._validator.compute_signature(url, dict(form)))

    def place(
        self,
        caller: RecordedCaller,
        url: str,
        *,
        from_number: str | None = None,
        to_number: str = "+4721000000",
        public_url: str | None = None,
        patience: float = PATIENCE_SECONDS,
        listener: Listener | None = None,
    ) -> EmulatedCall:
        """Return a call about to ring.

        Args:
            caller: who calls.
            url: the voice webhook, or a `ws` address to stream to at once, without webhook and verbs.
            from_number: the caller's number; default: the recording's.
            to_number: the number called.
            public_url: the server's HOOKFLASH_PUBLIC_URL where it is not reached by that.
            patience: seconds a caller without a time to hang up stays after their recording.
            listener: told of every 20 ms of the stream.
        """
        number = from_number or caller.number or "+4740000000"
        form = {
            "AccountSid": self.account,
            "ApiVersion": "2010-04-01",
            "CallSid": self.new_sid("CA"),
            "CallStatus": "ringing",
            "Called": to_number,
            "Caller": number,
            "Direction": "inbound",
            "From": number,
            "To": to_number,
        }
        call = EmulatedCall(
            self, caller, url, form, public_url=public_url, patience=patience, listener=listener
        )
        self.calls[call.sid] = call
        return call

    def dial(self, number: str, line: str, url: str, *, status_url: str | None) -> EmulatedCall:
        """Ring a number over the API; whoever picks up is connected with what `url` answers.

        Args:
            number: whom to ring; one of `subscribers` picks up.
            line: the number they see.
            url: the webhook that answers for the one who rings.
            status_url: told how the call ended.
        """
        callee = self.subscribers.get(number)
        call = self.place(callee or RecordedCaller(audio=b""), url, from_number=line, to_number=number)
        call.form = {**call.form, "Direction": "outbound-api", "CallStatus": "in-progress"}
        task = asyncio.get_running_loop().create_task(self._ring(call, status_url, callee is not None))
        self._dialled.add(task)
        task.add_done_callback(self._dialled.discard)
        return call

    async def _ring(self, call: EmulatedCall, status_url: str | None, picks_up: bool) -> None:
        await asyncio.sleep(PICK_UP_SECONDS)
        if picks_up:
            self.outcomes.append(await call.run())
        if status_url is not None:
            with contextlib.suppress(httpx2.HTTPError):  # as at a carrier, nobody waits for the answer
                await self.report(call, status_url, "completed" if picks_up else "no-answer")

    async def close(self) -> None:
        """Hang up whoever was rung over the API."""
        for call in self.calls.values():
            if call.form["Direction"] == "outbound-api":
                call.hang_up()
        await asyncio.gather(*self._dialled, return_exceptions=True)

    async def report(self, call: EmulatedCall, url: str, status: str = "completed") -> int:
        """Post a call's status to its status callback; returns the answer's HTTP status."""
        form = {**call.form, "CallStatus": status}
        headers = {SIGNATURE: self.sign(url, form)}
        async with httpx2.AsyncClient(timeout=WEBHOOK_SECONDS) as client:
            response = await client.post(url, data=form, headers=headers)
        return int(response.status_code)
