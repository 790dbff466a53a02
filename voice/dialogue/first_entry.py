"""A call's first journal entry as far as its worker is told of it."""

from voice.frames import CallStartFrame
from voice.journal.events import CallStarted, Entry


def first_entry(start: CallStartFrame) -> Entry:
    """Return the entry: the brief names the caller by it."""
    event = CallStarted(
        line="",
        caller=start.caller,
        called="",
        carrier="",
        carrier_call="",
        playbook=start.playbook,
        language=start.language,
    )
    return Entry(call=start.call, seq=1, t=0.0, at=start.time.clock.utc(), event=event)
