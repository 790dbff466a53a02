"""Who is on duty by telephone: said at the desk, kept with the accounts, taken up again after a restart."""

import asyncio

from telephony.desk.accounts import Accounts
from telephony.legs.phones import Phones

NO_PHONES = "No telephone can be rung here."


class PhoneDuty:
    """Puts agents on duty at their telephones, and off it.

    Args:
        accounts: know the numbers, and keep who is on duty.
        phones: rings them; None where no carrier can.
    """

    def __init__(self, accounts: Accounts, phones: Phones | None) -> None:
        self._accounts = accounts
        self._phones = phones

    async def begin(self, agent: str) -> str:
        """Put an agent on duty; returns why not, in a sentence, or nothing."""
        if self._phones is None:
            return NO_PHONES
        number, profile = await asyncio.to_thread(
            lambda: (self._accounts.phone(agent), self._accounts.profile(agent))
        )
        why = self._phones.begin(agent, number, profile)
        if not why:
            await asyncio.to_thread(self._accounts.set_on_duty_by_phone, agent, True)
        return why

    async def end(self, agent: str) -> str:
        """Take an agent off duty; returns why not, in a sentence, or nothing."""
        if self._phones is None:
            return NO_PHONES
        self._phones.end(agent)
        await self.forget(agent)
        return ""

    async def forget(self, agent: str) -> None:
        """Take note that the agent is on duty at a desk, or not at all."""
        await asyncio.to_thread(self._accounts.set_on_duty_by_phone, agent, False)

    async def resume(self) -> None:
        """Put on duty again who was when the switchboard was stopped."""
        for agent in await asyncio.to_thread(self._accounts.on_duty_by_phone):
            await self.begin(agent)
