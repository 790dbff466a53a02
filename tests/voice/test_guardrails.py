import pytest

from voice.dialogue.guardrails import judge

FACTS = {"balance_due": "91.50 EUR", "next_date": "2026-03-07"}
CLAUSES = ("A refund that has been sent is on the customer's bank account within 5 working days.",)


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
        ("I promise it is on its way.", "en", "promise"),
        ("We will waive the fee.", "en", "we will"),
        ("Vous recevrez 30 euros.", "fr", "30"),
        ("Nous allons annuler les frais.", "fr", "nous allons"),
    ],
)
def test_what_nothing_carries_may_not(sentence: str, language: str, named: str) -> None:
    verdict = judge(sentence, language, {}, CLAUSES)
    assert not verdict.allowed
    assert named in verdict.why
