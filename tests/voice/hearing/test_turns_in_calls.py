"""Pauses, partials and talking over the bot in whole calls of stand-ins, on virtual time."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.voice.stand_ins import (
    Booth,
    ParrotBot,
    ScriptedEngine,
    TonePrompts,
    hum,
    of,
    said,
    silence,
    speech,
)
from voice.dialogue.reply import Reply
from voice.hearing.audio_watch import STALLED
from voice.hearing.expected import yes_or_no
from voice.hearing.listening import Load
from voice.hearing.patience import Collecting, Patience
from voice.journal.events import BargedIn, Heard, Measured, Said, Triggered, TriggerKind, WentOn
from voice.replay.line import Caller, Line

pytestmark = pytest.mark.usefixtures("virtual_time")


def heard(line: Line) -> list[str]:
    return [event.text for event in of(line, Heard)]


def partials(line: Line) -> list[Heard]:
    events = [happening.event for happening in line.journal]
    return [event for event in events if isinstance(event, Heard) and not event.final]


@pytest.mark.parametrize(("so_far", "turns"), [("my number is", 1), ("no thank you", 2)])
async def test_words_that_cannot_be_all_are_waited_for_and_those_that_are_are_not(
    so_far: str, turns: int
) -> None:
    engine = ScriptedEngine([so_far, "two please", "two please"], seconds=0.05)
    line = await Booth(engine=engine).ring(silence(2) + speech(1) + silence(0.9) + speech(1) + silence(3))
    assert len(heard(line)) == turns


async def test_a_voice_that_goes_on_is_given_longer() -> None:
    async def unfinished(samples: NDArray[np.float32]) -> float:
        return 0.1

    call = silence(2) + speech(1) + silence(0.75) + speech(1) + silence(3)
    script = ["what is my balance", "what is my balance please", "please"]
    for sounds, turns in ((None, 2), (unfinished, 1)):
        booth = Booth(engine=ScriptedEngine(script, seconds=0.05), sounds_finished=sounds)
        assert len(heard(await booth.ring(call))) == turns


async def test_a_voice_that_cannot_be_judged_is_no_reason_to_fail() -> None:
    async def broken(samples: NDArray[np.float32]) -> float:
        raise RuntimeError("the network is broken")

    booth = Booth(["what is my balance"], sounds_finished=broken)
    line = await booth.ring(silence(2) + speech(1) + silence(3))
    assert heard(line) == ["what is my balance"]


async def test_what_the_bot_asked_for_is_waited_for() -> None:
    class Asks(ParrotBot):
        def greeting(self) -> Reply:
            return Reply(("Your name?",), collects=Collecting("name"))

    engine = ScriptedEngine(["peter", "peter sullivan"], seconds=0.05)
    line = await Booth(engine=engine, bot=Asks()).ring(
        silence(2) + speech(0.5) + silence(1.1) + speech(0.6) + silence(3)
    )
    assert heard(line)[0] == "peter sullivan"


class AsksYesOrNo(ParrotBot):
    def greeting(self) -> Reply:
        return Reply(("Is that right?",), expects=yes_or_no("en"))


@pytest.mark.parametrize(("answer", "within"), [("yes", 0.25), ("well no please", 0.4)])
async def test_an_answer_that_was_expected_may_be_taken_at_once(answer: str, within: float) -> None:
    booth = Booth(
        engine=ScriptedEngine([answer], seconds=0.03),
        bot=AsksYesOrNo(),
        patience=Patience(note=0, answer=0.19),
    )
    line = await booth.ring(silence(2) + speech(0.5) + silence(3))
    turn_end = next(event.ms for event in of(line, Measured) if event.name == "turn_end")
    assert within * 1000 - 80 < turn_end <= within * 1000
    assert "Okay." not in said(line)


async def test_a_bare_yes_is_noted_at_once_and_answered_when_the_turn_is_over() -> None:
    booth = Booth(engine=ScriptedEngine(["yes", "no"], seconds=0.03), bot=AsksYesOrNo())
    line = await booth.ring(silence(2) + speech(0.5) + silence(4) + speech(0.5) + silence(3))
    first = of(line, Heard)[0]
    noted = next(event for event in of(line, Said) if event.text == "Okay.")
    assert noted.start - first.end <= 0.25
    assert said(line)[1:3] == ["Okay.", "You said yes."]
    assert said(line).count("Okay.") == 1, "nothing is expected any more"


async def test_who_goes_on_after_a_yes_has_committed_to_nothing() -> None:
    engine = ScriptedEngine(["yes", "yes but wait a moment"], seconds=0.03)
    prompts = TonePrompts(sound=np.zeros(4000, np.int16))  # nothing that could be taken for an echo
    booth = Booth(engine=engine, bot=AsksYesOrNo(), prompts=prompts)
    line = await booth.ring(silence(2) + speech(0.5) + silence(0.3) + speech(1) + silence(3))
    assert heard(line) == ["yes but wait a moment"]
    assert said(line)[1].startswith("Okay.")
    assert said(line)[2] == "You said yes but wait a moment."


async def test_a_turn_is_noted_only_once() -> None:
    engine = ScriptedEngine(["yes", "yes"], seconds=0.03)
    prompts = TonePrompts(sound=np.zeros(800, np.int16))
    booth = Booth(engine=engine, bot=AsksYesOrNo(), prompts=prompts)
    line = await booth.ring(silence(2) + speech(0.5) + silence(0.3) + speech(0.5) + silence(3))
    assert heard(line) == ["yes"]
    assert len([sentence for sentence in said(line) if sentence in ParrotBot().notes()]) == 1


async def test_a_turn_taken_for_over_too_soon_is_answered_as_one() -> None:
    engine = ScriptedEngine(["what is my balance please", "and the next payment please"], seconds=0.03)
    line = await Booth(engine=engine).ring(silence(2) + speech(1) + silence(0.6) + speech(1) + silence(6))
    whole = "what is my balance please and the next payment please"
    assert len(heard(line)) == 2
    assert [event.text for event in of(line, WentOn)] == [whole]
    assert len(of(line, BargedIn)) == 1
    assert f"You said {whole}." in said(line)


async def test_who_answers_the_bot_begins_a_turn_of_their_own() -> None:
    engine = ScriptedEngine(["what is my balance please", "thank you please"], seconds=0.03)
    line = await Booth(engine=engine).ring(silence(2) + speech(1) + silence(2.5) + speech(1) + silence(6))
    assert of(line, WentOn) == []
    assert "You said thank you please." in said(line)


async def test_what_was_done_is_not_taken_back() -> None:
    class Done(ParrotBot):
        @property
        def acted(self) -> bool:
            return True

    engine = ScriptedEngine(["move it please", "to friday please"], seconds=0.03)
    line = await Booth(engine=engine, bot=Done()).ring(
        silence(2) + speech(1) + silence(0.6) + speech(1) + silence(6)
    )
    assert of(line, WentOn) == []
    assert "You said to friday please." in said(line)


async def test_what_the_bot_can_answer_at_once_is_waited_for_less() -> None:
    class Grasps(ParrotBot):
        async def grasps(self, words: str, others: Sequence[str] = ()) -> float:
            return 0.9

    ends = []
    for bot in (Grasps(), ParrotBot()):
        booth = Booth(engine=ScriptedEngine(["what is my balance"], seconds=0.03), bot=bot)
        line = await booth.ring(silence(2) + speech(1) + silence(3))
        ends.append(next(event.ms for event in of(line, Measured) if event.name == "turn_end") / 1000)
    served, asked = ends
    assert Patience().served <= served < Patience().served + 0.05
    assert served < asked


async def test_what_else_the_caller_may_have_said_reaches_the_bot_and_the_journal() -> None:
    class Reads(ParrotBot):
        async def answer(
            self, words: str, t: float, others: Sequence[str] = ()
        ) -> AsyncGenerator[Reply, None]:
            yield await self.reply(" or ".join((words, *others)), t)

    engine = ScriptedEngine(["my car is stuck"], others=("my card is stuck",))
    line = await Booth(engine=engine, bot=Reads()).ring(silence(2) + speech(1) + silence(4))
    assert "You said my car is stuck or my card is stuck." in said(line)
    final = [heard for heard in of(line, Heard) if heard.final]
    assert [heard.others for heard in final] == [("my card is stuck",)]


async def test_a_turn_ends_though_the_network_owes_its_end() -> None:
    class Broken(Line):
        """Nothing more comes, and nobody says why."""

        async def _send_audio(self, mulaw: bytes, track: str) -> None:
            if asyncio.get_running_loop().time() < 3.0:
                await super()._send_audio(mulaw, track)

    line = Broken(Caller(silence(2) + speech(8)))
    pipeline = Booth(["are you there please"]).pipeline("", line.send)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(pipeline.run())
        await line.ring(pipeline.receive)
    (happening,) = (one for one in line.journal if isinstance(one.event, Heard) and one.event.final)
    assert 3.0 + STALLED <= happening.t < 3.0 + 2 * STALLED + 0.5


async def test_what_is_said_so_far_is_told_while_the_caller_talks() -> None:
    engine = ScriptedEngine(["i have", "i have a question", "i have a question please"], seconds=0.1)
    line = await Booth(engine=engine).ring(silence(2) + speech(4) + silence(3))
    told = partials(line)
    assert [event.text for event in told[:2]] == ["i have", "i have a question"]
    assert all(event.start == of(line, Heard)[0].start for event in told)
    assert said(line)[1] == "You said i have a question please."


@pytest.mark.parametrize("load", [Load(decoding=1), Load(took=2.0), Load(partials=False)])
async def test_partials_are_left_out_where_the_machine_is_busy_or_the_settings_say_so(load: Load) -> None:
    engine = ScriptedEngine(["yes please"], seconds=0.1)
    line = await Booth(engine=engine, load=load).ring(silence(2) + speech(4) + silence(3))
    assert partials(line) == []
    assert len(engine.clips) == 1


async def test_who_asks_for_a_person_need_not_finish_the_turn() -> None:
    engine = ScriptedEngine(["give me an agent", "", "give me an agent at once"], seconds=0.1)
    line = await Booth(engine=engine).ring(silence(2) + speech(4) + silence(3))
    (triggered,) = of(line, Triggered)
    assert triggered.trigger.kind is TriggerKind.ASKED
    assert triggered.trigger.t < 4.0
    assert len([message for message in line.takeover if message.triggers]) == 1
    briefs = [message.brief for message in line.takeover if message.brief]
    assert briefs[-1].last_words == of(line, Heard)[0].text


class Talker(ParrotBot):
    """Greets at length: it talks from 0.05 s for two and a half seconds."""

    def greeting(self) -> Reply:
        return Reply(("one two three four five six seven eight nine ten " * 3,))


async def test_the_bot_stops_within_a_fifth_of_a_second() -> None:
    line = await Booth(["wait please"], bot=Talker()).ring(silence(1) + speech(1) + silence(3))
    (happening,) = (one for one in line.journal if isinstance(one.event, BargedIn))
    assert happening.t - 1.0 <= 0.2
    (greeting,) = (event for event in of(line, Said) if event.heard < 1.0)
    assert greeting.end == pytest.approx(happening.t, abs=0.05)
    assert greeting.text.startswith(happening.event.said if isinstance(happening.event, BargedIn) else "?")


async def test_a_hum_over_the_bot_does_not_stop_it() -> None:
    line = await Booth(["mm-hm"], bot=Talker()).ring(silence(1) + hum(0.4) + silence(4))
    assert of(line, BargedIn) == []
    assert next(event.heard for event in of(line, Said)) == 1.0


async def test_the_bots_own_voice_coming_back_is_nobody_talking() -> None:
    class Echoing(Line):
        """What the bot says comes back 100 ms later."""

        async def _send_audio(self, mulaw: bytes, track: str) -> None:
            late = len(self.heard) - 800
            back = bytes(self.heard[late : late + 160]) if late >= 0 else mulaw
            await super()._send_audio(back, track)

    class Voiced(ParrotBot):
        def greeting(self) -> Reply:
            return Reply(("one two three four five six seven eight nine ten",))

    line = Echoing(Caller(silence(6)))
    booth = Booth(["one two three"], bot=Voiced())
    booth.prompts.sound = noisy_voice()
    pipeline = booth.pipeline("", line.send)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(pipeline.run())
        await line.ring(pipeline.receive)
    assert of(line, BargedIn) == []
    assert heard(line) == []


def noisy_voice() -> NDArray[np.int16]:
    """A second of harmonics whose pitch wanders, so that no two stretches of it are alike."""
    t = np.arange(8_000) / 8_000
    phase = 2 * np.pi * np.cumsum(120 + 60 * np.sin(2 * np.pi * 1.3 * t)) / 8_000
    wave = sum(np.sin(n * phase) / n for n in range(1, 12))
    return (6_000 * np.asarray(wave)).astype(np.int16)
