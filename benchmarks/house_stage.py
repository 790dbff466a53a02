"""A system in a process of its own, an emulated carrier, and agents without a screen."""

import asyncio
import secrets
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from telephony.carriers import emulator_api
from telephony.carriers.emulator import CarrierEmulator
from telephony.demo.house import House
from telephony.desk.accounts import Accounts
from telephony.desk.conduct import Conduct
from telephony.desk.headless import HeadlessAgent
from voice.journal.clock import Clock


@dataclass(frozen=True)
class HouseStage:
    """Everything that runs; agents are seated by whoever plays on it."""

    clock: Clock
    carrier: CarrierEmulator
    house: House

    async def sign_up(self, name: str, *, supervisor: bool = False) -> str:
        """Make an agent's account; returns the password."""
        password = secrets.token_urlsafe(15)
        accounts = await asyncio.to_thread(Accounts, self.house.data)
        await asyncio.to_thread(accounts.add, name, password)
        if supervisor:
            await asyncio.to_thread(accounts.set_supervisor, name, True)
        return password

    def agent(self, name: str, password: str, conduct: Conduct) -> HeadlessAgent:
        """Return an agent, to be used with `async with`."""
        return HeadlessAgent(self.house.url, self.clock, name=name, password=password, conduct=conduct)


@asynccontextmanager
async def house_stage(
    clock: Clock, worker_url: str | None, environment: Mapping[str, str] | None = None
) -> AsyncIterator[HouseStage]:
    """Run a system while the context lasts.

    Args:
        clock: the loop's.
        worker_url: where the worker is; None: `hookflash serve` runs a real one.
        environment: settings besides.
    """
    worker = {} if worker_url is None else {"HOOKFLASH_WORKER_URL": worker_url}
    carrier = CarrierEmulator(clock, secrets.token_hex(16))
    async with AsyncExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        api_url = await stack.enter_async_context(emulator_api.served(carrier))
        house = House(
            data,
            clock,
            api_url=api_url,
            account=carrier.account,
            auth_token=carrier.auth_token,
            environment={**worker, **(environment or {})},
            command="switchboard" if worker else "serve",
        )
        yield HouseStage(clock, carrier, await stack.enter_async_context(house))
