"""What a call is to others: its first journal entry, its recording, and what a supervisor sees of it."""

from collections.abc import Callable
from dataclasses import replace

from telephony.calls.journal import CallJournal
from telephony.calls.prompts import Prompts
from telephony.calls.recorder import Recorder
from telephony.calls.recording import recording, recordings
from telephony.legs.floor import CallSeen
from telephony.legs.leg import Arrival
from telephony.settings import SwitchboardSettings
from telephony.takeover.callback import CallbackTalk
from telephony.takeover.phases import Call
from voice.journal import events


def recorder_of(journal: CallJournal, settings: SwitchboardSettings) -> Recorder | None:
    """Return what records the call; None where calls are not recorded."""
    if not settings.record:
        return None
    return Recorder(recording(recordings(settings.data), journal.call), lambda: journal.t)


def started(arrival: Arrival, settings: SwitchboardSettings) -> events.CallStarted:
    """Return the first entry of a call's journal."""
    told = arrival.parameters
    return events.CallStarted(
        line=told.get("line", arrival.called),
        caller=arrival.caller,
        called=arrival.called,
        carrier=arrival.carrier,
        carrier_call=arrival.carrier_call,
        playbook=told.get("playbook", settings.playbook),
        language=told.get("language", settings.language),
    )


def seen(
    call: Call, started: events.CallStarted, journal: CallJournal, brief: events.Brief | None
) -> CallSeen:
    """Return what a supervisor sees of a call under way."""
    return CallSeen(
        call=journal.call,
        caller=started.caller,
        line=started.line,
        state=call.state,
        agent=call.agent,
        seconds=round(journal.t, 1),
        headline=brief.headline if brief else "",
        anger=brief.anger if brief else None,
    )


def equipment(prompts: Prompts, settings: SwitchboardSettings, number: str) -> Callable[[Call], Call]:
    """Return what gives a call what the prompts allow; the first calls may begin before there are any."""

    def equipped(call: Call) -> Call:
        call = replace(call, survey="survey" in prompts)
        if call.callback is None and settings.callbacks and "callback_when" in prompts:
            call = replace(call, callback=CallbackTalk(number))
        return call

    return equipped
