"""What a call tells its voice worker, and what it lets the worker do."""

import base64
import binascii
from typing import Protocol

import msgspec

from telephony.calls.caller_line import CallerLine
from telephony.calls.journal import CallJournal
from telephony.calls.own_brief import own_brief
from telephony.calls.sources import in_journal
from telephony.carriers.media_messages import Track
from telephony.legs.mulaw import SAMPLE_RATE
from telephony.legs.worker_link import WorkerLink
from telephony.settings import SwitchboardSettings
from telephony.takeover import inputs as on
from telephony.takeover.phases import IN_LINE, Call, Phase
from voice.journal import events, link
from voice.journal.clock import Clock

BOT_TALKS = frozenset({Phase.WITH_BOT, Phase.GOODBYE})
OURS_TO_KNOW = (
    events.CallStarted, events.CallEnded, events.StateChanged, events.Pressed, events.Refused,
    events.TakeoverRequested, events.Briefed, events.WorkerLost, events.WorkerJoined, events.Offered,
    events.Accepted, events.Declined, events.Bridged, events.FirstAudio, events.AgentLeft, events.WrappedUp,
    events.GivenBack, events.HandedOn, events.GuestJoined, events.GuestLeft, events.KeysSent,
    events.AgentUnsteady, events.AgentSteady,
)  # fmt: skip
"""What the switchboard alone can know; a worker that reports such a thing is not believed."""


class Running(Protocol):
    """The running call as its worker concerns it."""

    call: Call

    def feed(self, what: on.Input) -> None:
        """Let the state machine answer."""

    def report(self, event: events.AnyEvent, t: float | None = None) -> int:
        """Write down what happened now, or at second `t` of the call; return its place in the journal."""

    def refuse(self, leg: str, why: str) -> None:
        """Write down that something malformed came from `leg`."""


class WorkerLine:
    """The worker's place on a call; `LinkEvents` of the voice link.

    Args:
        running: the call.
        started: what the worker is told of it.
        journal: the call's.
        caller: the caller's ear, for what the bot says.
        settings: where workers are.
        clock: the loop's.
        link_type: the voice link; simulations have one without sockets.
    """

    def __init__(
        self,
        running: Running,
        started: events.CallStarted,
        *,
        journal: CallJournal,
        caller: CallerLine,
        settings: SwitchboardSettings,
        clock: Clock,
        link_type: type[WorkerLink] = WorkerLink,
    ) -> None:
        self._running = running
        self._journal = journal
        self._caller = caller
        self._over = False
        self._aside = False
        """What the bot says is meant for a caller who waits: not what was on its way when they began to."""
        self.earlier: tuple[link.PastCall, ...] = ()
        """The caller's calls before this one."""
        self._places: dict[int, int] = {}
        """Where in the journal stands what this worker reported, by its own count."""
        self.brief: events.Brief | None = None
        """The newest brief, and below its sound, 8 kHz mu-law."""
        self.brief_audio = b""
        self._link = link_type(
            settings.link_urls,
            settings.link_token.get_secret_value(),
            parameters={
                "call": journal.call,
                "line": started.line,
                "playbook": started.playbook,
                "language": started.language,
                "caller": started.caller,
                "called": started.called,
            },
            events=self,
            clock=clock,
        )

    async def run(self) -> None:
        """Keep a worker on the call until it is over and the worker has reported its last words."""
        await self._link.run()

    def finish(self) -> None:
        """The caller's line is down: there is nothing more to hear or to say."""
        self._over = True
        self._link.finish()

    def hear(self, mulaw: bytes, track: Track) -> None:
        """Pass on a frame of the caller's voice (`inbound`) or the agent's (`outbound`)."""
        self._link.audio(mulaw, track)

    def digit(self, digit: str) -> None:
        """Tell of a key."""
        self._link.digit(digit)

    def mark(self, name: str) -> None:
        """Give a mark of the worker's back."""
        self._link.mark(name)

    def tell(self, cause: str, *, history: bool) -> None:
        """Tell where the call stands, and where asked for how it came there."""
        call = self._running.call
        if call.phase not in IN_LINE:
            self._aside = False
        if call.state is events.CallState.WITH_BOT:
            self.brief, self.brief_audio = None, b""  # of a takeover before this one
        message = link.StateMessage(
            stream_sid=self._journal.call,
            state=call.state,
            t=self._journal.t,
            cause=cause,
            agent=call.agent,
            history=self._journal.history if history else (),
            earlier=self.earlier if call.state is events.CallState.WITH_BOT else (),
        )
        self._link.state(message)

    def draft_brief(self) -> None:
        """Write the brief ourselves as far as the journal tells: no worker has in time."""
        self.brief = own_brief(self._journal.history, self._running.call.language, before=self.brief)
        self._running.report(events.Briefed(brief=self.brief, by="switchboard"))

    def worker_joined(self, resumed: bool) -> None:
        """A worker is on the link; it counts from one."""
        self._places.clear()
        self._running.feed(on.WorkerJoined(resumed))

    def worker_lost(self, why: str) -> None:
        """The worker is gone."""
        self._running.feed(on.WorkerLost(why))

    def worker_full(self) -> None:
        """No worker has room for the call."""
        self._running.feed(on.WorkerFull())

    def worker_audio(self, mulaw: bytes) -> None:
        """Let the bot talk, while the call is its own."""
        if self._bot_talks:
            self._caller.bot(mulaw)

    def worker_mark(self, name: str) -> None:
        """Give the mark back when what the bot said before it was heard; at once where it may not talk."""
        if self._bot_talks:
            self._caller.bot_mark(name)
        else:
            self._link.mark(name)

    def worker_clear(self) -> None:
        """Take back what the bot said, while the call is its own."""
        if self._bot_talks:
            self._caller.bot_clear()

    def worker_message(self, message: link.FromWorker) -> None:
        """Take one of the messages a carrier would not know."""
        match message:
            case link.JournalMessage(entry=event, t=t, n=n):
                if isinstance(event, OURS_TO_KNOW) or (isinstance(event, events.Promised) and event.agent):
                    self.worker_refused(f"A {type(event).__name__} event is not a worker's to report.")
                else:
                    if isinstance(event, events.Suggested):
                        event = msgspec.structs.replace(event, answers=self._places.get(event.answers, 0))
                    self._places[n] = self._running.report(event, t)
            case link.TakeoverMessage(triggers=triggers, brief=brief, audio=audio):
                # The brief comes first: the agent who is rung at once has it then.
                if brief is not None:
                    self._take_brief(brief, audio)
                if triggers:
                    self._running.feed(on.TakeoverAsked(triggers))
            case link.WishMessage(wish=wish):
                self._running.feed(on.Wished(wish))
            case link.AsideMessage():
                self._aside = True
            case link.HangUpMessage(reason=reason):
                self._running.feed(on.BotSaidGoodbye(reason))

    def worker_refused(self, why: str) -> None:
        """Write down what the worker sent in vain."""
        self._running.refuse("worker", why)

    @property
    def _bot_talks(self) -> bool:
        phase = self._running.call.phase
        return not self._over and (phase in BOT_TALKS or (self._aside and phase in IN_LINE))

    def _take_brief(self, brief: events.Brief, audio: str) -> None:
        try:
            sound = base64.b64decode(audio, validate=True)
        except binascii.Error:
            self.worker_refused("The spoken brief is not base64.")
            sound = b""
        brief = in_journal(brief, self._places, self._journal.history)
        self.brief, self.brief_audio = brief, sound or self.brief_audio
        self._running.feed(on.BriefWritten(brief, len(sound) / SAMPLE_RATE if sound else None))
