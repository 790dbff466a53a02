"""What a call begins with: its first journal entry, its recording, and what may be offered on it."""

from collections.abc import Callable
from dataclasses import replace

from telephony.calls.journal import CallJournal
from telephony.calls.prompts import Prompts
from telephony.calls.recorder import Recorder
from telephony.legs.leg import Arrival
from telephony.settings import SwitchboardSettings
from telephony.takeover.callback import CallbackTalk
from telephony.takeover.phases import Call
from voice.journal import events


def recorder_of(journal: CallJournal, settings: SwitchboardSettings) -> Recorder | None:
    """Return what records the call; None where calls are not recorded."""
    if not settings.record:
        return None
    return Recorder(settings.data / "recordings" / f"{journal.call}.wav", lambda: journal.t)


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


def equipment(prompts: Prompts, settings: SwitchboardSettings, number: str) -> Callable[[Call], Call]:
    """Return what gives a call what the prompts allow; the first calls may begin before there are any."""

    def equipped(call: Call) -> Call:
        call = replace(call, survey="survey" in prompts)
        if call.callback is None and settings.callbacks and "callback_when" in prompts:
            call = replace(call, callback=CallbackTalk(number))
        return call

    return equipped
