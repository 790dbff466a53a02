"""The ten requests of the shipped playbook, turn by turn, against the demo back office."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.voice.bot_stand_ins import FOLDER, StoppedClock, playbook, understanding
from tests.voice.call_entries import entries, heard
from voice.dialogue.back_office import Found, Inquiry
from voice.dialogue.bot import Bot
from voice.dialogue.demo_back_office import DemoBackOffice
from voice.dialogue.reply import Reply
from voice.dialogue.verification import NOT_VERIFIED
from voice.journal.events import AnyEvent, Decided, LookedUp, Promised, Understood


class Desk:
    """A bot on a fresh demo back office, and everything it did."""

    def __init__(self, folder: Path, number: int, language: str = "en") -> None:
        self.database = folder / "demo.sqlite"
        self.office = DemoBackOffice(FOLDER, self.database)
        self.asked: list[Inquiry] = []
        self.events: list[AnyEvent] = []
        self.language = language
        self.bot = self.new_bot(number)

    def new_bot(self, number: int) -> Bot:
        return Bot(
            playbook(),
            self,
            understanding=understanding(),
            clock=StoppedClock(),
            caller=f"+474000000{number}",
            language=self.language,
            call="c1",
        )

    async def look_up(self, inquiry: Inquiry) -> Found:
        self.asked.append(inquiry)
        return await self.office.look_up(inquiry)

    async def hear(self, *turns: str) -> list[str]:
        """Return what the bot said to the last of the turns."""
        reply = Reply()
        for turn in turns:
            reply = await self.bot.reply(turn, 1.0)
            self.events += reply.events
        return list(reply.sentences)

    def row(self, query: str) -> Sequence[object]:
        with closing(sqlite3.connect(self.database)) as db:
            return tuple(db.execute(query).fetchone())

    def actions(self) -> list[str]:
        return [event.action for event in self.events if isinstance(event, Decided)]

    def keys(self) -> list[str]:
        return [inquiry.key for inquiry in self.asked if inquiry.key]


DIALOGUES = [
    (1, "en", ("What is my balance?", "Seven five oh one two."), "You owe 91 euros at the moment."),
    (1, "en", ("When is my next payment?", "75012"), "Your next payment of 45 euros 50 is due on"),
    (7, "en", ("Did you get my payment?", "31,500"), "Yes, your payment of 79 euros 90 arrived"),
    (7, "en", ("I paid 30 euros, did you get my payment?", "3 1 5 0 0"), "I do not see that amount."),
    (2, "en", ("Where is my refund?",), "Your return has reached the shop. It is refunded"),
    (7, "en", ("Where is my refund?",), "Your refund has been sent. It reaches"),
    (4, "en", ("Where is my order?",), "Your order has been delivered."),
    (1, "en", ("Where is my order?", "F J 1 0 4 4 7 1"), "Your order has left the shop"),
    (1, "en", ("Where is order FJ 209982?",), "The shop is still packing your order."),
    (1, "en", ("Where is my order?", "S J 2 0 9 9 8 2", "Yes."), "The shop is still packing"),
    (1, "en", ("Please send me my invoice again.",), "I have sent your latest invoice"),
    (3, "en", ("My card is blocked.", "thirty three thousand"), "Your card is blocked because a payment"),
    (5, "en", ("Why is my card blocked?", "59800."), "Your card is blocked after three wrong codes."),
    (6, "en", ("When are you open?",), "Our team is here until 8 in the evening."),
    (1, "fr", ("Quel est mon solde ?", "soixante-quinze mille douze"), "Vous devez actuellement 91 euros."),
    (1, "fr", ("C'est quand mon prochain paiement ?", "75 012"), "Votre prochain paiement de 45 euros 50"),
    (7, "fr", ("Vous avez reçu mon paiement ?", "trente et un cinq cents"), "Oui, votre paiement"),
    (2, "fr", ("Où est mon remboursement ?",), "Votre retour est arrivé chez le commerçant."),
    (4, "fr", ("Où est ma commande ?",), "Votre commande a été livrée."),
    (1, "fr", ("Renvoyez-moi ma facture.",), "J'ai envoyé votre dernière facture"),
    (3, "fr", ("Ma carte est bloquée.", "trente-trois mille"), "Votre carte est bloquée à cause"),
    (6, "fr", ("Quels sont vos horaires ?",), "Notre équipe est là jusqu'à 20 heures."),
]  # fmt: skip


@pytest.mark.parametrize(("number", "language", "turns", "answer"), DIALOGUES)
async def test_a_request_end_to_end(
    tmp_path: Path, number: int, language: str, turns: tuple[str, ...], answer: str
) -> None:
    desk = Desk(tmp_path, number, language)
    said = await desk.hear(*turns)
    assert " ".join(said).startswith(answer)
    assert desk.actions()[-1] == "answer"


MOVES = [
    ("en", ("I'd like to move my due date.", "75012", "to the fourteenth", "Yes please."), "2026-03-14"),
    ("en", ("Can I pay on the 14th instead?", "75012", "Yes."), "2026-03-14"),
    ("en", ("Can I pay in two weeks?", "75012", "No, on the tenth.", "Yes, that's right."), "2026-03-10"),
    ("en", ("Can I pay in two weeks?", "75012", "No.", "The tenth of March.", "Go ahead."), "2026-03-10"),
    ("en", ("Can I pay a week later?", "75012", "Yes."), "2026-03-14"),
    ("en", ("I'd like to move my due date.", "75012", "a week later", "Yes."), "2026-03-14"),
    ("fr", ("Je voudrais reporter mon paiement.", "75012", "une semaine plus tard", "Oui."), "2026-03-14"),
    ("fr", ("Je voudrais reporter mon paiement.", "75012", "dans quinze jours", "Oui."), "2026-03-16"),
    ("fr", ("Je voudrais payer plus tard.", "75012", "le vingt mars", "Oui, allez-y."), "2026-03-20"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "turns", "due"), MOVES)
async def test_a_due_date_really_moves(
    tmp_path: Path, language: str, turns: tuple[str, ...], due: str
) -> None:
    desk = Desk(tmp_path, 1, language)
    said = await desk.hear(*turns)
    assert said[0] in ("Done.", "C'est fait.")
    assert desk.row("SELECT due, moved_from FROM instalment WHERE id = 2") == (due, "2026-03-07")
    assert desk.row("SELECT count(*) FROM change") == (1,)
    [promised] = [event for event in desk.events if isinstance(event, Promised)]
    assert promised.clause == "due-date-moved"


async def test_nothing_is_changed_before_the_yes(tmp_path: Path) -> None:
    desk = Desk(tmp_path, 1)
    said = await desk.hear("Can I pay on the 14th instead?", "75012")
    assert said == ["Shall I move your payment of 45 euros 50 to Saturday the 14th of March?"]
    assert not desk.keys()
    said = await desk.hear("No.", "Leave it.")
    assert "nothing has been changed" in " ".join(said) or "stays as it is" in " ".join(said)
    assert not desk.keys()
    assert desk.row("SELECT due FROM instalment WHERE id = 2") == ("+5 days",)


@pytest.mark.parametrize("doubtful", ["Yes, but can it be later?", "Hmm, wait.", "Maybe."])
async def test_a_doubtful_yes_changes_nothing(tmp_path: Path, doubtful: str) -> None:
    desk = Desk(tmp_path, 1)
    await desk.hear("Can I pay on the 14th instead?", "75012", doubtful)
    assert not desk.keys()


async def test_a_day_too_late_is_said_and_asked_again(tmp_path: Path) -> None:
    desk = Desk(tmp_path, 1)
    said = await desk.hear("Can I pay on the 30th of April?", "75012", "Yes.")
    assert said[0] == "I cannot move it there."
    said = await desk.hear("The 20th of March.", "Yes.")
    assert said[0] == "Done."
    said = await desk.hear("Can I pay even later?")
    assert said[0] == "That payment has been moved before, and it can be moved once."


async def test_the_same_key_changes_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path, 1)
    slots = {"new_date": "2026-03-14"}
    inquiry = Inquiry("move_due_date", "+4740000001", StoppedClock().utc().date(), slots, key="k")
    first, again = await desk.look_up(inquiry), await desk.look_up(inquiry)
    assert first == again
    assert first.outcome == "moved"
    assert desk.row("SELECT count(*) FROM change") == (1,)


MOVED_HOUSE = ("I've moved house.", "75012", "12 Mill Lane", "69003", "Lyon")


async def test_a_change_that_was_lost_with_the_worker_is_made_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path, 1)
    await desk.hear(*MOVED_HOUSE)
    known = entries(heard(MOVED_HOUSE[0]), *desk.events)
    assert (await desk.hear("Yes."))[0] == "Done."
    desk.bot = desk.new_bot(1)
    desk.bot.resume(known)
    assert (await desk.hear("Yes please.", "Yes."))[0] == "Done."
    first, again = desk.keys()
    assert first == again
    assert desk.row("SELECT count(*) FROM change") == (1,)


async def test_what_is_changed_back_and_again_is_changed_each_time(tmp_path: Path) -> None:
    desk = Desk(tmp_path, 1)
    await desk.hear(*MOVED_HOUSE, "Yes.")
    await desk.hear("I want to change my address.", "1 Low Road", "69002", "Lyon", "Yes.")
    await desk.hear("I want to change my address.", "12 Mill Lane", "69003", "Lyon", "Yes.")
    assert len(set(desk.keys())) == 3
    assert desk.row("SELECT street FROM customer WHERE id = 1") == ("12 Mill Lane",)


async def test_an_invoice_is_sent_once_for_each_time_it_is_asked_for(tmp_path: Path) -> None:
    desk = Desk(tmp_path, 1)
    asked = "Please send me my invoice again."
    await desk.hear(asked)
    desk.bot = desk.new_bot(1)
    desk.bot.resume(entries(heard(asked)))
    await desk.hear("Yes please.")
    assert desk.row("SELECT count(*) FROM invoice") == (1,)
    await desk.hear("Please send it once more, send me my invoice again.")
    assert desk.row("SELECT count(*) FROM invoice") == (2,)


ADDRESSES = [
    ("en", ("I've moved house.", "75012", "It's 12 Mill Lane.", "six nine double oh three", "Lyon.", "Yes.")),
    ("en", ("I want to change my address.", "75012", "12 Mill Lane, 69003 Lyon", "Lyon", "That's right.")),
    ("en", ("I've moved house.", "75012", "12 Mill Lane", "69002", "Lyon", "No, 69003.", "Yes.")),
    ("en", ("I moved.", "75012", "1 Mill St", "69003", "Lyon", "No.", "The street.", "12 Mill Lane", "Yes.")),
    ("fr", ("J'ai déménagé.", "75012", "12 Mill Lane", "soixante-neuf mille trois", "Lyon", "Oui.")),
]  # fmt: skip


@pytest.mark.parametrize(("language", "turns"), ADDRESSES)
async def test_an_address_really_changes(tmp_path: Path, language: str, turns: tuple[str, ...]) -> None:
    desk = Desk(tmp_path, 1, language)
    said = await desk.hear(*turns)
    assert said[0] in ("Done.", "C'est fait.")
    changed = desk.row("SELECT street, postcode, town FROM customer WHERE id = 1")
    assert changed == ("12 Mill Lane", "69003", "Lyon")


async def test_three_wrong_facts_lead_to_a_person(tmp_path: Path) -> None:
    desk = Desk(tmp_path, 1)
    said = await desk.hear("What is my balance?", "10115")
    assert said[0] == "That is not what we have on file."
    assert "postcode" in said[1]
    said = await desk.hear("20095")
    assert "date of birth" in said[1]
    said = await desk.hear("The 5th of May 1985.")
    assert said == ["I cannot be sure that it is you, so I would rather not say more."]
    last = desk.events[-1]
    assert isinstance(last, Decided)
    assert (last.action, last.why) == ("hand_over", NOT_VERIFIED)
    assert not any(inquiry.look_up == "balance" for inquiry in desk.asked)


async def test_figures_in_two_breaths_are_put_together(tmp_path: Path) -> None:
    desk = Desk(tmp_path, 1)
    assert await desk.hear("What is my balance?", "7 5 0") == []
    assert desk.actions()[-1] == "wait"
    assert (await desk.hear("1-2."))[0] == "You owe 91 euros at the moment."


async def test_figures_that_never_become_a_code_are_asked_for_again(tmp_path: Path) -> None:
    desk = Desk(tmp_path, 1)
    said = await desk.hear("What is my balance?", "7 5 0", "Sorry, the dog.")
    assert said[0] == "Sorry, I did not catch that."


async def test_the_date_of_birth_will_do_where_the_postcode_was_wrong_twice(tmp_path: Path) -> None:
    desk = Desk(tmp_path, 1)
    said = await desk.hear("What is my balance?", "10115", "20095", "the fourth of May, nineteen eighty five")
    assert said[0] == "You owe 91 euros at the moment."


async def test_who_is_verified_once_is_not_asked_again(tmp_path: Path) -> None:
    desk = Desk(tmp_path, 7)
    await desk.hear("What is my balance?", "31500")
    said = await desk.hear("And where is my refund?")
    assert said[0] == "We sent your refund of 79 euros 90 on Saturday the 28th of February."


async def test_a_fresh_worker_knows_who_was_verified_and_nobody_else(tmp_path: Path) -> None:
    desk = Desk(tmp_path, 1)
    await desk.hear("What is my balance?", "75012")
    history = entries(*desk.events)
    desk.bot = desk.new_bot(1)
    desk.bot.resume(history)
    assert (await desk.hear("When is my next payment?"))[0].startswith("Your next payment")
    desk.bot = desk.new_bot(1)
    assert "postcode" in (await desk.hear("When is my next payment?"))[0]


async def test_cut_off_in_the_middle_nothing_is_asked_twice(tmp_path: Path) -> None:
    desk = Desk(tmp_path, 1)
    await desk.hear("I want to move my payment to the 14th.")
    said = heard("I want to move my payment to the 14th.")
    desk.bot = desk.new_bot(1)
    desk.bot.resume(entries(said, *desk.events))
    said_last = await desk.hear("Yes please.", "75012")
    assert said_last == ["Shall I move your payment of 45 euros 50 to Saturday the 14th of March?"]


async def test_what_is_secret_stays_out_of_the_journal(tmp_path: Path) -> None:
    desk = Desk(tmp_path, 1)
    await desk.hear("What is my balance?", "75012")
    assert not any("75012" in repr(event) for event in desk.events)


async def test_two_requests_wait_for_one_verification(tmp_path: Path) -> None:
    desk = Desk(tmp_path, 1)
    said = await desk.hear("How much do I owe and when is my next payment?")
    assert len(said) == 1
    said = await desk.hear("75012")
    assert said[0] == "You owe 91 euros at the moment."
    assert said[1].startswith("Your next payment of")


async def test_another_request_may_come_in_between(tmp_path: Path) -> None:
    desk = Desk(tmp_path, 1)
    said = await desk.hear("I've moved house.", "75012", "Actually, what are your opening hours?")
    assert said[0] == "Our team is here until 8 in the evening."


async def test_a_matter_for_people_goes_to_people_in_the_middle_of_anything(tmp_path: Path) -> None:
    desk = Desk(tmp_path, 1)
    await desk.hear("Can I pay on the 14th instead?", "75012", "I lost my job and I can't pay you.")
    assert desk.actions()[-1] == "hand_over"


async def test_an_answer_that_is_none_is_asked_for_again_and_then_a_person_comes(tmp_path: Path) -> None:
    desk = Desk(tmp_path, 1)
    said = await desk.hear("What is my balance?", "The blue bicycle.")
    assert said[0] == "Sorry, I did not catch that."
    assert "postcode" in said[1]
    await desk.hear("The green one.")
    assert desk.actions()[-1] == "hand_over"
    misses = [event for event in desk.events if isinstance(event, Understood) and event.request is None]
    assert len(misses) == 2


async def test_a_stranger_has_no_account(tmp_path: Path) -> None:
    desk = Desk(tmp_path, 9)
    said = await desk.hear("What is my balance?", "75012")
    assert said == ["I cannot find an account with the number you are calling from."]
    assert [event.ok for event in desk.events if isinstance(event, LookedUp)] == [False]
