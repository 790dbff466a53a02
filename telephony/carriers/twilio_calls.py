"""Making and ending calls at Twilio over its REST API."""

import asyncio
import logging
from typing import Final

from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from telephony.calls.ringing_back import DialError

REQUEST_SECONDS: Final = 3.0
"""How long one request may take."""
ATTEMPTS: Final = 3
PAUSE_SECONDS: Final = 0.3
"""Pause before the second attempt; doubled before each further one."""

RING_SECONDS: Final = 30
"""How long somebody is rung."""

_CREDENTIALS = "HOOKFLASH_TWILIO_ACCOUNT_SID, HOOKFLASH_TWILIO_AUTH_TOKEN"
_NOT_FOUND, _TOO_MANY, _SERVER_ERROR = 404, 429, 500
_CALL_IS_OVER = 21220
"""Twilio's error code for a call that is no longer in progress."""

logger = logging.getLogger(__name__)
_sdk_logger = logger.getChild("sdk")
_sdk_logger.setLevel(logging.WARNING)  # the SDK tells of every header at INFO


class HangUpError(OSError):
    """Twilio could not be told to end a call; one sentence says why."""


class TwilioCalls:
    """Makes calls and completes them.

    Args:
        auth_token: the account's, which also signs what Twilio sends us.
        api_url: where the API is, `https://api.twilio.com` or an emulator's.
    """

    def __init__(self, auth_token: str, api_url: str) -> None:
        self._auth_token = auth_token
        self._api_url = api_url

    async def complete(self, account: str, call: str) -> None:
        """End a call; a call that has ended already is fine.

        Raises:
            HangUpError: refused, or out of reach three times; takes about ten seconds at most.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                await asyncio.to_thread(self._complete, account, call)
            except TwilioRestException as error:
                if error.status == _NOT_FOUND or error.code == _CALL_IS_OVER:
                    return
                why = f"HTTP status {error.status}, Twilio error {error.code}"
                again = error.status == _TOO_MANY or error.status >= _SERVER_ERROR
            except OSError as error:  # what the SDK's HTTP client raises is all derived from it
                why, again = type(error).__name__, True
            else:
                return
            if attempt == ATTEMPTS or not again:
                raise HangUpError(
                    f"Twilio did not end call {call} ({why}): check {_CREDENTIALS} and the way to its API."
                )
            logger.info("Ending call %s at Twilio failed (%s); trying again.", call, why)
            await asyncio.sleep(PAUSE_SECONDS * 2 ** (attempt - 1))

    async def dial(self, account: str, number: str, line: str, *, url: str, status_url: str) -> str:
        """Ring `number` from `line`; returns the call's name.

        Args:
            account: the account's SID.
            number: whom to ring.
            line: one of the account's own numbers, which they see.
            url: the webhook that answers for us when they have picked up.
            status_url: told what becomes of the call.

        Raises:
            DialError: refused, or out of reach. It is not tried again: the caller must not be rung twice.
        """
        try:
            return await asyncio.to_thread(self._dial, account, number, line, url, status_url)
        except TwilioRestException as error:
            why = f"HTTP status {error.status}, Twilio error {error.code}"
        except OSError as error:
            why = type(error).__name__
        raise DialError(f"Twilio did not ring anybody ({why}): check the number and {_CREDENTIALS}.")

    def _dial(self, account: str, number: str, line: str, url: str, status_url: str) -> str:
        http = TwilioHttpClient(timeout=REQUEST_SECONDS, logger=_sdk_logger)
        try:
            client = Client(account, self._auth_token, http_client=http)
            client.api.base_url = self._api_url
            call = client.api.v2010.accounts(account).calls.create(
                to=number, from_=line, url=url, status_callback=status_url, timeout=RING_SECONDS
            )
            return str(call.sid)
        finally:
            http.session.close()

    def _complete(self, account: str, call: str) -> None:
        http = TwilioHttpClient(timeout=REQUEST_SECONDS, logger=_sdk_logger)
        try:
            client = Client(account, self._auth_token, http_client=http)
            client.api.base_url = self._api_url
            client.api.v2010.accounts(account).calls(call).update(status="completed")
        finally:
            http.session.close()
