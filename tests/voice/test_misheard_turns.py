"""What the bot makes of a turn that was misheard, and of what else it may have been. By words alone."""

import pytest

from tests.voice.bot_stand_ins import StandInBackOffice, bot, playbook
from tests.voice.call_entries import entries
from voice.dialogue.memory import Memory
from voice.dialogue.reply import Reply
from voice.journal.events import Decided, Heard, Trigger, TriggerKind, Understood
from voice.takeover.triggers import Triggers

MISHEARD = "Whale is my rhythm?"
WANTED = "Where is my refund?"


def understood(reply: Reply) -> list[tuple[str | None, str]]:
    return [(event.request, event.reading) for event in reply.events if isinstance(event, Understood)]


def decided(reply: Reply) -> list[str]:
    return [event.action for event in reply.events if isinstance(event, Decided)]


async def test_what_is_not_understood_is_read_as_what_else_it_may_have_been() -> None:
    assert understood(await bot().reply(MISHEARD, 1.0)) == [(None, "")]
    reply = await bot().reply(MISHEARD, 1.0, ["Whale is Maria?", WANTED])
    assert understood(reply) == [("refund_status", WANTED)]
    assert decided(reply) == ["answer"]


async def test_what_was_heard_comes_first() -> None:
    reply = await bot().reply("What is my balance?", 1.0, [WANTED])
    assert understood(reply) == [("balance", "")]


async def test_what_nothing_is_made_of_is_not_understood_once() -> None:
    reply = await bot().reply(MISHEARD, 1.0, ["Whale is Maria?"])
    assert understood(reply) == [(None, "")]
    assert decided(reply) == ["apologise"]


@pytest.mark.parametrize("other", ["Goodbye.", "Yes please.", "No."])
async def test_no_call_ends_and_nothing_is_agreed_to_on_a_guess(other: str) -> None:
    reply = await bot().reply(MISHEARD, 1.0, [other])
    assert understood(reply) == [(None, "")]
    assert not reply.hang_up


async def test_a_person_is_brought_where_a_guess_surely_asks_for_one() -> None:
    reply = await bot().reply("Page into flee.", 1.0, ["I want to speak to a human agent, please."])
    assert [event for event, _ in understood(reply)] == ["person"]
    triggers = Triggers(playbook())
    triggers.observe(Heard(who="caller", text="Page into flee.", start=0, end=1, confidence=0.4), 1.0)
    fired = [trigger for event in reply.events if (trigger := triggers.observe(event, 1.0))]
    assert fired == [
        Trigger(
            kind=TriggerKind.ASKED,
            evidence='"Page into flee.", read as "I want to speak to a human agent, please."',
            t=1.0,
            score=fired[0].score,
        )
    ]


async def test_the_answer_to_the_bots_own_question_may_be_among_the_guesses() -> None:
    office = StandInBackOffice()
    talker = bot(office, verified=False)
    await talker.reply("What is my balance?", 1.0)
    reply = await talker.reply("Seventy vibe oh well.", 2.0, ["75012."])
    assert understood(reply) == [("balance", "75012.")]
    assert office.asked[-1].look_up == "balance"


async def test_one_wrong_answer_is_not_tried_in_several_ways() -> None:
    office = StandInBackOffice()
    talker = bot(office, verified=False)
    await talker.reply("What is my balance?", 1.0)
    await talker.reply("75013.", 2.0, ["75012."])
    assert [inquiry.look_up for inquiry in office.asked] == ["verify"]


async def test_how_surely_it_can_be_answered_goes_by_what_else_it_may_have_been() -> None:
    assert await bot().grasps(MISHEARD) == 0.0
    assert await bot().grasps(MISHEARD, [WANTED]) == await bot().grasps(WANTED) > 0.5


def test_a_worker_that_takes_over_knows_what_else_was_said() -> None:
    heard = Heard(who="caller", text=MISHEARD, start=0, end=1, confidence=0.4, others=(WANTED,))
    memory = Memory()
    memory.take_all(entries(heard))
    assert memory.unanswered == (MISHEARD, WANTED)
    resumed = bot().resume(entries(heard))
    assert [event.request for event in resumed.events if isinstance(event, Decided)] == ["refund_status"]
