import asyncio
import base64
from datetime import UTC, datetime

import pytest

from tests.voice.stand_ins import Booth, ParrotBot, TonePrompts, of, said, silence, speech, told
from voice.dialogue.reply import Reply
from voice.journal import link
from voice.journal.events import (
    Briefed,
    CallState,
    Decided,
    Entry,
    Felt,
    Heard,
    LineLearnt,
    Measured,
    Said,
    Suggested,
    Trigger,
    Triggered,
    TriggerKind,
)
from voice.replay.line import STREAM, Caller, Line

pytestmark = pytest.mark.usefixtures("virtual_time")

AT = datetime(2026, 3, 4, 12, tzinfo=UTC)


def heard(text: str, t: float = 1.0, seq: int = 1) -> Entry:
    event = Heard(who="caller", text=text, start=t - 1, end=t, confidence=0.9)
    return Entry(call="replay", seq=seq, t=t, at=AT, event=event)


class Joined(Line):
    """A line on which the worker joins a call that is already under way, in `state`."""

    def __init__(
        self, caller: Caller, history: tuple[Entry, ...], state: CallState = CallState.WITH_BOT
    ) -> None:
        super().__init__(caller)
        self.history = history
        self.joins_in = state

    async def _tell_state(self, state: CallState, cause: str) -> None:
        self._state = state if self._started_states else self.joins_in
        history = () if self._started_states else self.history
        self._started_states = True
        message = link.StateMessage(stream_sid=STREAM, state=self._state, t=0.0, history=history, cause=cause)
        await self._receive(link.encode(message))

    _started_states = False


async def join(booth: Booth, line: Joined) -> Joined:
    pipeline = booth.pipeline("", line.send)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(pipeline.run())
        await line.ring(pipeline.receive)
    return line


async def test_the_bot_greets_at_once() -> None:
    line = await Booth().ring(silence(2))
    (greeting,) = of(line, Said)
    assert greeting.text == "Hello, this is a bot."
    assert greeting.start < 0.3


async def test_a_plain_carrier_that_tells_no_state_is_greeted_too() -> None:
    class Plain(Line):
        async def _tell_state(self, state: CallState, cause: str) -> None:
            self._state = state

    booth = Booth()
    line = Plain(Caller(silence(2)))
    pipeline = booth.pipeline("", line.send)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(pipeline.run())
        await line.ring(pipeline.receive)
    assert said(line) == ["Hello, this is a bot."]


async def test_a_turn_is_heard_felt_answered_and_said_in_that_order() -> None:
    line = await Booth(["hello"]).ring(silence(2) + speech(1) + silence(4))
    kinds = [type(event).__name__ for event in told(line) if not isinstance(event, Measured)]
    assert kinds == ["Said", "Heard", "Felt", "Decided", "Said", "Said"]
    assert said(line)[1:] == ["You said hello.", "And what else can I do for you today?"]


async def test_asking_for_a_person_hands_over_before_anything_is_felt_or_answered() -> None:
    booth = Booth(["give me an agent"])
    line = await booth.ring(silence(2) + speech(1) + silence(4))
    assert [type(event).__name__ for event in told(line)] == ["Said", "Triggered", "Heard", "Felt"]
    first, *_, second = line.takeover
    assert [trigger.kind for trigger in first.triggers] == [TriggerKind.ASKED]
    assert first.brief is not None
    assert second.brief is not None
    assert second.brief.last_words == "give me an agent"
    assert len(base64.b64decode(second.audio)) > 800
    assert booth.prompts.rendered[-1].startswith("The caller")


async def test_a_brief_names_its_sources_by_the_workers_own_numbers() -> None:
    line = await Booth(["hello", "agent"]).ring(silence(2) + speech(1) + silence(4) + speech(1) + silence(4))
    brief = line.takeover[-1].brief
    assert brief is not None
    sources = [source for statement in brief.tried for source in statement.sources]
    assert all(source < 0 for source in sources)


async def test_a_brief_tells_the_callers_number_and_where_it_stands() -> None:
    caller = Caller(silence(2) + speech(1) + silence(4), number="+4740000001")
    line = await Booth(["agent"]).ring(caller)
    brief = line.takeover[-1].brief
    assert brief is not None
    assert [(fact.text, fact.sources) for fact in brief.facts] == [("calling from +4740000001", (1,))]


async def test_anger_hands_over() -> None:
    line = await Booth(["i am angry"]).ring(silence(2) + speech(1) + silence(4))
    (triggered,) = of(line, Triggered)
    assert triggered.trigger.kind is TriggerKind.ANGER
    assert of(line, Decided) == []


async def test_after_the_hand_over_the_bot_is_silent_and_the_ear_is_not() -> None:
    line = await Booth(["agent", "are you there"]).ring(
        silence(2) + speech(1) + silence(3) + speech(1) + silence(12)
    )
    assert [event.text for event in of(line, Heard)] == ["agent", "are you there"]
    assert said(line) == ["Hello, this is a bot."]
    assert len([message for message in line.takeover if message.triggers]) == 1


async def test_a_caller_who_waits_has_answers_and_their_wishes_are_passed_on() -> None:
    line = await Booth(["agent", "balance", "please call me back", "yes", "what a day"]).ring(
        silence(2) + 5 * (speech(1) + silence(6))
    )
    assert said(line)[1:] == ["You said balance.", "And what else can I do for you today?"]
    assert line.wishes == ["callback", "yes"]
    assert len([message for message in line.takeover if message.triggers]) == 1


async def test_what_the_caller_tells_the_agent_is_no_new_reason() -> None:
    line = await Booth(["angry", "hello", "agent"]).ring(
        Caller(silence(2) + speech(1) + silence(9) + speech(1) + silence(3), agent=speech(0.5) + silence(9))
    )
    assert [event.trigger.kind for event in of(line, Triggered)] == [TriggerKind.ANGER]


async def test_only_the_callers_words_to_an_agent_bring_help() -> None:
    line = await Booth(["angry", "hello", "the refund"]).ring(
        Caller(silence(2) + speech(1) + silence(9) + speech(1) + silence(3), agent=speech(0.5) + silence(9))
    )
    heard = {happening.event.who for happening in line.journal if isinstance(happening.event, Heard)}
    assert heard == {"caller", "agent"}
    [help_] = of(line, Suggested)
    assert (help_.text, help_.source) == ("about the refund", "an echo")
    order = [happening.event for happening in line.journal]
    words = [event for event in order if isinstance(event, Heard) and event.text == "the refund"]
    assert [event.final for event in words] == [False, True]
    assert order.index(help_) < order.index(words[1]), "the agent need not wait until the turn is over"


async def test_the_switchboards_own_takeover_is_briefed_too() -> None:
    line = await Booth(["hello"]).ring(Caller(silence(2) + speech(1) + silence(6), keys=((5.0, "0"),)))
    text, sound = line.takeover
    assert text.triggers == ()
    assert text.brief is not None
    assert "pressed zero" in text.brief.reason
    assert (text.audio, sound.brief) == ("", text.brief)
    assert sound.audio


async def test_a_brief_that_cannot_be_spoken_is_still_written() -> None:
    class Mute(TonePrompts):
        async def audio(self, text: str, language: str):  # type: ignore[no-untyped-def]  # as its parent
            if text.startswith("The caller"):
                raise RuntimeError("no voice")
            return await super().audio(text, language)

    line = await Booth(["agent"], prompts=Mute()).ring(silence(2) + speech(1) + silence(4))
    assert line.takeover[-1].brief is not None
    assert line.takeover[-1].audio == ""


async def test_a_silent_caller_is_asked_and_a_speaking_one_is_not() -> None:
    line = await Booth().ring(silence(9))
    assert said(line) == ["Hello, this is a bot.", "Are you still there?"]
    line = await Booth(["hello"]).ring(silence(6) + speech(6) + silence(2))
    assert "Are you still there?" not in said(line)


async def test_noise_without_words_restarts_the_wait() -> None:
    line = await Booth([""]).ring(silence(6) + speech(0.5) + silence(5))
    assert said(line) == ["Hello, this is a bot."]


async def test_a_key_restarts_the_wait() -> None:
    line = await Booth().ring(Caller(silence(9), keys=((5.0, "1"),)))
    assert said(line) == ["Hello, this is a bot."]


async def test_goodbye_is_played_before_the_line_is_dropped() -> None:
    line = await Booth(["bye"]).ring(silence(2) + speech(1) + silence(20))
    assert line.hung_up
    assert said(line)[-1] == "Goodbye."
    assert len(line.heard) / 8_000 < 5


async def test_a_caller_who_speaks_into_the_goodbye_is_not_hung_up_on() -> None:
    class Talkative(ParrotBot):
        async def reply(self, words: str, t: float) -> Reply:
            reply = await super().reply(words, t)
            if reply.hang_up:
                reply = Reply(
                    ("So long and farewell and thank you very much for calling us.",), (), hang_up=True
                )
            return reply

    line = await Booth(["bye", "no wait"], bot=Talkative()).ring(
        silence(2) + speech(1) + silence(0.6) + speech(1) + silence(4)
    )
    assert not line.hung_up
    assert "You said no wait." in said(line)


async def test_a_bot_that_breaks_brings_a_person() -> None:
    line = await Booth(["crash"]).ring(silence(2) + speech(1) + silence(4))
    (triggered,) = of(line, Triggered)
    assert triggered.trigger.kind is TriggerKind.BOT_FAILED
    assert "RuntimeError" in triggered.trigger.evidence
    assert "broken bot" not in triggered.trigger.evidence


async def test_a_bot_that_never_answers_brings_a_person() -> None:
    class Slow(ParrotBot):
        async def reply(self, words: str, t: float) -> Reply:
            await asyncio.sleep(60)
            return Reply()

    line = await Booth(["hello"], bot=Slow()).ring(silence(2) + speech(1) + silence(12))
    (triggered,) = of(line, Triggered)
    assert "8 seconds" in triggered.trigger.evidence


async def test_a_voice_that_fails_brings_a_person() -> None:
    line = await Booth(prompts=TonePrompts(fails=True)).ring(silence(2))
    (triggered,) = of(line, Triggered)
    assert "the voice is gone" in triggered.trigger.evidence


async def test_a_worker_that_joins_a_running_call_goes_on_with_it() -> None:
    booth = Booth()
    history = (heard("my refund"),)
    line = await join(booth, Joined(Caller(silence(2)), history))
    assert said(line) == ["Where were we?"]
    assert booth.bot.resumed == list(history)


async def test_a_reason_nobody_acted_on_before_the_worker_was_lost_is_acted_on_now() -> None:
    line = await join(Booth(), Joined(Caller(silence(2)), (heard("give me an agent"),)))
    assert [trigger.kind for trigger in line.takeover[0].triggers] == [TriggerKind.ASKED]


async def test_a_worker_that_joins_while_an_agent_talks_only_listens() -> None:
    booth = Booth(["hello"])
    line = Joined(Caller(silence(1) + speech(1) + silence(9)), (heard("agent"),), CallState.BRIDGED)
    await join(booth, line)
    assert said(line) == []
    assert [event.text for event in of(line, Heard)] == ["hello"]
    assert of(line, Triggered) == []


async def test_a_worker_that_comes_back_while_an_agent_is_on_the_way_writes_the_brief_they_lack() -> None:
    lost = Trigger(kind=TriggerKind.WORKER_LOST, evidence="No voice worker came back.", t=2.0)
    why = Entry(call="replay", seq=2, t=2.0, at=AT, event=Triggered(trigger=lost))
    unbriefed = (heard("my refund"), why)
    for state in (CallState.OFFERED, CallState.BRIEFING, CallState.BRIDGED):
        line = await join(Booth(), Joined(Caller(silence(2)), unbriefed, state))
        assert line.takeover[0].triggers == ()
        assert line.takeover[0].brief is not None
        assert "cut off from the bot" in line.takeover[0].brief.reason
        brief = line.takeover[0].brief
        for written, lacks in ((Briefed(brief=brief), False), (Briefed(brief=brief, by="switchboard"), True)):
            briefed = Entry(call="replay", seq=3, t=2.5, at=AT, event=written)
            again = await join(Booth(), Joined(Caller(silence(2)), (*unbriefed, briefed), state))
            assert bool(again.takeover) is lacks


async def test_handed_back_the_bot_answers_again_and_can_hand_over_again() -> None:
    class Back(Line):
        async def _answer(self, t: float) -> None:
            if self._agent_takes is not None and t >= self._agent_takes:
                self._agent_takes = None
                await super()._tell_state(CallState.WITH_BOT, "handed_back")

    booth = Booth(["agent", "hello"])
    line = Back(Caller(silence(2) + speech(1) + silence(8) + speech(1) + silence(4), agent=b"\xff"))
    pipeline = booth.pipeline("", line.send)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(pipeline.run())
        await line.ring(pipeline.receive)
    assert "You said hello." in said(line)


async def test_what_a_call_taught_is_journalled_when_it_is_over() -> None:
    learnt = LineLearnt(line="p", threshold=0.7, before=None, calls=100)
    line = await Booth(learnt=learnt).ring(silence(1))
    assert line.journal[-1].event == learnt


async def test_a_reasons_clock_is_the_calls() -> None:
    line = await Booth(["agent"]).ring(silence(2) + speech(1) + silence(4))
    trigger: Trigger = of(line, Triggered)[0].trigger
    (felt,) = of(line, Felt)
    assert trigger.t == pytest.approx(3.2, abs=0.1)  # the word's end, a pause, and the decoding
    assert felt.end == pytest.approx(3.0, abs=0.1)
