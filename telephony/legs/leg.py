"""What a call knows of the parties on its line, and what they tell it.

Audio between legs is always 8 kHz mu-law, one byte a sample, in frames of 20 ms (160 bytes) where a frame
is meant. A leg never blocks: it queues what it is given, and its own task sends it.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

import msgspec

from telephony.calls.callbacks import Callback
from telephony.legs.requests import AnyRequest
from telephony.takeover.queue import Profile
from voice.journal.events import Brief, CallState, Entry

FRAME_BYTES = 160
FRAME_SECONDS = 0.02


class Leg(Protocol):
    """One party's line as the call drives it."""

    def play(self, mulaw: bytes) -> None:
        """Queue audio of any length behind what is queued, to be played out in real time."""

    def mark(self, name: str) -> None:
        """Ask to be told (`CallerEvents.marked`) when all audio queued so far has been heard."""

    def clear(self) -> None:
        """Drop what has not been heard yet, the partly played chunk included; its marks come back at once."""

    def send(self, mulaw: bytes) -> None:
        """Pass live audio on at once, past the playout queue: the other party of a bridge is talking."""

    async def close(self, reason: str) -> None:
        """Take the party off the line. Idempotent; returns within two seconds."""


class CallerLeg(Leg, Protocol):
    """The caller, by way of a carrier."""

    async def hang_up(self) -> None:
        """End the caller's call for good. `close` alone lets the carrier go on to its next verb, a person."""


class CallerEvents(Protocol):
    """What a caller's leg reports; implemented by the call's session. All return at once."""

    def audio(self, mulaw: bytes) -> None:
        """Take one frame of the caller's voice."""

    def digit(self, digit: str) -> None:
        """A key was pressed: one of 0-9, *, #."""

    def marked(self, name: str) -> None:
        """All audio before this mark has been heard, or was cleared."""

    def left(self, reason: str) -> None:
        """The caller is gone. Told once."""

    def refused(self, why: str) -> None:
        """Something malformed arrived and was not acted on."""


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """A caller at the door, as the carrier described them."""

    carrier: str
    """Which carrier, e.g. `twilio`."""
    carrier_call: str
    """The carrier's own name for the call (Twilio: CallSid)."""
    stream: str
    """The carrier's name for the media stream (Twilio: streamSid)."""
    caller: str
    called: str
    parameters: Mapping[str, str] = {}


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A call an agent is rung for."""

    call: str
    caller: str
    line: str
    ring_seconds: float
    brief: Brief | None
    history: tuple[Entry, ...] = ()
    role: Literal["agent", "colleague"] = "agent"
    """What they are rung for: to take the call, or to join the agent who has it."""
    asked_by: str = ""
    """Who asks a colleague to join."""
    called: str = ""
    """The number the caller dialled, which an agent rung by telephone sees."""


class AgentLeg(Leg, Protocol):
    """An agent's desk: a screen to tell things to, and ears. Marks on this leg are told to its owner."""

    @property
    def agent(self) -> str:
        """The agent's name."""

    @property
    def profile(self) -> Profile:
        """What the agent can do."""

    @property
    def supervisor(self) -> bool:
        """Whether they may join the calls of others."""

    def offer(self, offer: Offer) -> None:
        """Ring."""

    def withdraw(self, call: str, reason: str) -> None:
        """Stop ringing, or tell that the call is over; `reason` is a word like `caller_left`."""

    def show(self, entry: Entry) -> None:
        """Put one journal entry of the agent's call on the screen."""

    def state(self, call: str, state: CallState) -> None:
        """Tell where the agent's call stands."""

    def callbacks(self, callbacks: Sequence[Callback]) -> None:
        """Show who is to be rung back, whoever is due first first."""

    def problem(self, why: str) -> None:
        """Tell in a sentence why something they asked for was not done."""


class AgentEvents(Protocol):
    """What desks report; implemented by the exchange. All return at once; unknown names are ignored."""

    def agent_joined(self, leg: AgentLeg) -> None:
        """A desk is connected; not yet available. A second desk of the same agent replaces the first."""

    def agent_available(self, agent: str, available: bool) -> None:
        """The agent may be rung, or not."""

    def agent_accepted(self, agent: str, call: str) -> None:
        """The agent takes the call they are rung for."""

    def agent_declined(self, agent: str, call: str, why: str = "") -> None:
        """The agent does not; `why` in their words, where they gave any."""

    def agent_skipped_brief(self, agent: str, call: str) -> None:
        """The agent has heard enough of the brief."""

    def agent_hung_up(self, agent: str, call: str) -> None:
        """The agent is done talking."""

    def agent_wrapped_up(self, agent: str, call: str, disposition: str, summary: str = "") -> None:
        """The agent's paperwork is done; `summary` is what they say happened."""

    def agent_asked(self, agent: str, request: AnyRequest) -> None:
        """The agent asks for something with a call."""

    def agent_unsteady(self, agent: str, seconds: float) -> None:
        """Nothing has come from the agent for `seconds`, though a caller listens to them."""

    def agent_steady(self, agent: str) -> None:
        """Something comes from them again."""

    def agent_left(self, agent: str, reason: str) -> None:
        """The desk is gone: signed out or lost."""

    def agent_audio(self, agent: str, mulaw: bytes) -> None:
        """One frame of the agent's voice."""

    def agent_marked(self, agent: str, name: str) -> None:
        """All audio before this mark has been played to the agent, or was cleared."""
