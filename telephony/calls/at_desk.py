"""What the people at their desks do with a call: told to the state machine, or seen to here."""

from collections.abc import Callable
from typing import Protocol

import msgspec

from telephony.calls.agent_line import AgentLine
from telephony.calls.floor import Floor
from telephony.calls.guests import Guests
from telephony.legs import requests as ask
from telephony.legs.leg import Offer
from telephony.takeover import agent_inputs as by
from telephony.takeover import inputs as on
from telephony.takeover.phases import TALK, Call
from voice.journal import events

NO_BOT = "There is no bot to give the call to just now."
NOT_YOURS = "You do not have that call."
NOBODY_ELSE = "Nobody else is on the line to leave the caller to."
NO_SUPERVISOR = "Only supervisors may do that."
NO_TALK = "Nobody is talking on that call."


class Running(Protocol):
    """The running call as its desks concern it."""

    call: Call
    name: str

    def feed(self, what: on.Input) -> None:
        """Let the state machine answer."""

    def write(self, event: events.AnyEvent, t: float | None = None) -> None:
        """Write down what happened."""


class AtDesk:
    """The desks of one call.

    Args:
        running: the call.
        floor: the exchange.
        line: who hears whom.
        offer: returns what an agent is rung with.
        ring_seconds: how long a colleague is rung.
    """

    def __init__(
        self,
        running: Running,
        floor: Floor,
        line: AgentLine,
        *,
        offer: Callable[[], Offer],
        ring_seconds: float,
    ) -> None:
        self._running = running
        self._floor = floor
        self._line = line
        self._offer = offer
        self._guests = Guests(
            running.name,
            floor,
            line,
            write=running.write,
            state=lambda: running.call.state,
            ring_seconds=ring_seconds,
        )

    def take(self, what: on.FromAgent) -> None:
        """Take what an agent did: the call's own, one who is rung for it, or a guest."""
        agent = what.agent
        if agent not in self._guests:
            self._of_agent(what)
            return
        match what:
            case on.Accepted():
                self._guests.accepted(agent)
            case on.Declined():
                self._guests.gone(agent, "declined")
            case on.AgentHungUp():
                self._guests.gone(agent, "left")
            case on.AgentLost():
                self._guests.gone(agent, "lost")
            case _:
                pass

    def asked(self, agent: str, request: ask.AnyRequest, *, supervisor: bool) -> None:
        """Do what an agent asks for, or tell them why not."""
        problem = self._answer(agent, request, supervisor=supervisor)
        if problem and (desk := self._floor.desk(agent)) is not None:
            desk.problem(problem)

    def settle(self) -> None:
        """Let guests go where no agent has the caller any more."""
        if self._running.call.phase not in TALK:
            self._guests.dismiss()

    def _of_agent(self, what: on.FromAgent) -> None:
        call, colleague = self._running.call, self._guests.colleague
        if colleague is None or what.agent != call.agent or call.phase not in TALK:
            self._running.feed(what)
            return
        match what:
            case on.AgentLost():
                self._pass(what.agent, colleague, lost=True)
            case on.AgentUnsteady() | on.AgentSteady():
                pass  # the caller has the colleague to listen to
            case _:
                self._running.feed(what)

    def _pass(self, agent: str, colleague: str, *, lost: bool) -> None:
        self._guests.take_over(colleague)
        self._running.feed(by.PassedTo(agent, colleague, lost))

    def _answer(self, agent: str, request: ask.AnyRequest, *, supervisor: bool) -> str:
        talking = self._running.call.phase in TALK
        if isinstance(request, ask.Supervise):
            if not supervisor:
                return NO_SUPERVISOR
            own = agent == self._running.call.agent
            return self._guests.supervise(agent, request.role) if talking and not own else NO_TALK
        if isinstance(request, ask.Mute) and (agent in self._guests or agent == self._running.call.agent):
            self._line.mute(agent, request.muted)
            return ""
        if isinstance(request, ask.Leave) and agent in self._guests:
            self._guests.gone(agent, "left")
            return ""
        if agent != self._running.call.agent:
            return NOT_YOURS
        return self._of_own(agent, request)

    def _of_own(self, agent: str, request: ask.AnyRequest) -> str:
        """Do what the call's agent asks for; returns why not."""
        feed = self._running.feed
        match request:
            case ask.Hold():
                feed(by.Held(agent))
            case ask.Resume():
                feed(by.Resumed(agent))
            case ask.SendKeys(digits=digits):
                feed(by.KeysPressed(agent, digits))
            case ask.NotePromise(text=text):
                feed(by.Promised(agent, text))
            case ask.GiveBack(instruction=instruction, verified=verified):
                if not self._running.call.worker:
                    return NO_BOT
                feed(by.GivenBack(agent, instruction, verified))
            case ask.HandOn(agent=to_agent, skill=skill, note=note):
                feed(by.HandedOn(agent, to_agent, skill, note))
            case ask.Invite(agent=wanted):
                if self._running.call.phase not in TALK:
                    return NO_TALK
                offer = msgspec.structs.replace(self._offer(), role="colleague", asked_by=agent)
                return self._guests.invite(wanted, offer)
            case ask.Leave():
                colleague = self._guests.colleague
                if colleague is None:
                    return NOBODY_ELSE
                self._pass(agent, colleague, lost=False)
            case _:
                pass
        return ""
