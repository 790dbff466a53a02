import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import date

import pytest

from tests.voice.bot_stand_ins import StandInBackOffice, bot
from tests.voice.stand_ins import (
    Booth,
    ParrotBot,
    ScriptedEngine,
    TonePrompts,
    WordMeter,
    of,
    said,
    silence,
    speech,
)
from voice.dialogue.answering import Answering
from voice.dialogue.back_office import Found, Inquiry, NotYetError, Rehearsed
from voice.dialogue.reply import Reply
from voice.emotion.anger import Measures, Wording
from voice.emotion.speech import CallerSpeech
from voice.journal.events import Decided, Felt
from voice.owned_tasks import OwnedTasks

pytestmark = pytest.mark.usefixtures("virtual_time")


@dataclass
class Counting(ParrotBot):
    """Counts its answers; takes a second for each."""

    asked: list[str] = field(default_factory=list)
    performed: list[bool] = field(default_factory=list)
    seconds: float = 1.0

    async def reply(self, words: str, t: float) -> Reply:
        self.asked.append(words)
        await asyncio.sleep(self.seconds)
        return await super().reply(words, t)

    def perform(self) -> None:
        self.performed.append(True)


async def replies(parts: AsyncGenerator[Reply, None]) -> list[str]:
    return [sentence async for part in parts for sentence in part.sentences]


async def test_what_was_rehearsed_is_the_answer_and_its_first_sentence_is_rendered() -> None:
    parrot, prompts = Counting(), TonePrompts()
    answering = Answering(parrot, prompts, "en", OwnedTasks())
    answering.prepare("hello", 1.0)
    await asyncio.sleep(1.2)
    assert prompts.rendered == ["You said hello."]
    before = asyncio.get_running_loop().time()
    assert (await replies(answering.answer("hello", 2.0)))[0] == "You said hello."
    assert asyncio.get_running_loop().time() == before
    assert parrot.asked == ["hello"]
    assert parrot.performed == [True]


async def test_other_words_are_answered_anew() -> None:
    parrot = Counting(seconds=0.1)
    answering = Answering(parrot, TonePrompts(), "en", OwnedTasks())
    answering.prepare("hello", 1.0)
    assert (await replies(answering.answer("hello there", 2.0)))[0] == "You said hello there."
    assert parrot.performed == []


async def test_a_bot_that_cannot_rehearse_answers_all_the_same() -> None:
    class Spontaneous(Counting):
        def rehearse(self) -> None:
            return None

    answering = Answering(Spontaneous(), TonePrompts(), "en", OwnedTasks())
    answering.prepare("hello", 1.0)
    assert (await replies(answering.answer("hello", 2.0)))[0] == "You said hello."


async def test_a_rehearsal_that_fails_is_answered_for_real() -> None:
    class Shy(Counting):
        async def reply(self, words: str, t: float) -> Reply:
            if not self.asked:
                self.asked.append(words)
                raise NotYetError
            return await ParrotBot.reply(self, words, t)

    answering = Answering(Shy(), TonePrompts(), "en", OwnedTasks())
    answering.prepare("hello", 1.0)
    assert (await replies(answering.answer("hello", 2.0)))[0] == "You said hello."


async def test_nothing_prepared_is_heard_where_the_caller_goes_on() -> None:
    parrot = Counting(seconds=0.01)
    engine = ScriptedEngine(["my number is", "my number is two"], seconds=0.05)
    line = await Booth(engine=engine, bot=parrot).ring(
        silence(2) + speech(1) + silence(0.3) + speech(1) + silence(5)
    )
    assert said(line)[1:] == ["You said my number is two.", "And what else can I do for you today?"]
    assert len(of(line, Decided)) == 1
    assert parrot.asked == ["my number is", "my number is two"]


async def test_an_angry_turn_is_not_answered_though_its_answer_was_ready() -> None:
    parrot = Counting(seconds=0.01)
    line = await Booth(["i am angry"], bot=parrot).ring(silence(2) + speech(1) + silence(4))
    assert parrot.asked == ["i am angry"]
    assert parrot.performed == []
    assert said(line) == ["Hello, this is a bot."]
    assert len([message for message in line.takeover if message.triggers]) == 1


async def test_feelings_are_measured_once_a_turn_from_the_pause_on() -> None:
    measured: list[float] = []

    class Meter(WordMeter):
        def measure(self, speech: CallerSpeech) -> Measures:
            measured.append(speech.end)
            return Measures(speech, None)

        def weigh(self, measures: Measures, said: Wording) -> Felt:
            return Felt(anger=0.1, voice=None, wording=0.1, why=(), start=0.0, end=measures.speech.end)

    booth = Booth(["hello"])
    booth.meter = Meter
    line = await booth.ring(silence(2) + speech(1) + silence(4))
    assert [felt.end for felt in of(line, Felt)] == measured
    assert len(measured) == 1


async def test_a_slow_back_office_is_announced_by_a_word_and_a_slow_machine_is_not() -> None:
    class Asking(Counting):
        async def reply(self, words: str, t: float) -> Reply:
            if words == "look it up":
                asyncio.get_running_loop().call_later(0.5, self.slow.set)
            return await super().reply(words, t)

    line = await Booth(["please look"], bot=Asking(seconds=2.0)).ring(silence(2) + speech(1) + silence(6))
    assert said(line)[1] == "You said please look."
    answering = Answering(Asking(seconds=2.0), TonePrompts(), "en", OwnedTasks())
    told = await replies(answering.answer("look it up", 1.0))
    assert told[:2] == ["One moment.", "You said look it up."]
    answering.prepare("look it up", 1.0)
    told = await replies(answering.answer("look it up", 2.0))
    assert told[:2] == ["One moment.", "You said look it up."]


async def test_the_playbooks_bot_knows_when_its_back_office_is_slow() -> None:
    class Sluggish(StandInBackOffice):
        async def look_up(self, inquiry: Inquiry) -> Found:
            await asyncio.sleep(0.8)
            return await super().look_up(inquiry)

    asked = bot(Sluggish())
    answering = Answering(asked, TonePrompts(), "en", OwnedTasks())
    told = await replies(answering.answer("What is my balance?", 1.0))
    assert told[0] == asked.acknowledge().sentences[0]
    assert "91" in " ".join(told)


async def test_a_rehearsed_back_office_looks_up_and_changes_nothing() -> None:
    class Office:
        async def look_up(self, inquiry: Inquiry) -> Found:
            return Found(inquiry.look_up, {})

    rehearsed = Rehearsed(Rehearsed(Office()), withheld=("verify",))
    look_up = Inquiry(look_up="balance", caller="", today=date(2026, 3, 4))
    counted = Inquiry(look_up="verify", caller="", today=date(2026, 3, 4))
    change = Inquiry(look_up="move", caller="", today=date(2026, 3, 4), key="k")
    assert (await rehearsed.look_up(look_up)).outcome == "balance"
    for held_back in (counted, change):
        with pytest.raises(NotYetError):
            await rehearsed.look_up(held_back)
    rehearsed.perform()
    assert not rehearsed.acted
    assert (await rehearsed.look_up(change)).outcome == "move"
    assert rehearsed.acted


async def test_a_rehearsal_leaves_the_bot_as_it_was() -> None:
    office = StandInBackOffice()
    real = bot(office, verified=False)
    first = await real.reply("What is my balance?", 1.0)  # asks for the postcode
    twin = real.rehearse()
    with pytest.raises(NotYetError):
        await twin.reply("seven five oh one two", 2.0)  # would be compared with the customer's
    again = await real.reply("Sorry, could you repeat that?", 3.0)
    assert first.sentences[-1] in again.sentences
    assert office.asked == []
    told = await real.reply("seven five oh one two", 4.0)
    assert [inquiry.look_up for inquiry in office.asked] == ["verify", "balance"]
    assert "91" in " ".join(told.sentences)


async def test_a_performed_rehearsal_goes_on_where_the_bot_was() -> None:
    office = StandInBackOffice()
    twin = bot(office, verified=False).rehearse()
    await twin.reply("What is my balance?", 1.0)
    twin.perform()
    told = await twin.reply("seven five oh one two", 2.0)
    assert "91" in " ".join(told.sentences)
