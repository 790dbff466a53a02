"""The company's own systems over HTTP, as the playbook's `back-office.yaml` describes them.

What may be repeated without harm is tried again: look-ups, and changes, whose `Idempotency-Key` makes them
happen once (as draft-ietf-httpapi-idempotency-key-header says). Errors hold nothing the service has said.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from string import Formatter
from typing import Any
from urllib.parse import quote

import httpx2

from voice.dialogue.back_office import BackOfficeError, Found, Inquiry, UnknownCallerError
from voice.dialogue.http_format import UNKNOWN_CALLER, Fact, HttpCall, HttpService
from voice.dialogue.playbook_files import PlaybookError

_WORTH_ANOTHER_TRY = {408, 425, 429, 500, 502, 503, 504}
_SAFE = {"GET", "PUT", "DELETE"}
"""Methods that may be repeated without a key (RFC 9110, 9.2.2)."""
_PAUSE = 0.1
"""Seconds before the second attempt; each further one waits twice as long."""
_TOLD = ("date", "retry-after")
"""Headers that are read."""
_LONGEST_ANSWER = 1_000_000
"""Bytes."""
_LONGEST_FACT = 200
"""Characters; whatever is longer is no fact that a sentence could hold."""


class HttpBackOffice:
    """Answers inquiries from an HTTP service; `close` when done.

    Args:
        service: the service.
        environment: where its secrets are looked up by name.

    Raises:
        PlaybookError: a secret is not set.
    """

    def __init__(self, service: HttpService, environment: Mapping[str, str]) -> None:
        missing = [name for name in service.secrets.values() if not environment.get(name)]
        if missing:
            raise PlaybookError(f"The back office needs {', '.join(missing)} in the environment: set it.")
        secrets = {name: environment[variable] for name, variable in service.secrets.items()}
        headers = {name: template.format_map(secrets) for name, template in service.headers.items()}
        self._service = service
        self._client = httpx2.AsyncClient(
            base_url=service.url,
            headers=headers,
            timeout=service.timeout_s,
            follow_redirects=False,
            limits=httpx2.Limits(max_connections=50, max_keepalive_connections=10),
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def look_up(self, inquiry: Inquiry) -> Found:
        """Ask the service.

        Raises:
            BackOfficeError: it has no answer, or one that cannot be read.
        """
        call = self._service.calls.get(inquiry.look_up)
        if call is None:
            raise BackOfficeError(f"the back office has no call {inquiry.look_up}")
        known = {"caller": inquiry.caller, "today": inquiry.today.isoformat(), **inquiry.slots}
        path = _filled(call.path, {name: quote(value, safe="") for name, value in known.items()})
        if path is None:
            raise BackOfficeError(f"{inquiry.look_up} needs something that is not known")
        return self._found(call, await self._send(call, path, known, inquiry.key))

    async def _send(self, call: HttpCall, path: str, known: Mapping[str, str], key: str) -> httpx2.Response:
        attempts = self._service.attempts if key or call.method in _SAFE else 1
        for attempt in range(1, attempts + 1):
            pause = _PAUSE * 2 ** (attempt - 1)
            try:
                async with asyncio.timeout(self._service.timeout_s):
                    response = await self._answer(call, path, known, key)
            except (TimeoutError, httpx2.TimeoutException):
                why = f"no answer within {self._service.timeout_s:g} s"
            except httpx2.HTTPError as error:
                why = f"the back office cannot be reached: {type(error).__name__}"
            else:
                if response.status_code not in _WORTH_ANOTHER_TRY:
                    return response
                why = f"the back office answered {response.status_code}"
                pause = max(pause, _retry_after(response))
            if attempt == attempts or pause > self._service.timeout_s:
                break
            await asyncio.sleep(pause)
        raise BackOfficeError(why)

    async def _answer(self, call: HttpCall, path: str, known: Mapping[str, str], key: str) -> httpx2.Response:
        """Return an answer that was read to its end, which must not be too far."""
        request = self._client.build_request(
            call.method,
            path,
            params=_known(call.query, known),
            json=None if call.body is None else _known(call.body, known),
            headers={"Idempotency-Key": key} if key else {},
        )
        response = await self._client.send(request, stream=True)
        try:
            content = b""
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > _LONGEST_ANSWER:
                    raise BackOfficeError("the back office's answer is too long")
        finally:
            await response.aclose()
        told = {name: value for name, value in response.headers.items() if name in _TOLD}
        return httpx2.Response(response.status_code, headers=told, content=content)

    def _found(self, call: HttpCall, response: httpx2.Response) -> Found:
        status = response.status_code
        if status in call.statuses:
            return _told(call.statuses[status], {})
        if not response.is_success:
            raise BackOfficeError(f"the back office answered {status}")
        if status == 204 or not response.content:
            return Found(call.success, {})
        try:
            answer = response.json()
        except ValueError:
            raise BackOfficeError("the back office's answer is no JSON") from None
        outcome = call.success if call.outcome is None else str(_at(answer, call.outcome))
        facts = {
            name: _written(_at(answer, fact.pointer, None), fact, name) for name, fact in call.facts.items()
        }
        expected = _at(answer, call.expected, ()) if call.expected else ()
        told = {name: value for name, value in facts.items() if value is not None}
        return _told(call.outcomes.get(outcome, outcome), told, tuple(str(value) for value in expected or ()))


def _retry_after(response: httpx2.Response) -> float:
    """Return the seconds for which the service wants to be left alone (RFC 9110, 10.2.3); 0 for none."""
    wish = response.headers.get("retry-after", "").strip()
    if wish.isdecimal():
        return float(wish)
    with suppress(ValueError, TypeError):  # no date, or none to compare it with
        then, now = (parsedate_to_datetime(told) for told in (wish, response.headers.get("date", "")))
        return max((then - now).total_seconds(), 0.0)
    return 0.0


def _told(outcome: str, facts: dict[str, str], expected: tuple[str, ...] = ()) -> Found:
    if outcome == UNKNOWN_CALLER:
        raise UnknownCallerError("no account has the caller's number")
    return Found(outcome, facts, expected)


def _filled(template: str, known: Mapping[str, str]) -> str | None:
    """Return the template with what is known in it, or None where it wants more."""
    wanted = {name for _, name, _, _ in Formatter().parse(template) if name}
    return template.format_map(known) if wanted <= known.keys() else None


def _known(templates: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    filled = {name: _filled(template, known) for name, template in templates.items()}
    return {name: value for name, value in filled.items() if value is not None}


_NOWHERE = object()


def _at(answer: Any, pointer: str, otherwise: Any = _NOWHERE) -> Any:
    """Return what a JSON pointer (RFC 6901) points at."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        try:
            answer = answer[int(name)] if isinstance(answer, list) else answer[name]
        except (KeyError, IndexError, ValueError, TypeError):
            if otherwise is _NOWHERE:
                raise BackOfficeError(f"the back office's answer has no {pointer}") from None
            return otherwise
    return answer


def _written(value: Any, fact: Fact, name: str) -> str | None:
    """Return a fact as the bot writes it; None where the service has none."""
    if value is None:
        return None
    if fact.kind == "text":
        if isinstance(value, dict | list) or len(str(value)) > _LONGEST_FACT:
            raise BackOfficeError(f"the back office's {name} is nothing to say")
        return str(value)
    if fact.kind == "date":
        try:
            return date.fromisoformat(str(value)[:10]).isoformat()
        except ValueError:
            raise BackOfficeError(f"the back office's {name} is no date") from None
    try:
        number = Decimal(str(value)) / (100 if fact.kind == "cents" else 1)
    except InvalidOperation:
        raise BackOfficeError(f"the back office's {name} is no amount") from None
    if not number.is_finite():
        raise BackOfficeError(f"the back office's {name} is no amount")
    return f"{number:.2f} {fact.currency}"
