"""A French caller, by text through the bot of the shipped line: a brief with their checklist, in French."""

import re
from pathlib import Path

from tests.voice.bot_stand_ins import FOLDER, StoppedClock, playbook, understanding
from tests.voice.call_entries import entries, heard
from voice.dialogue.bot import Bot
from voice.dialogue.demo_back_office import DemoBackOffice
from voice.journal.events import AnyEvent, CallStarted, Triggered
from voice.takeover.brief import write_brief
from voice.takeover.carried import checked
from voice.takeover.similarity import Similarity
from voice.takeover.triggers import Triggers

TURNS = (
    "Bonjour, où en est mon remboursement ?",
    "C'est la veste bleue, je l'ai renvoyée il y a trois semaines.",
    "Passez-moi un conseiller, s'il vous plaît.",
)
CHECKLIST = (
    "Ingrid Solheim appelle au sujet de : remboursement",
    "L'appelant a reposé la même question, demande une personne.",
    "« passez moi un conseiller »",
    "nom: Ingrid Solheim",
    "a répondu sur remboursement",
    "la veste bleue, je l'ai renvoyée il y a trois semaines",
    "Passez-moi un conseiller, s'il vous plaît.",
    "La réponse du robot n'a pas suffi : demandez ce qui manque.",
)
_ENGLISH = re.compile(r"\b(?:the|caller|asked|with|was|not|their|by)\b")


async def test_the_brief_of_a_french_call_holds_the_callers_checklist_in_french(tmp_path: Path) -> None:
    book = playbook()
    bot = Bot(
        book,
        DemoBackOffice(FOLDER, tmp_path / "demo.sqlite"),
        understanding=understanding(),
        clock=StoppedClock(),
        caller="+4740000001",
        language="fr",
    )
    triggers, fired = Triggers(book, Similarity(None)), []
    events: list[AnyEvent] = [
        CallStarted(line="", caller="+4740000001", called="", carrier="", carrier_call="",
                    playbook=book.name, language="fr"),
    ]  # fmt: skip
    for turn in TURNS:
        reply = await bot.reply(turn, 1.0)
        for event in (heard(turn, language="fr"), *reply.events):
            events.append(event)
            if trigger := triggers.observe(event, 1.0):
                fired.append(trigger)
                events.append(Triggered(trigger=trigger))
    assert fired
    told = entries(*events)
    about = {name: request.about["fr"][0] for name, request in book.requests.items()}
    brief = write_brief(told, fired, language="fr", about=about)
    lists = (brief.tried, brief.promised, brief.facts, brief.feelings)
    written = "\n".join(
        [brief.headline, brief.reason, brief.last_words, brief.suggestion]
        + [one.text for part in lists for one in part]
    )
    for fact in CHECKLIST:
        assert fact in written, written
    assert not _ENGLISH.search(written), written
    assert checked(brief, told, fired, language="fr", about=about) == brief
