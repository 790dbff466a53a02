"""What a call begins with: its first journal entry and its recording, where calls are recorded."""

from telephony.calls.journal import CallJournal
from telephony.calls.recorder import Recorder
from telephony.legs.leg import Arrival
from telephony.settings import SwitchboardSettings
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
