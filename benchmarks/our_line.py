"""Our side of the speech benchmarks: `hookflash serve`, on a line whose customers all owe something else.

The line is `playbooks/fjord-pay` but for three things: it greets in one sentence, asks nobody who they are,
and knows customers in pairs. Whoever rings first of a pair hears figures nobody has heard before, which are
synthesised; the other hears the same ones, from the cache.
"""

import asyncio
import json
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import yaml

from benchmarks.asking_caller import AskingCaller
from telephony.carriers import emulator_api
from telephony.carriers.emulator import CarrierEmulator
from telephony.carriers.recorded_caller import RecordedCaller
from telephony.demo.house import House
from voice import yaml_file
from voice.journal.clock import Clock
from voice.journal.events import Measured, decode_entry

PLAYBOOKS = Path("playbooks")
PLAYBOOK = "fjord-pay"
CUSTOMERS = 200
GREETING = {"en": "Hello, this is a bot.", "fr": "Bonjour, je suis un robot."}
_PAIR = 1_000
STEPS = ("turn_end", "words", "reply", "answer")
_MEASURED = """
SELECT line FROM entry WHERE kind = 'measured' AND call IN (
    SELECT call FROM entry WHERE kind = 'call_started'
    AND json_extract(line, '$.event.caller') IN (SELECT value FROM json_each(?))
)
"""


def number(customer: int, *, again: bool = False) -> str:
    """Return a customer's telephone number, or that of the other one with the same figures."""
    return f"+4741{customer + (_PAIR if again else 0):06d}"


class OurLine:
    """A running `hookflash serve`."""

    def __init__(self, house: House, carrier: CarrierEmulator, ready: float) -> None:
        self._house = house
        self._carrier = carrier
        self.ready = ready
        """Seconds from the start until it took calls."""

    @property
    def worker(self) -> int:
        """The process of the voice worker."""
        return self._house.worker_pid

    async def ring(self, customer: str, caller: AskingCaller) -> None:
        """Have a caller ring, until they have asked everything."""
        call = self._carrier.place(
            RecordedCaller(audio=b""),
            self._house.voice_url,
            from_number=customer,
            patience=600,
            listener=caller,
        )

        def speak(clip: bytes) -> None:
            if call.stream is not None:
                call.stream.say(clip)

        caller.connect(speak, call.hang_up)
        await call.run()

    async def breakdown(self, *, again: bool) -> dict[str, float]:
        """Return where the time went, by the journal: medians in ms from the last word to each step.

        Args:
            again: of the customers who heard what another one heard before; else of those others.
        """
        return await asyncio.to_thread(self._breakdown, again)

    def _breakdown(self, again: bool) -> dict[str, float]:
        found: dict[str, list[float]] = {step: [] for step in STEPS}
        theirs = {number(customer, again=again) for customer in range(CUSTOMERS)}
        with closing(sqlite3.connect(self._house.journal)) as db:
            for (line,) in db.execute(_MEASURED, (json.dumps(sorted(theirs)),)):
                event = decode_entry(line).event
                if isinstance(event, Measured) and event.name in found:
                    found[event.name].append(event.ms)
        return {step: round(median(values)) for step, values in found.items() if values}


@asynccontextmanager
async def our_line(clock: Clock) -> AsyncIterator[OurLine]:
    """Run it while the context lasts."""
    carrier = CarrierEmulator(clock, "benchmark")
    with TemporaryDirectory() as folder:
        playbooks = Path(folder, "playbooks")
        await asyncio.to_thread(_write_playbook, playbooks / PLAYBOOK)
        async with emulator_api.served(carrier) as api_url:
            house = House(
                Path(folder, "data"),
                clock,
                api_url=api_url,
                account=carrier.account,
                auth_token=carrier.auth_token,
                environment={"HOOKFLASH_PLAYBOOKS": str(playbooks), "HOOKFLASH_RECORD": "false"},
            )
            began = clock.now()
            async with house:
                yield OurLine(house, carrier, clock.now() - began)


def _write_playbook(folder: Path) -> None:
    shutil.copytree(PLAYBOOKS / PLAYBOOK, folder)
    for path in (folder / "requests").glob("*.yaml"):
        _write(path, yaml_file.load(path) | {"verify": "nobody"})
    line = folder / "line.yaml"
    _write(line, yaml_file.load(line) | {"greeting": GREETING})
    customers = [
        _customer(customer, phone=number(customer, again=again))
        for customer in range(CUSTOMERS)
        for again in (False, True)
    ]
    _write(folder / "customers.yaml", customers)


def _write(path: Path, content: object) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _customer(customer: int, phone: str) -> dict[str, object]:
    return {
        "name": "Robin Vik",
        "phone": phone,
        "date_of_birth": "1980-01-01",
        "street": "1 Harbour Street",
        "postcode": "75012",
        "town": "Paris",
        "instalments": [
            {"due": "-25 days", "amount": f"{20 + customer}.30 EUR", "paid_on": "-25 days"},
            {"due": "+5 days", "amount": f"{40 + customer}.50 EUR"},
            {"due": "+35 days", "amount": f"{300 + customer}.20 EUR"},
        ],
    }
