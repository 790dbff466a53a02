import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.voice.stand_ins import Booth, ParrotBot, of, said, silence, speech
from voice.dialogue.reply import Reply
from voice.journal.events import BargedIn, Measured, Said
from voice.replay.line import Caller, Line, ring
from voice.speaking.mouth import MARK_GRACE, played_part

pytestmark = pytest.mark.usefixtures("virtual_time")


class Monologue(ParrotBot):
    """Says ten words, a second of them, as one sentence."""

    def greeting(self) -> Reply:
        return Reply(("one two three four five six seven eight nine ten",))


async def test_a_sentence_is_said_from_when_it_is_played_until_its_mark_returns() -> None:
    line = await Booth(bot=Monologue()).ring(silence(3))
    (event,) = of(line, Said)
    assert event.start == pytest.approx(0.05, abs=0.01)
    assert event.end == pytest.approx(1.05, abs=0.03)
    assert event.heard == 1.0


async def test_the_line_hears_exactly_the_audio_of_the_sentences() -> None:
    line = await Booth().ring(silence(2))
    loud = [place for place, byte in enumerate(line.heard) if byte != 0xFF]
    assert len(loud) == 5 * 800
    assert loud == list(range(loud[0], loud[0] + len(loud)))


async def test_sentences_follow_each_other_without_a_gap() -> None:
    line = await Booth(["hello"]).ring(silence(2) + speech(1) + silence(4))
    first, second = of(line, Said)[1:]
    assert second.start == pytest.approx(first.end, abs=0.021)


async def test_what_was_cut_off_is_told_by_the_part_that_was_played() -> None:
    line = await Booth(["wait"], bot=Monologue()).ring(silence(0.25) + speech(1) + silence(3))
    cut = of(line, Said)[0]
    assert cut.heard == pytest.approx((cut.end - cut.start) / 1.0, abs=0.01)
    (barged,) = of(line, BargedIn)
    assert barged.said == played_part("one two three four five six seven eight nine ten", cut.heard)
    played = next(place for place, byte in enumerate(line.heard) if byte != 0xFF)
    stopped = line.heard.index(b"\xff" * 800, played) - played
    assert stopped / 8_000 == pytest.approx(cut.heard, abs=0.03)


async def test_a_sentence_nobody_heard_anything_of_was_not_said() -> None:
    class Two(ParrotBot):
        def greeting(self) -> Reply:
            return Reply(("one two three four five six seven eight nine ten", "and then some"))

    line = await Booth(["wait"], bot=Two()).ring(silence(0.25) + speech(1) + silence(3))
    assert "and then some" not in said(line)


async def test_a_lost_mark_does_not_keep_the_bot_speaking() -> None:
    class Forgetful(Line):
        async def _mark(self, item: bytes | str) -> None:
            pass

    booth = Booth()
    line = Forgetful(Caller(silence(9 + MARK_GRACE)))
    pipeline = booth.pipeline("", line.send)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(pipeline.run())
        await line.ring(pipeline.receive)
    assert said(line)[0] == "Hello, this is a bot."
    assert "Are you still there?" in booth.prompts.rendered


async def test_the_end_of_the_call_cuts_the_sentence_in_the_record_too() -> None:
    line = await Booth(bot=Monologue()).ring(silence(0.5))
    (event,) = of(line, Said)
    assert event.heard == pytest.approx(0.45, abs=0.03)


async def test_the_latency_of_an_answer_is_measured_from_the_callers_last_word() -> None:
    line = await Booth(["yes please"]).ring(silence(2) + speech(1) + silence(4))
    steps = of(line, Measured)
    assert [step.name for step in steps] == ["turn_end", "words", "reply", "answer"]
    assert [step.ms for step in steps] == sorted(step.ms for step in steps)
    assert steps[-1].ms == pytest.approx(320, abs=40)


async def test_a_sentence_still_being_rendered_when_a_person_takes_over_is_not_said() -> None:
    line = await ring(Booth(bot=Monologue()), Caller(silence(3), keys=((0.02, "0"),)))
    assert said(line) == []
    assert set(line.heard) == {0xFF}


@given(st.text(), st.floats(min_value=0, max_value=1))
def test_the_part_played_is_a_beginning(text: str, heard: float) -> None:
    words = text.split()
    part = played_part(text, heard).split()
    assert part == words[: len(part)]
    assert len(part) <= len(words) * heard


def test_all_of_it_played_is_all_of_it() -> None:
    assert played_part("one two three", 1.0) == "one two three"
    assert played_part("one two three", 0.0) == ""
