import asyncio
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.voice.stand_ins import (
    Booth,
    BrokenEngine,
    LoudnessActivity,
    ParrotBot,
    ScriptedEngine,
    hum,
    of,
    said,
    silence,
    speech,
)
from voice.dialogue.reply import Reply
from voice.hearing.ear import LAST_WORDS
from voice.hearing.engine import Transcript
from voice.journal.events import BargedIn, Felt, Heard, Said, Triggered, TriggerKind
from voice.replay.line import Caller

pytestmark = pytest.mark.usefixtures("virtual_time")


async def test_a_turn_is_heard_with_the_times_of_its_audio() -> None:
    line = await Booth(["hello"]).ring(silence(3) + speech(1) + silence(2))
    (heard,) = of(line, Heard)
    assert (heard.who, heard.text, heard.language) == ("caller", "hello", "en")
    assert heard.start == pytest.approx(3.0, abs=0.06)
    assert heard.end == pytest.approx(4.0, abs=0.06)
    assert heard.words[0].start == pytest.approx(heard.start, abs=0.06)


async def test_the_pause_is_used_to_decode_and_the_words_are_ready_when_the_turn_ends() -> None:
    engine = ScriptedEngine(["yes please"], seconds=0.15)
    line = await Booth(engine=engine).ring(silence(3) + speech(1) + silence(2))
    (heard,) = of(line, Heard)
    at = next(happening.t for happening in line.journal if happening.event is heard)
    assert len(engine.clips) == 1
    assert at - heard.end < 0.35


async def test_a_guess_is_thrown_away_when_the_caller_goes_on() -> None:
    engine = ScriptedEngine(["all of it"], seconds=0.5)
    line = await Booth(engine=engine).ring(silence(2) + speech(1) + silence(0.25) + speech(1) + silence(3))
    (heard,) = of(line, Heard)
    assert heard.text == "all of it"
    assert heard.end - heard.start == pytest.approx(2.25, abs=0.1)
    assert engine.cancelled >= 1
    assert engine.clips == [pytest.approx(2.55, abs=0.1)]


async def test_a_turn_without_words_is_nothing() -> None:
    line = await Booth([""]).ring(silence(3) + speech(1) + silence(2))
    assert of(line, Heard) == []


async def test_words_being_spoken_at_the_hang_up_are_still_heard() -> None:
    line = await Booth(["and another thing"]).ring(silence(3) + speech(1.5))
    (heard,) = of(line, Heard)
    assert heard.text == "and another thing"
    assert heard.end == pytest.approx(4.5, abs=0.06)


async def test_last_words_are_not_waited_for_for_ever() -> None:
    before = asyncio.get_running_loop().time()
    line = await Booth(engine=ScriptedEngine(["late"], seconds=60)).ring(silence(3) + speech(1.5))
    assert of(line, Heard) == []
    assert asyncio.get_running_loop().time() - before < 4.5 + LAST_WORDS + 1


async def test_the_bot_stops_when_the_caller_talks_over_it() -> None:
    booth = Booth(["hello", "wait"])
    # the bot answers at 3.8 s with two sentences of 0.3 and 0.9 s; the caller speaks again at 4.2 s
    line = await booth.ring(silence(2) + speech(1) + silence(1.2) + speech(1) + silence(3))
    (barged,) = of(line, BargedIn)
    assert said(line)[0] == "Hello, this is a bot."
    (cut,) = (event for event in of(line, Said) if event.heard < 1.0)
    assert cut.text == "And what else can I do for you today?"
    assert "And what else can I do for you today?".startswith(barged.said)
    assert [heard.text for heard in of(line, Heard)] == ["hello", "wait"]


async def test_a_cough_over_the_bot_does_not_stop_it_and_is_not_answered() -> None:
    booth = Booth(["hello", "mm-hm"])
    line = await booth.ring(silence(2) + speech(1) + silence(1.0) + hum(0.35) + silence(4))
    assert of(line, BargedIn) == []
    assert "You said mm-hm." not in said(line)
    assert "You said hello." in said(line)


async def test_a_word_that_began_before_the_bot_spoke_up_is_answered() -> None:
    class Wordy(ParrotBot):
        def silence(self, t: float) -> Reply:
            return Reply(("I cannot hear you at all, is there still anybody there?",))

    # the bot asks from 7.6 to 8.7 s; "yes" begins just before and its turn is over at 8.1 s
    line = await Booth(["yes"], bot=Wordy()).ring(silence(7.4) + speech(0.35) + silence(4))
    assert of(line, BargedIn) == []
    assert "You said yes." in said(line)


async def test_the_agent_is_heard_but_never_felt() -> None:
    booth = Booth(["agent please", "angry angry", "thank you"])
    caller = silence(2) + speech(1) + silence(14) + speech(1) + silence(3)
    line = await booth.ring(Caller(caller, agent=silence(1) + speech(2) + silence(4)))
    assert [(heard.who, heard.text) for heard in of(line, Heard)] == [
        ("caller", "agent please"),
        ("agent", "angry angry"),
        ("caller", "thank you"),
    ]
    agent = of(line, Heard)[1]
    assert all(felt.end <= agent.start or felt.start >= agent.end for felt in of(line, Felt))
    assert [event.trigger.kind for event in of(line, Triggered)] == [TriggerKind.ASKED]


async def test_the_callers_first_words_settle_the_calls_language() -> None:
    booth = Booth(engine=ScriptedEngine(["bonjour", "mon solde"], speaks="fr"), languages=("en", "fr"))
    line = await booth.ring(silence(3) + speech(1) + silence(4) + speech(1) + silence(3))
    assert [heard.language for heard in of(line, Heard)] == ["fr", "fr"]
    assert booth.bot.language == "fr"


async def test_a_language_that_is_not_the_playbooks_is_not_listened_for() -> None:
    booth = Booth(engine=ScriptedEngine(["dobry", "den"], speaks="cs"), languages=("en", "fr"))
    line = await booth.ring(silence(3) + speech(1) + silence(4) + speech(1) + silence(3))
    assert {heard.language for heard in of(line, Heard)} == {"en"}
    assert booth.bot.language == ""


async def test_a_broken_engine_brings_a_person() -> None:
    line = await Booth(engine=BrokenEngine()).ring(silence(2) + speech(1) + silence(5))
    (triggered,) = of(line, Triggered)
    assert triggered.trigger.kind is TriggerKind.BOT_FAILED
    assert "out of memory" in triggered.trigger.evidence
    assert line.takeover[0].triggers == (triggered.trigger,)


async def test_turns_keep_their_order_however_long_each_takes_to_decode() -> None:
    class Uneven(ScriptedEngine):
        async def transcribe(
            self, samples: NDArray[np.float32], *, language: str, **about: Any
        ) -> Transcript:
            self.seconds = 3.0 if len(samples) > 16_000 else 0.1
            return await super().transcribe(samples, language=language, **about)

    line = await Booth(engine=Uneven(["first please", "second"])).ring(
        silence(3) + speech(1.2) + silence(0.6) + speech(0.5) + silence(6)
    )
    assert [heard.text for heard in of(line, Heard)] == ["first please", "second"]


async def test_each_track_has_a_voice_activity_of_its_own() -> None:
    made: list[LoudnessActivity] = []

    def activity() -> LoudnessActivity:
        made.append(LoudnessActivity())
        return made[-1]

    booth = Booth(["agent"], activity=activity)
    await booth.ring(Caller(silence(2) + speech(1) + silence(8), agent=speech(1)))
    assert len(made) == 2
