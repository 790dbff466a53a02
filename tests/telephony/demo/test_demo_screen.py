import io

import pytest
from rich.console import Console

from telephony.demo.lines import line
from telephony.demo.screen import bar, clock, picture, turns
from telephony.demo.story import RIBBON, Line, Story
from tests.telephony.demo.demo_call import journal
from voice.journal.events import CallState, Entry, Heard, Measured


def told(until: float = 1e9) -> Story:
    story = Story()
    for entry in journal():
        if entry.t <= until:
            story.add(entry)
    return story


def drawn(story: Story, width: int = 120, height: int = 36) -> str:
    console = Console(
        file=io.StringIO(), width=width, height=height, force_terminal=False, legacy_windows=False
    )
    with console.capture() as capture:
        console.print(picture(story, story.t, {"caller": -20.0, "agent": -60.0}, height))
    return capture.get()


def test_the_story_knows_who_where_and_how_long() -> None:
    story = told()
    assert (story.caller, story.line, story.agent) == ("+4740000002", "Fjord Pay (fjord-pay)", "kari")
    assert story.state is CallState.ENDED
    assert tuple(story.reached) == RIBBON
    assert story.trigger_to_ring == pytest.approx(0.2)
    assert story.accept_to_talk == pytest.approx(7.04)
    assert story.brief_seconds == pytest.approx(7.0)


def test_lines_stand_in_the_order_in_which_they_were_begun() -> None:
    lines = told().lines
    assert [one.start for one in lines] == sorted(one.start for one in lines)
    assert [one.who for one in lines][:4] == ["bot", "caller", "bot", "caller"]


def test_what_the_bot_made_of_it_stands_under_the_callers_words() -> None:
    notes = {one.text[:6]: one.note for one in told().lines}
    assert notes["I woul"] == (
        "answer: served by the playbook · back office, 12 ms · promised under refund-credited"
    )
    assert notes["No, th"] == "ask: not understood"


def test_what_one_party_says_in_one_go_is_one_turn() -> None:
    lines = [
        Line(1.0, 1, "bot", "Hello."),
        Line(2.0, 2, "bot", "I am a bot.", "cut short"),
        Line(3.0, 3, "bot", "Well."),
        Line(4.0, 4, "caller", "Hi."),
    ]
    shown = [(one.start, one.who, one.text, one.note) for one in turns(lines)]
    assert shown == [
        (1.0, "bot", "Hello. I am a bot.", "cut short"),
        (3.0, "bot", "Well.", ""),
        (4.0, "caller", "Hi.", ""),
    ]


def test_nothing_is_measured_before_it_happened() -> None:
    story = told(until=36.2)
    assert story.trigger_to_ring is None
    assert story.accept_to_talk is None
    assert story.brief_seconds is None


def test_words_that_may_still_change_are_not_shown() -> None:
    story = told()
    before = len(story.lines)
    event = Heard(who="caller", text="And", start=60, end=60.2, confidence=0.5, final=False)
    story.add(Entry(call="demo-1", seq=99, t=60.3, at=journal()[0].at, event=event))
    assert len(story.lines) == before


@pytest.mark.parametrize("until", [0.0, 5.0, 15.0, 31.0, 36.1, 38.0, 46.0, 99.0])
@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 36), (200, 60)])
def test_the_picture_fills_its_room_and_no_more(until: float, width: int, height: int) -> None:
    rows = drawn(told(until), width, height).splitlines()
    assert len(rows) == height
    assert max(len(row) for row in rows) <= width


def test_the_picture_shows_words_reasons_brief_and_agent() -> None:
    shown = drawn(told(until=47))
    for piece in (
        "Finally",
        "kari is talking",
        "0.91",
        "completely useless",
        "bridged 0:45",
        "The refund was looked",
    ):
        assert (piece in shown) is (piece != "Finally"), piece
    assert "Finally, a person." in drawn(told())


def test_bars_are_full_at_one_and_never_longer() -> None:
    assert bar(0, 4) == "····"
    assert bar(0.5, 4) == "██··"
    assert bar(1, 4) == bar(7, 4) == "████"
    assert len(bar(0.13, 10)) == 10


def test_the_clock_counts_minutes() -> None:
    assert (clock(0), clock(59.9), clock(61)) == ("0:00", "0:59", "1:01")


def test_every_entry_has_one_line_or_none() -> None:
    lines = [line(entry) for entry in journal()]
    shown = [one for one in lines if one is not None]
    assert len(shown) >= 30
    assert all("\n" not in one for one in shown)
    at = journal()[0].at
    assert line(Entry(call="c", seq=1, t=0, at=at, event=Measured(name="x", ms=1))) is None
