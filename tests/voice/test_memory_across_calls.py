from datetime import UTC, datetime

import pytest

from tests.voice.bot_stand_ins import MONDAY, bot
from tests.voice.call_entries import entries, heard
from voice.dialogue.bot import Bot
from voice.journal.events import LookedUp, Trigger, TriggerKind, Understood
from voice.journal.link import PastCall
from voice.takeover.brief import write_brief

HOUR = 3600.0


def past(
    hours: float,
    *requests: str,
    unsettled: tuple[str, ...] = (),
    promised: tuple[str, ...] = (),
    person: bool = False,
) -> PastCall:
    return PastCall(
        call="a", ago=hours * HOUR, requests=requests, open=unsettled, promised=promised, person=person
    )


def knowing(*calls: PastCall, at: datetime = MONDAY, language: str = "en", verified: bool = True) -> Bot:
    known = bot(at=at, language=language, verified=verified)
    known.know(calls)
    return known


@pytest.mark.parametrize(
    ("hours", "at", "language", "asked"),
    [
        (1, MONDAY, "en", "You rang earlier today."),
        (5, datetime(2026, 3, 2, 13, 0, tzinfo=UTC), "en", "You rang this morning."),
        (20, MONDAY, "en", "You rang yesterday."),
        (5, datetime(2026, 3, 2, 13, 0, tzinfo=UTC), "fr", "Vous avez appelé ce matin."),
    ],
)
def test_who_rang_before_is_asked_whether_it_is_about_the_same(
    hours: float, at: datetime, language: str, asked: str
) -> None:
    said = knowing(past(hours, "refund_status"), at=at, language=language).greeting().sentences
    assert said[-2] == asked
    assert {"en": "your refund?", "fr": "votre remboursement ?"}[language] in said[-1]
    assert sum(sentence.rstrip().endswith("?") for sentence in said) == 1


async def test_a_yes_serves_it() -> None:
    known = knowing(past(1, "balance", "refund_status", unsettled=("balance",)))
    said = known.greeting().sentences
    assert said[-2:] == (
        "You rang earlier today about your balance, and it was left open.",
        "Is this about that?",
    )
    reply = await known.reply("yes it is", 5.0)
    assert [event.request for event in reply.events if isinstance(event, Understood)] == ["balance"]


SENT = "I have sent your latest invoice to the e-mail address we have on file."
MOVED = "Done. Your payment of 45 euros 50 is now due on Saturday the 14th of March."
REFUNDED = "Your 20 euros left us on Saturday the 28th of February, and arrives within 5 working days."


@pytest.mark.parametrize(
    ("request_name", "promise", "language", "said"),
    [
        ("resend_invoice", SENT, "en", f"You rang yesterday, and we told you: {SENT}"),
        (
            "resend_invoice",
            "Votre facture est partie vers l'adresse e-mail enregistrée.",
            "fr",
            "Vous avez appelé hier, et nous vous avons dit : Votre facture est partie vers",
        ),
        (
            "move_due_date",
            MOVED,
            "en",
            "You rang yesterday about moving a payment, and we made you a promise.",
        ),
        ("refund_status", REFUNDED, "en", "You rang yesterday about your refund, and we made you a promise."),
        ("balance", "I'll see to it, said Ann.", "en", "about your balance, and we made you a promise."),
        ("balance", MOVED, "en", "You rang yesterday."),
        (
            "balance",
            "Votre facture est partie vers l'adresse e-mail enregistrée.",
            "en",
            "You rang yesterday.",
        ),
    ],
)
def test_the_greeting_says_what_was_promised_as_far_as_a_number_may_hear_it(
    request_name: str, promise: str, language: str, said: str
) -> None:
    known = knowing(past(20, request_name, promised=(promise,)), language=language, verified=False)
    spoken = " ".join(known.greeting().sentences)
    assert said in spoken
    assert not any(figure in spoken for figure in ("45", "20", "28th", "14th"))
    assert spoken.count("?") == 1


async def test_a_promise_with_facts_is_told_once_to_whoever_has_been_verified() -> None:
    call = past(20, "next_payment_date", promised=("Ann will look into the date.",))
    known = knowing(call, verified=False)
    known.greeting()
    asked = await known.reply("yes", 5.0)
    assert "postcode" in asked.sentences[-1]
    assert not any("Ann" in sentence for sentence in asked.sentences)
    told = await known.reply("75012", 9.0)
    assert told.sentences[0] == "When you rang yesterday, we told you: Ann will look into the date."
    assert told.sentences[1].startswith("Your next payment of 45 euros 50")
    again = await known.reply("When is my next payment?", 15.0)
    assert not any("Ann" in sentence for sentence in again.sentences)


async def test_a_promise_is_not_told_to_whoever_fails_or_asks_for_something_else() -> None:
    call = past(20, "next_payment_date", promised=("Ann will look into the date.",))
    known = knowing(call, verified=False)
    known.greeting()
    said: list[str] = []
    for words in ("yes", "10115", "20095", "the fifth of May 1985"):
        said += (await known.reply(words, 5.0)).sentences
    assert not any("Ann" in sentence for sentence in said)
    other = knowing(call)
    other.greeting()
    assert not any("Ann" in one for one in (await other.reply("What is my balance?", 5.0)).sentences)


async def test_a_promise_that_still_is_the_answer_is_not_said_twice() -> None:
    promise = "We sent your refund of 20 euros on Sunday the 1st of March."
    known = knowing(past(20, "refund_status", promised=(promise,)))
    known.greeting()
    said = (await known.reply("yes", 5.0)).sentences
    assert sum(promise in sentence for sentence in said) == 1
    assert not any("we told you" in sentence for sentence in said)


async def test_nothing_of_the_account_is_told_by_number_alone() -> None:
    greeting = knowing(past(1, "refund_status")).greeting()
    assert not [event for event in greeting.events if isinstance(event, LookedUp)]


@pytest.mark.parametrize("call", [past(100, "refund_status"), past(1), past(1, "no_such_request")])
def test_what_is_long_ago_or_unknown_is_not_mentioned(call: PastCall) -> None:
    assert knowing(call).greeting().sentences == bot().greeting().sentences


def test_the_brief_shows_the_earlier_calls() -> None:
    asked = Trigger(kind=TriggerKind.ASKED, evidence="agent", t=1.0)
    brief = write_brief(entries(heard("agent")), [asked], [past(3, "refund_status", person=True)])
    assert brief.earlier[0].text == "rang 3 hours ago about refund status; spoke to a colleague"
