"""A call's journal as the tests of the demo read it: a refund that goes to a person."""

from datetime import UTC, datetime, timedelta

from voice.journal import events
from voice.journal.events import Brief, CallState, Entry, Statement, Trigger, TriggerKind

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
_REASONS = (
    Trigger(kind=TriggerKind.ANGER, evidence="“completely useless”", t=36.1, score=0.91, threshold=0.85),
    Trigger(kind=TriggerKind.NOT_UNDERSTOOD, evidence="Not understood twice in a row.", t=36.2),
)
_BRIEF = Brief(
    headline="A customer asks where a refund is.",
    reason="Angry, and not understood twice.",
    tried=(Statement(text="The refund was looked up and told.", sources=(5,)),),
    promised=(Statement(text="On the account within 5 working days.", sources=(6,)),),
    last_words="you are completely useless",
    suggestion="Say that you know about the blue one.",
    anger=0.91,
)
_MOVES = (
    (36.2, CallState.WITH_BOT, CallState.WAITING, "takeover_asked"),
    (36.3, CallState.WAITING, CallState.OFFERED, "agent_found"),
    (38.3, CallState.OFFERED, CallState.BRIEFING, "accepted"),
    (45.3, CallState.BRIEFING, CallState.BRIDGED, "brief_done"),
    (62.0, CallState.BRIDGED, CallState.WRAP_UP, "caller_left"),
    (62.1, CallState.WRAP_UP, CallState.ENDED, "wrapped_up"),
)


def heard(t: float, end: float, text: str, who: events.Party = "caller") -> tuple[float, events.AnyEvent]:
    return end + 0.1, events.Heard(who=who, text=text, start=t, end=end, confidence=0.9)


def felt(t: float, anger: float, *why: str) -> tuple[float, events.AnyEvent]:
    return t, events.Felt(anger=anger, voice=anger, wording=anger, why=why, start=t - 3, end=t)


_TOLD: list[tuple[float, events.AnyEvent]] = [
    (0.0, events.CallStarted(
        line="Fjord Pay", caller="+4740000002", called="+4780000000", carrier="twilio", carrier_call="CA1",
        playbook="fjord-pay",
    )),
    (10.4, events.Said(text="Hello, this is Fjord Pay's automatic assistant.", start=0.4, end=10.2)),
    heard(11.5, 14.1, "I would like to know where my refund is."),
    felt(14.3, 0.08, "calm"),
    (14.5, events.Understood(request="refund_status", confidence=0.93)),
    (14.6, events.Decided(action="answer", why="served by the playbook", request="refund_status")),
    (14.7, events.LookedUp(request="refund_status", ok=True, ms=12.0)),
    (22.9, events.Said(text="It reaches your bank within 5 working days.", start=15.0, end=22.8)),
    (22.9, events.Promised(text="within 5 working days", clause="refund-credited")),
    heard(23.5, 27.0, "No, that is wrong. Your driver took the blue one!"),
    felt(27.2, 0.46, "faster"),
    (27.3, events.Understood(request=None, confidence=0.21)),
    (27.4, events.Decided(action="ask", why="not understood")),
    (30.9, events.BargedIn(said="Sorry, I did not understand.")),
    (30.9, events.Said(text="Sorry, I did not understand. You can", start=27.9, end=30.9, heard=0.5)),
    heard(30.8, 35.2, "This is ridiculous! You are completely useless!"),
    felt(36.0, 0.91, "louder words", "higher"),
    *((36.1, events.Triggered(trigger=reason)) for reason in _REASONS),
    (36.2, events.TakeoverRequested(triggers=_REASONS)),
    (36.3, events.Offered(agent="kari")),
    (37.0, events.Briefed(brief=_BRIEF, spoken_s=6.8)),
    (38.3, events.Accepted(agent="kari")),
    (45.3, events.Bridged(agent="kari")),
    (45.32, events.FirstAudio(source="caller", destination="agent")),
    (45.34, events.FirstAudio(source="agent", destination="caller")),
    heard(46.0, 50.0, "Hello, this is Kari. I have read what happened.", "agent"),
    heard(52.0, 55.0, "Finally, a person."),
    (62.0, events.AgentLeft(agent="kari", reason="caller_left")),
    (62.05, events.WrappedUp(agent="kari", disposition="resolved")),
    *((t, events.StateChanged(before=a, after=b, cause=why)) for t, a, b, why in _MOVES),
    (62.2, events.CallEnded(by="caller", reason="hung up", seconds=62.2)),
]  # fmt: skip


def journal() -> list[Entry]:
    """Return the call's entries in order."""
    told = sorted(_TOLD, key=lambda pair: pair[0])
    return [
        Entry(call="demo-1", seq=seq, t=t, at=START + timedelta(seconds=t), event=event)
        for seq, (t, event) in enumerate(told, 1)
    ]
