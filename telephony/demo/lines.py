"""The call as plain lines, for logs and terminals that cannot draw."""

from telephony.demo.screen import clock
from voice.journal import events
from voice.journal.events import Entry


def line(entry: Entry) -> str | None:
    """Return the entry as one line of text; None where it is no news to a reader."""
    told = _told(entry.event)
    return None if told is None else f"{clock(entry.t)}  {told}"


def _told(event: events.AnyEvent) -> str | None:  # noqa: PLR0911 (one line for each kind of event)
    match event:
        case events.CallStarted(caller=caller, line=name):
            return f"{caller} rings {name}"
        case events.StateChanged(before=before, after=after, cause=cause):
            return f"state       {before} -> {after} ({cause})"
        case events.Heard(final=True, who=who, text=text):
            return f"{who:<11} {text}"
        case events.Said(by=by, text=text, heard=heard):
            return f"{by:<11} {text}" + ("" if heard >= 0.99 else f" [{heard:.0%} heard]")
        case events.Felt(anger=anger, why=why):
            return f"anger       {anger:.2f}" + (f" ({', '.join(why)})" if why else "")
        case events.Understood(request=request, confidence=confidence):
            return f"understood  {request or 'nothing'} ({confidence:.2f})"
        case events.Decided(action=action, why=why):
            return f"decided     {action}: {why}"
        case events.Triggered(trigger=trigger):
            return f"trigger     {trigger.kind}: {trigger.evidence}"
        case events.Briefed(brief=brief):
            return f"brief       {brief.headline} {brief.reason}"
        case events.CallEnded(by=by, reason=reason, seconds=seconds):
            return f"ended       by {by} after {seconds:.1f} s: {reason}"
        case _:
            return _moved(event)


def _moved(event: events.AnyEvent) -> str | None:  # noqa: PLR0911 (one line for each kind of event)
    match event:
        case events.Offered(agent=agent):
            return f"rings       {agent}"
        case events.Accepted(agent=agent):
            return f"accepts     {agent}"
        case events.Declined(agent=agent, reason=reason):
            return f"declines    {agent}: {reason}"
        case events.Bridged(agent=agent):
            return f"bridged     {agent} and the caller can talk"
        case events.FirstAudio(source=source, destination=destination):
            return f"audio       {source} -> {destination}"
        case events.AgentLeft(agent=agent, reason=reason):
            return f"off         {agent}: {reason}"
        case events.BargedIn():
            return "barge-in    the caller talks over the bot, which stops"
        case events.Pressed(digit=digit):
            return f"key         {digit}"
        case events.WorkerLost(why=why):
            return f"worker      lost: {why}"
        case events.WorkerJoined(resumed=resumed):
            return "worker      is back" if resumed else "worker      takes the call"
        case events.Refused(leg=leg, why=why):
            return f"refused     {leg}: {why}"
        case _:
            return None
