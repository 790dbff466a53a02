"""A call that comes back from an agent: the bot knows what was promised and does what it is told to."""

from pathlib import Path

import pytest

from tests.voice.bot_stand_ins import FOLDER, StoppedClock, bot, playbook, understanding
from tests.voice.call_entries import entries, heard
from voice.dialogue.bot import Bot
from voice.dialogue.demo_back_office import DemoBackOffice
from voice.dialogue.returning import named, returned, still_to_close
from voice.journal.events import AnyEvent, Decided, Entry, GivenBack, Promised

ABOUT = {name: request.about["en"][0] for name, request in playbook().requests.items()}


def history(instruction: str, *promises: str, verified: bool = True) -> list[Entry]:
    events: list[AnyEvent] = [heard("Nobody answers my letters!")]
    events += [Promised(text=promise, agent="Ann") for promise in promises]
    return entries(*events, GivenBack(agent="Ann", instruction=instruction, verified=verified))


def at_the_demo(folder: Path) -> Bot:
    return Bot(
        playbook(),
        DemoBackOffice(FOLDER, folder / "demo.sqlite"),
        understanding=understanding(),
        clock=StoppedClock(),
        caller="+4740000001",
    )


async def test_take_the_new_address_then_close(tmp_path: Path) -> None:
    talker = at_the_demo(tmp_path)
    left = history("Take the new address, then close.", "A letter goes out on Friday.")
    first = await talker.take_back(left)
    assert first.sentences == (
        "What my colleague has promised you is noted: A letter goes out on Friday.",
        "What is the new street and house number?",
    )
    for turn in ("twenty seven Orchard Street", "seven five zero one one", "Paris"):
        reply = await talker.reply(turn, 1.0)
    assert "Is that right?" in reply.sentences[-1]
    reply = await talker.reply("yes", 1.0)
    assert reply.sentences[0] == "Done."
    assert reply.sentences[-1] == "Goodbye."
    assert reply.hang_up


async def test_who_was_not_verified_by_the_agent_is_asked() -> None:
    reply = await bot(verified=False).take_back(history("tell them their balance", verified=False))
    assert "postcode" in reply.sentences[0]


async def test_with_nothing_to_do_the_bot_asks_or_closes() -> None:
    asks = await bot().take_back(history(""))
    assert asks.sentences == ("Is there anything else?",)
    assert not asks.hang_up
    closes = await bot().take_back(history("please close the call".replace("please ", "")))
    assert closes.hang_up


@pytest.mark.parametrize(
    ("instruction", "request_name", "close"),
    [
        ("take the new address, then close", "change_address", True),
        ("Resend the invoice and then say goodbye", "resend_invoice", True),
        ("move the due date", "move_due_date", False),
        ("take the new address and close the call", "change_address", True),
        ("take the name and address", "change_address", False),
        ("tell her where the refund is", "refund_status", False),
        ("reprends la nouvelle adresse, puis raccroche", "change_address", True),
        ("sing them a song", None, False),
        ("", None, False),
    ],
)
def test_an_instruction_is_read(instruction: str, request_name: str | None, close: bool) -> None:
    left = returned(history(instruction), playbook(), "fr" if "raccroche" in instruction else "en")
    assert (left.request, left.close) == (request_name, close)


def test_what_could_mean_two_things_means_none() -> None:
    assert named("the payment", {"one": "a payment", "two": "moving a payment"}) is None
    assert named("the card", ABOUT) == "card_blocked"


async def test_the_call_is_over_after_what_the_agent_wanted_and_not_before(tmp_path: Path) -> None:
    talker = at_the_demo(tmp_path)
    await talker.take_back(history("take the new address, then close"))
    reply = await talker.reply("what is my balance please", 1.0)
    assert ("answer", "balance") in [(e.action, e.request) for e in reply.events if isinstance(e, Decided)]
    assert not reply.hang_up


async def test_a_bot_that_comes_back_after_a_worker_was_lost_still_closes() -> None:
    given = history("resend the invoice, then close")
    assert still_to_close(given, playbook(), "en") == "resend_invoice"
    asked = entries(GivenBack(agent="Ann", instruction="resend the invoice, then close", verified=True))
    done = [*asked, *entries(Decided(action="answer", why="", request="resend_invoice"))]
    assert still_to_close(done, playbook(), "en") is None
    assert still_to_close(history("resend the invoice"), playbook(), "en") is None
    assert still_to_close([], playbook(), "en") is None
