"""A caller need not stop speaking to be felt with, and an apology is told to the one who feels."""

import asyncio

import numpy as np
import pytest

from tests.voice.stand_ins import Booth, ParrotBot, WordMeter, of, silence, speech
from voice.dialogue.feeling import Feeling
from voice.dialogue.reply import Reply
from voice.emotion.anger import Measures
from voice.emotion.speech import CallerSpeech
from voice.journal.events import Decided, Felt, Heard, Triggered, TriggerKind
from voice.owned_tasks import OwnedTasks
from voice.replay.line import Caller

pytestmark = pytest.mark.usefixtures("virtual_time")


class LoudMeter(WordMeter):
    """Feels anger in any voice from its fourth second on, and remembers what it was shown."""

    def __init__(self) -> None:
        self.shown: list[tuple[float, float]] = []
        self.apologies = 0

    def glimpse(self, measures: Measures) -> Felt | None:
        speech = measures.speech
        self.shown.append((speech.start, speech.end))
        anger = 0.9 if speech.end - speech.start > 3.5 else 0.2
        return Felt(
            anger=anger,
            voice=anger,
            wording=0.0,
            why=("harder",),
            start=speech.start,
            end=speech.end,
            so_far=True,
        )

    def apologised(self) -> None:
        self.apologies += 1


async def test_a_takeover_fires_within_the_turn() -> None:
    meter = LoudMeter()
    line = await Booth(["and so on"] * 20, meter=lambda: meter).ring(silence(2) + speech(7) + silence(4))
    assert [round(end - start) for start, end in meter.shown] == [2, 4, 6]
    (triggered,) = of(line, Triggered)
    assert triggered.trigger.kind is TriggerKind.ANGER
    assert triggered.trigger.t < 2 + 7 - 2
    assert [felt.so_far for felt in of(line, Felt)][:3] == [True, True, True]


async def test_a_short_turn_is_felt_when_it_is_over() -> None:
    line = await Booth(["yes"] * 20).ring(silence(2) + speech(1.5) + silence(4))
    assert [felt.so_far for felt in of(line, Felt)] == [False]


async def test_the_agents_voice_is_never_shown() -> None:
    meter = LoudMeter()
    caller = silence(2) + speech(1) + silence(20)
    booth = Booth(["agent please", "good morning"], meter=lambda: meter)
    line = await booth.ring(Caller(caller, agent=silence(1) + speech(6) + silence(4)))
    assert [heard.who for heard in of(line, Heard)] == ["caller", "agent"]
    assert meter.shown == []


async def test_what_comes_while_another_is_measured_is_left_out() -> None:
    feeling, so_far = Feeling(LoudMeter(), OwnedTasks()), CallerSpeech(np.zeros(16, np.float32), 0.0, 4.0)
    first, second = await asyncio.gather(feeling.so_far(so_far), feeling.so_far(so_far))
    assert first is not None
    assert second is None


async def test_on_a_line_that_leaves_feelings_alone_nothing_is_felt() -> None:
    booth = Booth(["i am angry"] * 20, meter=lambda: None)
    line = await booth.ring(silence(2) + speech(5) + silence(4))
    assert [heard.text for heard in of(line, Heard)] == ["i am angry"]
    assert of(line, Felt) == []
    assert of(line, Triggered) == []


async def test_an_apology_is_told() -> None:
    class Sorry(ParrotBot):
        def greeting(self) -> Reply:
            return Reply(("I am sorry.",), (Decided(action="apologise", why="not understood"),))

    meter = LoudMeter()
    await Booth([], bot=Sorry(), meter=lambda: meter).ring(silence(3))
    assert meter.apologies == 1
