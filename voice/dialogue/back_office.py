"""What the bot asks the company's systems, whatever they are."""

import asyncio
from collections.abc import Collection, Mapping
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


class ClosableBackOffice(BackOffice, Protocol):
    """One that holds connections."""

    async def close(self) -> None:
        """Let go of them."""


class NotYetError(Exception):
    """Something was to be done for a caller who may still be talking; no failure of the back office."""


class Rehearsed:
    """A back office that can be asked but does nothing, until the rehearsal has become the performance.

    Args:
        back_office: the real one, or another rehearsal's.
        withheld: look-ups that are not made either, because they do something or the company may count them.
    """

    def __init__(self, back_office: BackOffice, withheld: Collection[str] = ()) -> None:
        self._back_office: BackOffice = back_office
        if isinstance(back_office, Rehearsed):
            self._back_office = back_office._back_office
        self._withheld = withheld
        self._performs = False
        self.acted = False
        """Whether something was done that is not done in a rehearsal."""

    def perform(self) -> None:
        """Let everything through from now on."""
        self._performs = True

    async def look_up(self, inquiry: Inquiry) -> Found:
        """Answer an inquiry.

        Raises:
            BackOfficeError: there is no answer.
            NotYetError: this is a rehearsal, and a change or a withheld look-up.
        """
        if inquiry.key or inquiry.look_up in self._withheld:
            if not self._performs:
                raise NotYetError
            self.acted = True
        return await self._back_office.look_up(inquiry)


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
