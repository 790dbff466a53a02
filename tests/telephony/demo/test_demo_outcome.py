import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from telephony.carriers.recorded_caller import RecordedCaller
from telephony.demo.arrival import Arrival
from telephony.demo.command import held_back
from telephony.demo.house import House, HouseError
from telephony.demo.levels import FALL_DB, Levels
from telephony.demo.outcome import Outcome
from telephony.demo.reader import JournalReader
from telephony.demo.show import Show
from telephony.demo.story import Story
from telephony.legs.mulaw import FLOOR_DBOV
from tests.telephony.demo.demo_call import journal
from voice.journal.clock import LoopClock
from voice.journal.events import CallState, Entry, Heard
from voice.journal.store import SqliteJournal

ARRIVED = Arrival(pieces=10, share=1.0, correlation=0.99, delay=0.1)
LOST = Arrival(pieces=10, share=0.1, correlation=0.2, delay=None)


def story(until: float = 1e9) -> Story:
    told = Story()
    for entry in journal():
        if entry.t <= until:
            told.add(entry)
    return told


def outcome(told: Story, to_agent: Arrival | None, to_caller: Arrival | None) -> Outcome:
    return Outcome(
        story=told, to_agent=to_agent, to_caller=to_caller, data=Path("data/demo"), wall_seconds=70
    )


@pytest.mark.parametrize(
    ("until", "to_agent", "to_caller", "good"),
    [
        (99.0, ARRIVED, ARRIVED, True),
        (99.0, None, None, True),
        (99.0, ARRIVED, LOST, False),
        (99.0, LOST, ARRIVED, False),
        (40.0, ARRIVED, ARRIVED, False),
        (40.0, None, None, False),
    ],
)
def test_good_is_only_a_call_on_which_both_were_heard(
    until: float, to_agent: Arrival | None, to_caller: Arrival | None, good: bool
) -> None:
    assert outcome(story(until), to_agent, to_caller).good is good


def test_the_summary_names_times_reasons_and_the_record() -> None:
    rows = dict(outcome(story(), ARRIVED, LOST).rows())
    assert rows["handed over because of"] == "anger, not understood"
    assert rows["trigger to ring"] == "200 ms"
    assert rows["accept to two-way audio"] == "7.04 s, of which 7.00 s brief and 40 ms bridge"
    assert rows["caller's voice at the agent"].startswith("arrived: 100%")
    assert rows["agent's voice at the caller"].startswith("DID NOT ARRIVE")
    assert "demo-1" in rows["the record"]
    assert dict(outcome(Story(), None, None).rows())["trigger to ring"] == "never"


async def test_the_reader_follows_one_call_among_others(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    reader = JournalReader(path, "CA1")
    assert await reader.news() == []
    store = SqliteJournal(path)
    other = Heard(who="caller", text="somebody else", start=0, end=1, confidence=1)
    store.write(Entry(call="other", seq=1, t=0, at=datetime(2026, 1, 5, tzinfo=UTC), event=other))
    told = journal()
    for entry in told[:5]:
        store.write(entry)
    store.flush()
    assert await reader.news() == told[:5]
    assert await reader.news() == []
    for entry in told[5:]:
        store.write(entry)
    store.close()
    assert await reader.news() == told[5:]


async def test_a_system_that_does_not_start_says_why(tmp_path: Path) -> None:
    house = House(
        tmp_path / "data",
        LoopClock(),
        api_url="http://127.0.0.1:9",
        account="AC1",
        auth_token="secret",
        environment={"HOOKFLASH_RING": "soon"},
    )
    with pytest.raises(HouseError, match="HOOKFLASH_RING"):
        async with house:
            pass


def test_a_meter_rises_at_once_and_falls_slowly() -> None:
    levels = Levels("caller", "agent")
    levels.hear("caller", bytes([0x10]) * 160)
    loud = levels.now()["caller"]
    assert loud > -15
    levels.hear("caller", b"")
    assert levels.now()["caller"] == pytest.approx(loud - FALL_DB * 0.02)
    assert levels.now()["agent"] == FLOOR_DBOV


def test_a_caller_who_is_held_back_stays_and_talks_later() -> None:
    caller = RecordedCaller(audio=bytes(16_000), hang_up_at=2.0)
    waiting, later = held_back(caller, 1.5)
    assert (waiting.seconds, waiting.hang_up_at, len(later)) == (1.5, None, 4_000)
    assert held_back(caller, None) == (waiting.__class__(audio=bytes(16_000)), b"")


async def test_a_log_gets_plain_lines_and_the_picture_holds_no_address(tmp_path: Path) -> None:
    shown = io.StringIO()
    levels = Levels("caller says", "agent hears")
    show = Show(Console(file=shown, width=80), LoopClock(), levels)
    with show:
        levels.hear("caller says", bytes([0x10]) * 160)
        for entry in journal():
            await show.news([entry])
    assert show.story.state is CallState.ENDED
    lines = shown.getvalue().splitlines()
    assert "0:45  bridged     kari and the caller can talk" in lines
    assert not any("\x1b" in line for line in lines)
    show.save(tmp_path / "demo.svg")
    drawing = (tmp_path / "demo.svg").read_text()
    assert "@font-face" not in drawing
    assert drawing.count("url(") == drawing.count("url(#")
    assert "completely" in drawing
