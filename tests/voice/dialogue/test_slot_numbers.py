import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from voice.dialogue.saying import say
from voice.dialogue.slots.money import amounts
from voice.dialogue.slots.numerals import cardinals
from voice.dialogue.slots.words import words

ENGLISH = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
FRENCH = "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"


def english(number: int) -> str:
    if number < 20:
        return ENGLISH.split(" ")[number]
    if number < 100:
        tens = TENS[number // 10 - 2]
        return tens + (f"-{english(number % 10)}" if number % 10 else "")
    size, name = (100, "hundred") if number < 1000 else (1000, "thousand")
    rest = f" and {english(number % size)}" if number % size else ""
    return f"{english(number // size)} {name}{rest}"


def french(number: int) -> str:
    if number < 17:
        return FRENCH.split(" ")[number]
    if number < 20:
        return f"dix-{french(number - 10)}"
    if number < 100:
        base = number // 10 * 10 if number < 70 else 60 if number < 80 else 80
        names = {
            20: "vingt",
            30: "trente",
            40: "quarante",
            50: "cinquante",
            60: "soixante",
            80: "quatre-vingt",
        }
        rest = number - base
        joint = " et " if rest in (1, 11) and base != 80 else "-"
        return names[base] + (joint + french(rest) if rest else "s" if base == 80 else "")
    size, name = (100, "cent") if number < 1000 else (1000, "mille")
    count = "" if number // size == 1 else f"{french(number // size)} "
    return f"{count}{name}" + (f" {french(number % size)}" if number % size else "")


@given(st.integers(0, 999_999))
def test_every_number_is_read_whole(number: int) -> None:
    for language, said in (("en", english(number)), ("fr", french(number))):
        spoken = words(said, language)
        assert cardinals(spoken, 0, language)[0] == (number, len(spoken))


@pytest.mark.parametrize(
    ("language", "said", "numbers"),
    [
        ("en", "forty five fifty", [45, 40]),
        ("en", "a hundred and twenty", [120, 100]),
        ("en", "fifteen hundred", [1500, 15]),
        ("fr", "quatre-vingt-douze", [92, 80, 4]),
        ("fr", "septante-deux", [72, 70]),
        ("fr", "mille neuf cent quatre-vingt-cinq", [1985, 1980, 1904, 1900, 1009, 1000]),
        ("en", "nothing", []),
    ],
)
def test_what_else_the_words_may_mean_comes_after(language: str, said: str, numbers: list[int]) -> None:
    assert [number for number, _ in cardinals(words(said, language), 0, language)] == numbers


@pytest.mark.parametrize(
    ("language", "said", "amount"),
    [
        ("en", "forty five fifty", "45.50 EUR"),
        ("en", "forty five oh five", "45.05 EUR"),
        ("en", "45.50", "45.50 EUR"),
        ("en", "€45", "45.00 EUR"),
        ("en", "£1,200.50", "1200.50 GBP"),
        ("en", "I paid $1,200 last week", "1200.00 USD"),
        ("en", "it was a hundred and twenty euros and ten cents", "120.10 EUR"),
        ("en", "forty five euros", "45.00 EUR"),
        ("en", "1,200 euros", "1200.00 EUR"),
        ("en", "twenty five pounds ninety nine", "25.99 GBP"),
        ("en", "ninety nine cents", "0.99 EUR"),
        ("en", "three point five euros", "3.50 EUR"),
        ("en", "three point oh five euros", "3.05 EUR"),
        ("en", "three point two five", "3.25 EUR"),
        ("en", "three point twenty five pounds", "3.25 GBP"),
        ("en", "3.05 euros", "3.05 EUR"),
        ("en", "3.5 euros", "3.50 EUR"),
        ("en", "three and a half euros", "3.50 EUR"),
        ("en", "a hundred euros and a half", "100.50 EUR"),
        ("en", "two and a half thousand", "2500.00 EUR"),
        ("en", "two and a half thousand pounds", "2500.00 GBP"),
        ("en", "one point five thousand euros", "1500.00 EUR"),
        ("fr", "trois virgule cinq euros", "3.50 EUR"),
        ("fr", "trois virgule zéro cinq", "3.05 EUR"),
        ("fr", "trois virgule vingt-cinq euros", "3.25 EUR"),
        ("fr", "trois euros et demi", "3.50 EUR"),
        ("fr", "deux virgule cinq mille euros", "2500.00 EUR"),
        ("en", "my flat is number 7, and I paid 64 euros", "64.00 EUR"),
        ("fr", "quatre-vingt-douze euros cinquante", "92.50 EUR"),
        ("fr", "45,50 €", "45.50 EUR"),
        ("fr", "1 200 euros", "1200.00 EUR"),
        ("fr", "deux cents euros", "200.00 EUR"),
        ("fr", "cent vingt euros et cinq centimes", "120.05 EUR"),
        ("fr", "cinquante centimes", "0.50 EUR"),
    ],
)
def test_amounts(language: str, said: str, amount: str) -> None:
    assert amounts(said, language)[0] == amount


def test_two_amounts_are_two() -> None:
    assert amounts("twenty euros, no, thirty euros", "en") == ("20.00 EUR", "30.00 EUR")


def test_no_amount_is_no_amount() -> None:
    assert amounts("my card is blocked", "en") == ()


@given(st.integers(1, 999_999), st.sampled_from(["en", "fr"]), st.sampled_from(["EUR", "GBP", "NOK"]))
def test_every_amount_is_understood_as_the_bot_says_it(cents: int, language: str, currency: str) -> None:
    written = f"{cents // 100}.{cents % 100:02d} {currency}"
    # Below one unit the bot says the hundredths' name alone: "50 cents" are of the line's own currency.
    assume(cents >= 100)
    assert amounts(say(written, language), language)[0] == written


@given(st.text(max_size=60), st.sampled_from(["en", "fr"]))
def test_no_words_break_it(said: str, language: str) -> None:
    amounts(said, language)
