"""Where a call can stand, and what follows from standing there.

The takeover state machine (`telephony.takeover.machine`) starts timers, hold music, bridge and the like from
these tables on the way into a phase, and ends them on the way out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from telephony.takeover import inputs as on
from telephony.takeover.actions import Timer
from telephony.takeover.callback import CallbackTalk
from telephony.takeover.priority import head_start
from telephony.takeover.queue import Engagement, Needs
from voice.journal.events import CallState, Trigger


class Phase(StrEnum):
    """Where a call stands; one step finer than the journal's `CallState`."""

    WITH_BOT = "with_bot"
    WORKER_AWAITED = "worker_awaited"
    """The bot's worker is gone; the caller is on hold while another may come."""
    GOODBYE = "goodbye"
    """The bot is done; its last sentence is being played."""
    WAITING = "waiting"
    NOBODY = "nobody"
    """No agent came in time; the caller is being told so."""
    CALLBACK = "callback"
    """The caller will be rung back; they are being told so."""
    OFFERED = "offered"
    BRIEFING = "briefing"
    BRIDGED = "bridged"
    HELD = "held"
    """The agent has put the caller on hold, and may talk to a colleague meanwhile."""
    SURVEY = "survey"
    """The agent is done and writes; the caller is asked how it was."""
    SURVEY_ALONE = "survey_alone"
    """The same, and the agent is free again."""
    WRAP_UP = "wrap_up"
    ENDED = "ended"


STATE: Mapping[Phase, CallState] = MappingProxyType(
    {
        Phase.WITH_BOT: CallState.WITH_BOT,
        Phase.WORKER_AWAITED: CallState.WITH_BOT,
        Phase.GOODBYE: CallState.WITH_BOT,
        Phase.WAITING: CallState.WAITING,
        Phase.NOBODY: CallState.WAITING,
        Phase.CALLBACK: CallState.WAITING,
        Phase.OFFERED: CallState.OFFERED,
        Phase.BRIEFING: CallState.BRIEFING,
        Phase.BRIDGED: CallState.BRIDGED,
        Phase.HELD: CallState.HELD,
        Phase.SURVEY: CallState.WRAP_UP,
        Phase.SURVEY_ALONE: CallState.WRAP_UP,
        Phase.WRAP_UP: CallState.WRAP_UP,
        Phase.ENDED: CallState.ENDED,
    }
)

BOT = frozenset({Phase.WITH_BOT, Phase.WORKER_AWAITED, Phase.GOODBYE})
"""The bot has the call; nobody has been asked to take it over."""
LIVE = frozenset(set(Phase) - {Phase.WRAP_UP, Phase.ENDED})
"""The caller's line is up."""
TALK = frozenset({Phase.BRIDGED, Phase.HELD})
"""An agent has the caller."""
HOLD = frozenset({Phase.WORKER_AWAITED, Phase.WAITING, Phase.OFFERED, Phase.BRIEFING, Phase.HELD})
"""The caller hears the hold music, softly under what is said."""
SURVEY = frozenset({Phase.SURVEY, Phase.SURVEY_ALONE})
"""The caller is asked how it was."""
IN_LINE = frozenset({Phase.WAITING, Phase.OFFERED})
"""The caller may ask to be rung back."""
ENGAGED: Mapping[Phase, Engagement] = MappingProxyType(
    {
        Phase.OFFERED: Engagement.RINGING,
        Phase.BRIEFING: Engagement.ON_CALL,
        Phase.BRIDGED: Engagement.ON_CALL,
        Phase.HELD: Engagement.ON_CALL,
        Phase.SURVEY: Engagement.WRAP_UP,
        Phase.WRAP_UP: Engagement.WRAP_UP,
    }
)
"""The phases in which the call has an agent, and how busy that makes them."""
TIMERS: Mapping[Timer, frozenset[Phase]] = MappingProxyType(
    {
        Timer.WORKER_BACK: frozenset({Phase.WORKER_AWAITED}),
        Timer.STAFF: frozenset({Phase.WAITING}),
        Timer.WAIT: frozenset({Phase.WAITING}),
        Timer.REMINDER: frozenset({Phase.WAITING, Phase.OFFERED, Phase.HELD}),
        Timer.RING: frozenset({Phase.OFFERED}),
        Timer.BRIEF: frozenset({Phase.BRIEFING}),
        Timer.SURVEY: SURVEY,
        Timer.WRAP_UP: frozenset({Phase.SURVEY, Phase.WRAP_UP}),
    }
)
"""The phases in which each timer runs."""
TIMED_OUT: Mapping[Timer, on.Input] = MappingProxyType(
    {
        Timer.WORKER_BACK: on.WorkerTimedOut(),
        Timer.STAFF: on.StaffDue(),
        Timer.WAIT: on.WaitTimedOut(),
        Timer.REMINDER: on.ReminderDue(),
        Timer.RING: on.RingTimedOut(),
        Timer.BRIEF: on.BriefDone(),
        Timer.SURVEY: on.SurveyTimedOut(),
        Timer.WRAP_UP: on.WrapUpTimedOut(),
    }
)
"""What the machine is told when a timer runs out."""


@dataclass(frozen=True)
class Call:
    """One call, as far as decisions need it."""

    limits: Mapping[Timer, float]
    """Seconds of each timer; `WAIT` is the whole time without an agent, unanswered rings included."""
    phase: Phase = Phase.WITH_BOT
    agent: str | None = None
    """Whose call it is, or who is being rung."""
    triggers: tuple[Trigger, ...] = ()
    """Why the call went to a person; empty while it has not."""
    waiting_since: float = 0.0
    """Second of the call at which the caller began to wait for a person."""
    worker: bool = False
    """A worker is on the voice link."""
    briefed: bool = False
    """There is a brief of this takeover, the worker's or where that is late our own."""
    spoken_brief: bool = False
    """The worker has sent a brief that can be played."""
    language: str = ""
    skill: str = ""
    """What an agent must know to help, by the playbook's word; empty: nothing special."""
    wanted: str = ""
    """The agent whom another has handed the call to; empty: whoever fits."""
    urgent: bool = False
    anger: float | None = None
    """As the newest brief tells it."""
    again_today: bool = False
    """The caller has rung before within a day."""
    updates: int = 0
    """How often the caller was told their place in line."""
    callback: CallbackTalk | None = None
    """How far the caller has got with being rung back; None: this line cannot ring back."""
    survey: bool = False
    """There is a question for callers whom an agent has helped."""
    rated: bool = False

    @property
    def state(self) -> CallState:
        """The state as the journal names it."""
        return STATE[self.phase]

    @property
    def needs(self) -> Needs:
        """What the call needs of an agent."""
        start = head_start(self.triggers, anger=self.anger, urgent=self.urgent, again_today=self.again_today)
        return Needs(self.skill, self.language, start, self.wanted)
