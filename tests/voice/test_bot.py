from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.voice.bot_stand_ins import StandInBackOffice, bot, playbook
from tests.voice.call_entries import entries, heard
from voice.dialogue.bot import Bot
from voice.dialogue.reply import Reply
from voice.journal.events import AnyEvent, Decided, LookedUp, Promised, Said, TriggerKind, Understood
from voice.takeover.triggers import SILENT_CALLER, Triggers


def decided(reply: Reply) -> list[str]:
    return [event.action for event in reply.events if isinstance(event, Decided)]


def understood(reply: Reply) -> list[str | None]:
    return [event.request for event in reply.events if isinstance(event, Understood)]


async def after(bot: Bot, *turns: str) -> Reply:
    replies = [await bot.reply(turn, float(t)) for t, turn in enumerate(turns)]
    return replies[-1]


def test_the_greeting_is_the_playbooks() -> None:
    assert " ".join(bot().greeting().sentences) == playbook().greeting
    assert "robot" in " ".join(bot(language="fr-FR").greeting().sentences)


SERVED = (
    ("en", "Hello, I would like to know my balance, please.", "balance"),
    ("en", "When is my next payment?", "next_payment_date"),
    ("en", "Where is my refund?", "refund_status"),
    ("en", "What are your opening hours?", "opening_hours"),
    ("fr", "Je voudrais connaître mon solde.", "balance"),
    ("fr", "C'est quand, mon prochain paiement ?", "next_payment_date"),
    ("fr", "Où est mon remboursement ?", "refund_status"),
    ("fr", "Quels sont vos horaires ?", "opening_hours"),
)
ANSWERS = (
    "You owe 91 euros at the moment.",
    "Your next payment of 45 euros 50 is due on Saturday the 7th of March.",
    "We sent your refund of 20 euros on Sunday the 1st of March.",
    "Our team is here until 8 in the evening.",
    "Vous devez actuellement 91 euros.",
    "Votre prochain paiement de 45 euros 50 est prévu le samedi 7 mars.",
    "Nous avons envoyé votre remboursement de 20 euros le dimanche 1er mars.",
    "Notre équipe est là jusqu'à 20 heures.",
)


@pytest.mark.parametrize(
    ("language", "words", "request_name", "answer"),
    [(*served, answer) for served, answer in zip(SERVED, ANSWERS, strict=True)],
)
async def test_what_it_serves(language: str, words: str, request_name: str, answer: str) -> None:
    reply = await bot(language=language).reply(words, 5.0)
    assert reply.sentences[0] == answer
    assert understood(reply) == [request_name]
    assert decided(reply) == ["answer"]
    assert not reply.hang_up


async def test_two_requests_in_one_breath() -> None:
    reply = await bot().reply("How much do I owe and when is my next payment?", 5.0)
    assert understood(reply) == ["balance", "next_payment_date"]
    assert len(reply.sentences) == 3


async def test_a_commitment_is_journalled_with_its_clause() -> None:
    reply = await bot().reply("Where is my refund?", 5.0)
    [promised] = [event for event in reply.events if isinstance(event, Promised)]
    assert promised.clause == "refund-credited"
    assert "within 5 working days" in promised.text


@pytest.mark.parametrize(
    ("failure", "sentence", "error"),
    [
        ("down", "I cannot see your balance right now.", "the database cannot be read"),
        ("stranger", "I cannot find an account with the number you are calling from.", "no account has"),
        ("odd", "I cannot see your balance right now.", ""),
        ("sparse", "I cannot see your balance right now.", ""),
    ],
)
async def test_a_back_office_that_fails_leads_to_a_person(failure: str, sentence: str, error: str) -> None:
    reply = await bot(StandInBackOffice(failure)).reply("What is my balance?", 5.0)
    assert reply.sentences == (sentence,)
    assert decided(reply) == ["hand_over"]
    [looked_up] = [event for event in reply.events if isinstance(event, LookedUp)]
    assert error in looked_up.error


async def test_a_back_office_that_hangs_is_given_up() -> None:
    hasty = playbook().thresholds.model_copy(update={"back_office_s": 0.01})
    book = playbook().model_copy(update={"thresholds": hasty})
    reply = await bot(StandInBackOffice("slow"), book=book).reply("What is my balance?", 5.0)
    assert decided(reply) == ["hand_over"]
    [looked_up] = [event for event in reply.events if isinstance(event, LookedUp)]
    assert looked_up.error == "no answer within 0.01 s"


async def test_a_playbook_may_put_up_with_more_than_one_failure() -> None:
    lenient = playbook().thresholds.model_copy(update={"failures": 2})
    book = playbook().model_copy(update={"thresholds": lenient})
    triggers, talker = Triggers(book), bot(StandInBackOffice("down"), book=book)
    first = await talker.reply("What is my balance?", 5.0)
    assert first.sentences == ("I cannot see your balance right now.", "Is there anything else?")
    assert decided(first) == ["apologise"]
    assert not [event for event in first.events if triggers.observe(event, 5.0)]
    other = bot(StandInBackOffice("down"), book=book)
    other.resume(entries(*first.events))
    for after_one in (talker, other):
        second = await after_one.reply("When is my next payment?", 9.0)
        assert decided(second) == ["hand_over"]
    fired = [trigger.kind for event in second.events if (trigger := triggers.observe(event, 9.0))]
    assert fired == [TriggerKind.BOT_FAILED]


async def test_what_it_does_not_know_it_says_once_and_then_hands_over() -> None:
    talker = bot()
    first = await talker.reply("My bicycle has a flat tyre.", 5.0)
    assert first.sentences[0] == "Sorry, I did not understand."
    assert (understood(first), decided(first)) == ([None], ["apologise"])
    second = await talker.reply("The chain is rusty as well.", 9.0)
    assert (second.sentences, decided(second)) == ((), ["hand_over"])


@pytest.mark.parametrize("words", ["Agent!", "Can I talk to a person?"])
async def test_asking_for_a_person_is_never_answered_by_the_bot(words: str) -> None:
    reply = await bot().reply(words, 5.0)
    assert (reply.sentences, understood(reply), decided(reply)) == ((), ["person"], ["hand_over"])


async def test_a_topic_for_people_gets_a_kind_word_and_a_person() -> None:
    reply = await bot().reply("My husband died and he had an account with you.", 5.0)
    assert reply.sentences == ("I am very sorry to hear that.",)
    assert (understood(reply), decided(reply)) == (["bereavement"], ["hand_over"])


@pytest.mark.parametrize("words", ["Thank you, that is all. Goodbye.", "No, that's all, thanks.", "Bye!"])
async def test_goodbye_ends_the_call(words: str) -> None:
    reply = await bot().reply(words, 5.0)
    assert reply.hang_up
    assert (understood(reply), decided(reply)) == (["goodbye"], ["close"])
    assert reply.sentences[-1] == "Goodbye."


async def test_no_after_an_answer_is_goodbye_and_before_one_is_not() -> None:
    assert (await after(bot(), "What is my balance?", "No.")).hang_up
    assert not (await after(bot(), "No.")).hang_up


async def test_it_repeats_what_it_said() -> None:
    talker = bot()
    said = (await talker.reply("What is my balance?", 5.0)).sentences
    again = await talker.reply("Sorry, could you say that again?", 9.0)
    assert again.sentences == ("Of course, once more:", *said)
    assert (await talker.reply("What?", 12.0)).sentences == again.sentences
    assert decided(again) == ["repeat"]


async def test_there_may_be_nothing_to_repeat() -> None:
    reply = await bot().reply("Pardon?", 5.0)
    assert reply.sentences[0] == "I have not told you anything yet."


async def test_a_caller_who_wants_a_moment_gets_it() -> None:
    reply = await bot().reply("Hold on a second.", 5.0)
    assert (reply.sentences, decided(reply)) == ((), ["wait"])


def test_silence_is_asked_into_twice_and_then_handed_over() -> None:
    talker = bot()
    first, second, third = (talker.silence(t) for t in (7.0, 14.0, 21.0))
    assert first.sentences == ("Are you still there?",)
    assert second.sentences[0] == "I cannot hear you."
    assert third.sentences == ()
    assert [event.why for event in third.events if isinstance(event, Decided)] == [SILENT_CALLER]


async def test_a_word_ends_the_silence() -> None:
    talker = bot()
    talker.silence(7.0)
    talker.silence(14.0)
    await talker.reply("Hello?", 16.0)
    assert decided(talker.silence(23.0)) == ["ask"]


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        (datetime(2026, 3, 2, 6, 30, tzinfo=UTC), "Our team is back today at 8 in the morning."),
        (datetime(2026, 3, 2, 20, 30, tzinfo=UTC), "Our team is back tomorrow at 8 in the morning."),
        (datetime(2026, 3, 7, 18, 0, tzinfo=UTC), "Our team is back on Monday at 8 in the morning."),
        (datetime(2026, 3, 6, 12, 0, tzinfo=UTC), "Our team is here until 6 in the evening."),
    ],
)
async def test_opening_hours_go_by_the_day_where_the_company_is(at: datetime, sentence: str) -> None:
    reply = await bot(at=at).reply("When are you open?", 5.0)
    assert reply.sentences[0] == sentence


PAST: tuple[AnyEvent, ...] = (
    heard("Where is my refund?"),
    Understood(request="refund_status", confidence=0.9),
)
ANSWERED: tuple[AnyEvent, ...] = (
    LookedUp(request="refund_status", ok=True, facts={"refund_amount": "20.00 EUR"}),
    Decided(action="answer", why="asked", request="refund_status"),
    Said(text="We sent your refund.", start=3.0, end=5.0),
)


@pytest.mark.parametrize(
    ("history", "said"),
    [
        ((), ("What can I do for you?",)),
        (PAST[:1], ("You were asking about your refund.", "Shall I go on with that?")),
        (PAST, ("You were asking about your refund.", "Shall I go on with that?")),
        ((*PAST, *ANSWERED), ("You were asking about your refund.", "Is there anything else?")),
    ],
)
def test_cut_off_it_still_knows_what_was_asked(history: Sequence[AnyEvent], said: tuple[str, ...]) -> None:
    assert bot().resume(entries(*history)).sentences == ("Sorry, we were cut off for a moment.", *said)


@pytest.mark.parametrize("history", [(), PAST])
def test_cut_off_again_and_again_it_says_so_in_other_words(history: Sequence[AnyEvent]) -> None:
    told: list[tuple[str, ...]] = []
    past = list(history)
    for at in range(4):
        sentences = bot().resume(entries(*past)).sentences
        past += [Said(text=text, start=30.0 + at, end=31.0 + at) for text in sentences]
        told.append(sentences)
    assert not any("once more" in text for sentences in told for text in sentences)
    assert told[0] == told[2] != told[1] == told[3]


async def test_cut_off_before_the_answer_a_yes_gets_it() -> None:
    talker = bot()
    talker.resume(entries(*PAST))
    reply = await talker.reply("Yes please.", 20.0)
    assert understood(reply) == ["refund_status"]


async def test_after_a_resume_it_repeats_what_the_lost_worker_said() -> None:
    talker = bot()
    talker.remember(entries(*PAST, *ANSWERED))
    reply = await talker.reply("Can you repeat that?", 20.0)
    assert reply.sentences[1:] == ("We sent your refund.",)


WORDS = (
    "What is my balance?", "balance", "hello", "thanks", "yes", "no", "my cat", "repeat", "when are you open",
    "where is my refund", "ok", "wait", "what do I owe and when is the next payment", "",
)  # fmt: skip
TURNS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12)


@settings(deadline=None, max_examples=40)
@given(TURNS, st.sampled_from(["en", "fr"]))
async def test_never_the_same_sentence_twice_in_a_row_and_never_nothing(
    turns: list[str], language: str
) -> None:
    talker = bot(language=language)
    said = talker.greeting().sentences
    for t, turn in enumerate(turns):
        reply = await talker.reply(turn, float(t))
        assert reply.sentences or decided(reply)[-1] in {"wait", "hand_over"}
        flat = (*said[-1:], *reply.sentences)
        assert all(one != other for one, other in pairwise(flat))
        said = reply.sentences or said
