import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.voice.bot_stand_ins import playbook
from voice.dialogue.guardrails import judge
from voice.dialogue.playbook import Language
from voice.dialogue.promises_command import facts_of, judge_text
from voice.dialogue.saying import in_sentences

DATA = Path(__file__).with_name("data")

FACTS = {"balance_due": "91.50 EUR", "next_date": "2026-03-07"}
CLAUSES = {"credited": "A refund that has been sent is on the customer's bank account within 5 working days."}


@pytest.mark.parametrize(
    "sentence",
    [
        "You owe 91 euros 50 at the moment.",
        "It is due on Saturday the 7th of March.",
        "A refund arrives within 5 working days.",
        "Is there anything else?",
        "A colleague will confirm that.",
    ],
)
def test_what_a_fact_or_clause_carries_may_be_said(sentence: str) -> None:
    assert judge(sentence, "en", FACTS, CLAUSES).allowed


@pytest.mark.parametrize(
    ("sentence", "language", "named"),
    [
        ("You owe 92 euros.", "en", "92"),
        ("It arrives within 3 days.", "en", "3"),
        ("It is due on the 8th of March.", "en", "8"),
        ("I promise it is on its way.", "en", "on its way"),
        ("I promise.", "en", "promise"),
        ("We will waive the fee.", "en", "waive"),
        ("Vous recevrez 30 euros.", "fr", "recev"),
        ("Nous allons annuler les frais.", "fr", "annuler"),
    ],
)
def test_what_nothing_carries_may_not(sentence: str, language: str, named: str) -> None:
    verdict = judge(sentence, language, {}, CLAUSES)
    assert not verdict.allowed
    assert named in verdict.why


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_playbooks_own_sentences_commit_to_nothing(language: Language) -> None:
    clauses = {name: clause.text[language][0] for name, clause in playbook().clauses.items()}
    found = {
        wording: {name: place[-1]}
        for name, request in playbook().requests.items()
        for place, answer in request.every_answer()
        for texts in (answer.say, answer.verified)
        for wording in (texts or {}).get(language, ())
    }
    for text in playbook().fixed_sentences(language):
        for sentence in in_sentences(text):
            assert judge(sentence, language, found.get(text, {"asked": "none"}), clauses).allowed, sentence


@pytest.mark.parametrize(
    ("name", "held_at_most"), [("promises", 0.02), ("promises_unseen", 0.02), ("promises_reworded", 0.06)]
)
def test_the_sentences_of_each_set(name: str, held_at_most: float) -> None:
    """What they gave while unseen stands in docs/understanding.md; this only guards it."""
    with (DATA / f"{name}.jsonl").open(encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    leaked, held = [], []
    for line in lines:
        clauses = {clause["id"]: clause["text"] for clause in line["clauses"]}
        verdict = judge_text(line["text"], line["lang"], facts_of(line["facts"]), clauses)
        if verdict.allowed and not line["allowed"]:
            leaked.append(line["text"])
        elif line["allowed"] and not verdict.allowed:
            held.append((line["text"], verdict.why))
    assert len(leaked) <= 0.01 * len(lines), leaked
    assert len(held) <= held_at_most * sum(line["allowed"] for line in lines), held


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("We'll frobnicate that for you.", "en"),
        ("You may frobnicate it.", "en"),
        ("It has been frobnicated.", "en"),
        ("We won't report you to anyone.", "en"),
        ("Nous allons frobniquer tout cela.", "fr"),
        ("Vous pourrez frobniquer.", "fr"),
        ("On vous le frobnique.", "fr"),
        ("Personne ne viendra vous le réclamer.", "fr"),
    ],
)
def test_whatever_would_be_done_is_a_commitment(sentence: str, language: str) -> None:
    assert not judge(sentence, language, {}, CLAUSES).allowed


def test_a_commitment_names_the_clause_that_carries_it() -> None:
    assert judge("A refund arrives within 5 working days.", "en", {}, CLAUSES).clause == "credited"
    assert judge("You owe 91 euros 50 at the moment.", "en", FACTS, CLAUSES).clause is None


def test_a_near_day_is_carried_by_the_date_it_is() -> None:
    facts = {"delivery_date": "2026-03-03"}
    assert judge("Your parcel arrives tomorrow.", "en", facts, {}, date(2026, 3, 2)).allowed
    assert not judge("Your parcel arrives tomorrow.", "en", facts, {}, date(2026, 3, 1)).allowed


@given(st.text(max_size=80), st.sampled_from(["en", "fr"]))
def test_any_text_is_judged(text: str, language: str) -> None:
    judge(text, language, FACTS, CLAUSES)
