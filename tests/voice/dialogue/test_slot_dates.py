from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.dialogue.saying import say
from voice.dialogue.slots.dates import dates

MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("language", "said", "meant"),
    [
        ("en", "in two weeks", "2026-03-16"),
        ("en", "maybe in, um, ten days", "2026-03-12"),
        ("en", "and three weeks please", "2026-03-23"),
        ("en", "next Friday", "2026-03-06"),
        ("en", "Friday", "2026-03-06"),
        ("en", "Monday", "2026-03-09"),
        ("en", "Friday week", "2026-03-13"),
        ("en", "Tuesday next week", "2026-03-10"),
        ("en", "the twenty seventh", "2026-03-27"),
        ("en", "the 27th", "2026-03-27"),
        ("en", "the twenty seventh of this month", "2026-03-27"),
        ("en", "on the third of May", "2026-05-03"),
        ("en", "November 3rd", "2026-11-03"),
        ("en", "April 5", "2026-04-05"),
        ("en", "3rd November 2027", "2027-11-03"),
        ("en", "march the fifth", "2026-03-05"),
        ("en", "the first of February", "2027-02-01"),
        ("en", "27/11", "2026-11-27"),
        ("en", "11/27", "2026-11-27"),
        ("en", "2026-04-01", "2026-04-01"),
        ("en", "tomorrow", "2026-03-03"),
        ("en", "the day after tomorrow", "2026-03-04"),
        ("en", "the end of the month", "2026-03-31"),
        ("en", "the fifteenth of next month", "2026-04-15"),
        ("en", "in a fortnight", "2026-03-16"),
        ("en", "a month from now", "2026-04-02"),
        ("en", "in a couple of days", "2026-03-04"),
        ("en", "two weeks later", "2026-03-16"),
        ("en", "could I pay on the fifth instead", "2026-03-05"),
        ("en", "the thirty first", "2026-03-31"),
        ("en", "next week", "2026-03-09"),
        ("fr", "27/11", "2026-11-27"),
        ("fr", "dans deux semaines", "2026-03-16"),
        ("fr", "dans quinze jours", "2026-03-16"),
        ("fr", "dans huit jours", "2026-03-09"),
        ("fr", "dans vingt et un jours", "2026-03-23"),
        ("fr", "d'ici, euh, dans 10 jours", "2026-03-12"),
        ("fr", "le vingt-sept", "2026-03-27"),
        ("fr", "le 27 novembre", "2026-11-27"),
        ("fr", "le premier avril", "2026-04-01"),
        ("fr", "le 1er avril", "2026-04-01"),
        ("fr", "vendredi prochain", "2026-03-06"),
        ("fr", "vendredi en huit", "2026-03-13"),
        ("fr", "mardi de la semaine prochaine", "2026-03-10"),
        ("fr", "demain", "2026-03-03"),
        ("fr", "après-demain", "2026-03-04"),
        ("fr", "aujourd'hui", "2026-03-02"),
        ("fr", "fin du mois", "2026-03-31"),
        ("fr", "à la fin du mois prochain", "2026-04-30"),
        ("fr", "le 15 du mois prochain", "2026-04-15"),
        ("fr", "dans un mois", "2026-04-02"),
        ("fr", "plutôt le 12", "2026-03-12"),
        ("en", "in a week and a half", "2026-03-13"),
        ("en", "in two and a half weeks", "2026-03-20"),
        ("en", "in a month and a half", "2026-04-17"),
        ("fr", "dans une semaine et demie", "2026-03-13"),
        ("fr", "dans un mois et demi", "2026-04-17"),
    ],
)
def test_days_to_come(language: str, said: str, meant: str) -> None:
    assert dates(said, language, MONDAY)[0].isoformat() == meant


DUE = date(2026, 3, 7)


@pytest.mark.parametrize(
    ("language", "said", "meant"),
    [
        ("en", "a week later", "2026-03-14"),
        ("en", "could I pay two weeks later than that", "2026-03-21"),
        ("en", "can you push it back by a week", "2026-03-14"),
        ("en", "give me another week", "2026-03-14"),
        ("en", "I need ten more days", "2026-03-17"),
        ("en", "a week and a half later", "2026-03-18"),
        ("en", "the following week", "2026-03-14"),
        ("en", "in a week", "2026-03-09"),
        ("en", "a week from now", "2026-03-09"),
        ("en", "three weeks", "2026-03-23"),
        ("en", "the 14th", "2026-03-14"),
        ("fr", "une semaine plus tard", "2026-03-14"),
        ("fr", "je voudrais payer deux semaines après", "2026-03-21"),
        ("fr", "repoussez-le d'une semaine", "2026-03-14"),
        ("fr", "reporter mon paiement d une semaine", "2026-03-14"),
        ("fr", "est-ce que vous pouvez le décaler de dix jours", "2026-03-17"),
        ("fr", "il me faut une semaine de plus", "2026-03-14"),
        ("fr", "la semaine d'après", "2026-03-14"),
        ("fr", "dans une semaine", "2026-03-09"),
    ],
)
def test_later_counts_from_the_day_it_is_moved_from(language: str, said: str, meant: str) -> None:
    assert dates(said, language, MONDAY, since=DUE)[0].isoformat() == meant


@pytest.mark.parametrize(
    ("language", "said"), [("en", "it is late by two weeks"), ("fr", "j'ai un retard de deux semaines déjà")]
)
def test_a_delay_that_has_been_is_no_day_to_come(language: str, said: str) -> None:
    assert dates(said, language, MONDAY, since=DUE) == ()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "the fourth of May nineteen eighty five"),
        ("en", "May 4th 1985"),
        ("en", "fourth of May eighty five"),
        ("en", "04/05/1985"),
        ("en", "4-5-85"),
        ("fr", "le quatre mai mille neuf cent quatre-vingt-cinq"),
        ("fr", "4 mai 85"),
        ("fr", "né le 04.05.1985"),
    ],
)
def test_birthdays(language: str, said: str) -> None:
    assert dates(said, language, MONDAY, past=True)[0] == date(1985, 5, 4)


def test_an_ambiguous_day_comes_with_the_other_one() -> None:
    assert dates("next Friday", "en", MONDAY)[1] == date(2026, 3, 13)
    assert dates("dans quinze jours", "fr", MONDAY)[1] == date(2026, 3, 17)
    assert dates("04/05/1985", "en", MONDAY, past=True)[1] == date(1985, 4, 5)


@pytest.mark.parametrize(
    ("said", "language"),
    [("Saturday the 14th of March", "en"), ("yes, Saturday the fourteenth", "en"), ("samedi 14 mars", "fr")],
)
def test_a_weekday_beside_a_date_does_not_move_it(said: str, language: str) -> None:
    assert dates(said, language, MONDAY)[0] == date(2026, 3, 14)


@pytest.mark.parametrize("said", ["I have no idea", "one moment please", "", "May I pay later?", "31/31"])
def test_no_day_is_no_day(said: str) -> None:
    assert dates(said, "en", MONDAY) == ()


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.integers(1, 360), st.sampled_from(["en", "fr"]))
def test_every_day_is_understood_as_the_bot_says_it(today: date, ahead: int, language: str) -> None:
    day = today + timedelta(days=ahead)
    said = say(day.isoformat(), language)
    assert dates(said, language, today)[0] == day
    assert dates(said.partition(" ")[2], language, today)[0] == day
    assert dates(f"{day.day}/{day.month}/{day.year}", language, today)[0] == day


@given(st.text(max_size=60), st.sampled_from(["en", "fr"]), st.booleans())
def test_no_words_break_it(said: str, language: str, past: bool) -> None:
    for since in (None, DUE):
        for day in dates(said, language, MONDAY, past=past, since=since):
            assert not past or day <= MONDAY


VOCABULARY = (
    "the", "le", "3", "31", "99", "first", "twenty", "seventh", "may", "mai",
    "later", "by", "move", "half", "and", "a", "another", "de", "plus", "et", "demi",
    "in", "dans", "two", "week", "jours", "next", "month", "of", "fin", "du", "12/12", "2026",
)  # fmt: skip


@given(st.lists(st.sampled_from(VOCABULARY), max_size=9), st.sampled_from(["en", "fr"]))
def test_no_order_of_its_own_words_breaks_it(said: list[str], language: str) -> None:
    dates(" ".join(said), language, MONDAY, since=DUE)
