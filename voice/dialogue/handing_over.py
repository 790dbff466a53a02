"""Giving a call to a person: once, for every reason there is, with a brief."""

from collections.abc import Awaitable, Callable

from pipecat.frames.frames import Frame

from voice.dialogue.account import Account
from voice.dialogue.briefing import Briefing
from voice.dialogue.opening import switchboards_reason
from voice.frames import TakeoverFrame
from voice.journal.events import Triggered
from voice.journal.link import StateMessage


class HandingOver:
    """One call's.

    Args:
        account: the call's; it sees the reasons.
        briefing: writes the brief.
        push: sends a frame on its way.
        language: the agent's.
    """

    def __init__(
        self,
        account: Account,
        briefing: Briefing,
        push: Callable[[Frame], Awaitable[None]],
        language: str,
    ) -> None:
        self._account = account
        self._briefing = briefing
        self._push = push
        self.language = language
        self.under_way = False
        """A person has been asked for and has not given the call back."""
        self._early = False

    async def act(self, *, may: bool, early: bool) -> None:
        """Enter the reasons that have come up and hand over for them.

        Args:
            may: the call is the bot's to give away.
            early: the caller has not said all; the brief is written again when they have.
        """
        fired = self._account.fired()
        for trigger in fired:
            await self._push(self._account.enter(Triggered(trigger=trigger), trigger.t))
        if not fired or not may or self.under_way:
            return
        self.under_way, self._early = True, early
        self._account.reasons += fired
        brief = self._briefing.now(self._account, self.language)
        await self._push(TakeoverFrame(triggers=tuple(fired), brief=brief))
        self._briefing.write(self._account, self.language, brief)

    def all_heard(self) -> None:
        """The caller has said all of the turn in which they asked."""
        if self._early:
            self._early = False
            self._briefing.write(self._account, self.language)

    def waiting(self, message: StateMessage, *, again: bool) -> None:
        """The caller waits: the switchboard may have its own reasons; `again`: an agent has gone."""
        if self.under_way and not again:
            return
        self.under_way = True
        self._account.reasons += switchboards_reason(message)
        self._briefing.write(self._account, self.language)

    def given_back(self) -> None:
        """The bot has the call."""
        self.under_way = False
        self._account.reasons.clear()
