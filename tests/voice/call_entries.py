"""A call's journal, written down in a line per event."""

from datetime import UTC, datetime, timedelta

from voice.journal.events import AnyEvent, Entry, Heard

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def entries(*events: AnyEvent) -> list[Entry]:
    return [
        Entry(call="c1", seq=place, t=float(place), at=START + timedelta(seconds=place), event=event)
        for place, event in enumerate(events, start=1)
    ]


def heard(text: str, language: str = "en") -> Heard:
    return Heard(who="caller", text=text, start=1.0, end=2.0, confidence=0.9, language=language)
