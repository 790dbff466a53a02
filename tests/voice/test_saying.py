from datetime import date

import pytest

from voice.dialogue.saying import fill, in_sentences, say

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        ("45.00 EUR", "45 euros", "45 euros"),
        ("45.50 EUR", "45 euros 50", "45 euros 50"),
        ("1.00 EUR", "1 euro", "1 euro"),
        ("0.00 EUR", "0 euros", "0 euro"),
        ("0.99 EUR", "99 cents", "99 centimes"),
        ("0.01 GBP", "1 penny", "1 penny"),
        ("-0.50 EUR", "minus 50 cents", "moins 50 centimes"),
        ("-45.50 EUR", "minus 45 euros 50", "moins 45 euros 50"),
        ("-1.00 GBP", "minus 1 pound", "moins 1 livre"),
        ("12.30 XYZ", "12.30 XYZ", "12.30 XYZ"),
        ("2026-12-01", "Tuesday the 1st of December", "mardi 1er décembre"),
        ("2026-03-12", "Thursday the 12th of March", "jeudi 12 mars"),
        ("2026-03-22", "Sunday the 22nd of March", "dimanche 22 mars"),
        ("08:00", "8 in the morning", "8 heures"),
        ("12:00", "noon", "midi"),
        ("01:00", "1 in the morning", "1 heure"),
        ("01:15", "1:15 in the morning", "1 heure 15"),
        ("21:00", "9 in the evening", "21 heures"),
        ("00:00", "midnight", "minuit"),
        ("18:30", "6:30 in the evening", "18 heures 30"),
        ("FJ4471", "F J 4 4 7 1", "F J 4 4 7 1"),
        ("Ingrid Solheim", "Ingrid Solheim", "Ingrid Solheim"),
    ],
)
def test_facts_as_people_say_them(value: str, english: str, french: str) -> None:
    assert (say(value, "en"), say(value, "fr")) == (english, french)


@pytest.mark.parametrize(
    ("day", "english", "french"),
    [
        ("2026-03-02", "today", "aujourd'hui"),
        ("2026-03-03", "tomorrow", "demain"),
        ("2026-03-06", "on Friday", "vendredi"),
    ],
)
def test_a_near_day_by_its_name(day: str, english: str, french: str) -> None:
    assert fill("{d:day}", {"d": day}, "en", TODAY) == english
    assert fill("{d:day}", {"d": day}, "fr", TODAY) == french


def test_a_fact_that_is_not_there() -> None:
    with pytest.raises(KeyError):
        fill("{balance_due}", {}, "en", TODAY)


def test_a_facts_own_braces_are_only_text() -> None:
    assert fill("Hello {name}.", {"name": "{0.__class__}"}, "en", TODAY) == "Hello {0.__class__}."


def test_a_text_sentence_by_sentence() -> None:
    assert in_sentences("One. Two at 8 p.m. today! Trois ? Été.") == (
        "One.",
        "Two at 8 p.m. today!",
        "Trois ?",
        "Été.",
    )
