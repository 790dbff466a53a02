"""What the bot asks the company's systems, whatever they are."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from voice.journal.clock import Clock
from voice.journal.events import Facts, LookedUp


@dataclass(frozen=True)
class Inquiry:
    """One question to the back office.

    Attributes:
        look_up: the call's name in the playbook.
        caller: the number the call comes from, as the carrier gives it.
        today: the day of the call where the company is.
        slots: what the caller has said, by name.
        key: makes a change once however often it is asked for (an idempotency key); empty for a look-up.
    """

    look_up: str
    caller: str
    today: date
    slots: Mapping[str, str] = field(default_factory=dict)
    key: str = ""


@dataclass(frozen=True)
class Found:
    """What came of it: the outcome names one of the request's answers, the facts fill its sentence.

    Amounts are written `45.00 EUR`, dates `2026-12-01`, times of day `20:00`; `name` is the customer's.
    An outcome may also be the name of a slot without which there is no answer; `expected` are the values it
    may have then.
    """

    outcome: str
    facts: Facts
    expected: tuple[str, ...] = ()


class BackOfficeError(Exception):
    """The back office has no answer; the message is one short sentence for the journal, nothing private."""


class UnknownCallerError(BackOfficeError):
    """No account belongs to the caller."""


class BackOffice(Protocol):
    """The company's systems."""

    async def look_up(self, inquiry: Inquiry) -> Found:
        """Answer an inquiry.

        Raises:
            BackOfficeError: there is no answer.
        """


async def looked_up(
    back_office: BackOffice, inquiry: Inquiry, request: str, clock: Clock, seconds: float
) -> tuple[LookedUp, Found | None, bool]:
    """Ask within `seconds`; return the journal's event, what was found, and whether the caller is unknown."""
    start = clock.now()
    unknown = False
    found, error = None, ""
    try:
        async with asyncio.timeout(seconds):
            found = await back_office.look_up(inquiry)
    except TimeoutError:
        error = f"no answer within {seconds:g} s"
    except UnknownCallerError as failure:
        error, unknown = str(failure), True
    except BackOfficeError as failure:
        error = str(failure)
    event = LookedUp(
        request=request,
        ok=found is not None,
        facts=found.facts if found else {},
        error=error,
        ms=round((clock.now() - start) * 1000, 1),
    )
    return event, found, unknown
