import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from voice.dialogue.slots.codes import codes
from voice.dialogue.slots.order_numbers import nearest, order_numbers
from voice.dialogue.slots.postcodes import postcodes
from voice.dialogue.slots.sounds import closest, codes_apart, names_apart
from voice.dialogue.slots.spelling import spelt_names

DIGITS = {
    "en": ("oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    "fr": ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"),
}


@pytest.mark.parametrize(
    ("language", "said", "code"),
    [
        ("en", "double four oh seven", "4407"),
        ("en", "triple two nought", "2220"),
        ("en", "4-4-0-7", "4407"),
        ("en", "4, 4, oh, seven.", "4407"),
        ("en", "for for oh seven", "07"),
        ("en", "A B 12", "AB12"),
        ("en", "it's F J one oh double four, seven one", "FJ104471"),
        ("en", "FJ104471", "FJ104471"),
        ("en", "eff jay ten forty four seventy one", "FJ104471"),
        ("en", "S as in sugar, O for Oscar, L", "SOL"),
        ("en", "double u seven", "W7"),
        ("en", "x-ray tango 9", "XT9"),
        ("en", "four four oh seven, no, four four oh eight", "4408"),
        ("fr", "c'est soixante-quinze zéro douze", "75012"),
        ("fr", "soixante-quinze mille douze", "75012"),
        ("fr", "F comme François J un zéro quarante-quatre soixante et onze", "FJ104471"),
        ("fr", "vingt et un zéro un", "2101"),
        ("fr", "i grec, double vé, 3", "YW3"),
    ],
)
def test_codes(language: str, said: str, code: str) -> None:
    assert codes(said, language)[0] == code


def test_other_readings_come_after() -> None:
    assert codes("for for oh seven", "en") == ("07", "4407")
    assert "60151012" in codes("soixante-quinze dix douze", "fr")


@pytest.mark.parametrize("said", ["I want a refund", "a blue one, please", "", "thank you"])
def test_hardly_a_code_in_a_plain_sentence(said: str) -> None:
    assert all(len(code) < 2 for code in codes(said, "en"))


@given(st.text("0123456789", min_size=2, max_size=10), st.sampled_from(["en", "fr"]))
def test_every_number_said_figure_by_figure_is_read(digits: str, language: str) -> None:
    said = " ".join(DIGITS[language][int(digit)] for digit in digits)
    assert digits in codes(said, language)
    assert codes("-".join(digits), language)[0] == digits


@given(st.text(max_size=60), st.sampled_from(["en", "fr"]))
def test_no_words_break_it(said: str, language: str) -> None:
    codes(said, language)
    spelt_names(said, language)


@pytest.mark.parametrize(
    ("language", "country", "said", "postcode"),
    [
        ("en", "GB", "SW1A 1AA", "SW1A1AA"),
        ("en", "GB", "S W one A, one double A", "SW1A1AA"),
        ("en", "FR", "it's seventy five oh twelve", "75012"),
        ("en", "FR", "75,012.", "75012"),
        ("en", "FR", "7-5-0-1-2", "75012"),
        ("en", "FR", "a 75012", "75012"),
        ("en", "NO", "zero one five zero", "0150"),
        ("en", "NL", "ten twelve A B", "1012AB"),
        ("fr", "FR", "soixante-quinze mille douze", "75012"),
        ("fr", "FR", "le 6-9-0-0-3", "69003"),
        ("fr", "FR", "soixante-neuf zéro zéro trois", "69003"),
    ],
)
def test_postcodes(language: str, country: str, said: str, postcode: str) -> None:
    assert postcodes(said, language, country)[0] == postcode


def test_a_number_of_another_length_is_no_postcode() -> None:
    assert postcodes("7501", "en") == ()
    assert postcodes("750123", "en") == ()


@pytest.mark.parametrize(
    ("language", "said", "name"),
    [
        ("en", "S O L H E I M", "Solheim"),
        ("en", "S-O-L-H-E-I-M.", "Solheim"),
        ("en", "Dahl, that's D A H L", "Dahl"),
        ("en", "M for Mike A double T", "Matt"),
        ("en", "double L, A, M, A", "Llama"),
        ("en", "My name is Ingrid Solheim", "Ingrid Solheim"),
        ("fr", "F comme François, O, N, T, A, I, N, E", "Fontaine"),
        ("fr", "Je m'appelle Camille Fontaine", "Camille Fontaine"),
        ("fr", "Guillaume, G U I deux L A U M E", "Guillaume"),
        ("fr", "G U I 2 L A U M E", "Guillaume"),
        ("fr", "D U P O N deux T E", "Dupontte"),
        ("fr", "H E accent aigu L E accent grave N E", "Hélène"),
        ("fr", "F R A N C cédille O I S", "François"),
        ("fr", "N O E tréma L", "Noël"),
        ("fr", "Jean-Pierre, J E A N tiret P I E R R E", "Jean-Pierre"),
        ("fr", "Je m'appelle Marie Dupont, M A R I E D U P O N T", "Marie Dupont"),
        ("fr", "prénom M A R I E, nom de famille D U P O N T", "Marie Dupont"),
        ("en", "Ingrid Solheim, I N G R I D S O L H E I M", "Ingrid Solheim"),
        ("en", "Ingrid Sulheim, I N G R I D S O L H E I M", "Ingrid Solheim"),
        ("en", "first name is A N N E, last name is D A H L", "Anne Dahl"),
        ("en", "E M M A space D A H L", "Emma Dahl"),
        ("en", "it's Matt, M A two Ts", "Matt"),
        ("en", "R E N E with an acute accent", "René"),
        ("en", "S O L H E I M, for Mister Dahl", "Solheim"),
    ],
)
def test_names(language: str, said: str, name: str) -> None:
    assert spelt_names(said, language)[0] == name


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=12), st.sampled_from(["en", "fr"]))
def test_every_name_spelt_letter_by_letter_is_read(name: str, language: str) -> None:
    assert spelt_names(", ".join(name.upper()), language)[0] == name.capitalize()


ORDERS = ("FJ104471", "FJ209982")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("F J 1 0 4 4 7 1", ("FJ104471", True)),
        ("F J 1 0 9 4 7 1", ("FJ104471", False)),
        ("S J two oh double nine eight two", ("FJ209982", False)),
        ("four seven one", ("FJ104471", True)),
        ("G K 3 3 3 3 3 3", None),
        ("I have lost it", None),
    ],
)
def test_what_was_heard_against_what_is_expected(said: str, found: tuple[str, bool] | None) -> None:
    assert nearest(said, "en", ORDERS) == found


def test_a_check_digit_decides() -> None:
    valid = "20998" + luhn.calc_check_digit("20998")
    assert order_numbers(f"FJ{valid}", "en", r"FJ\d{6}", check_digit=True) == (f"FJ{valid}",)
    wrong = f"{(int(valid[-1]) + 1) % 10}"
    assert order_numbers(f"FJ20998{wrong}", "en", r"FJ\d{6}", check_digit=True) == ()
    assert order_numbers(f"FJ20998{wrong}", "en", r"FJ\d{6}") == (f"FJ20998{wrong}",)


def test_two_that_are_equally_near_are_told_apart_by_nobody() -> None:
    assert closest(["1232"], ["1231", "1233"], 0.5) is not None  # 2 and 3 are confused, 2 and 1 hardly
    assert closest(["x"], ["a", "b"], 1.0) is None
    assert closest([], ["a", "b"], 0.5) is None


def test_names_are_near_that_sound_alike() -> None:
    assert names_apart("Fonten", "Fontaine") < 0.25
    assert names_apart("Sulheim", "Solheim") < 0.25
    assert names_apart("Dahl", "Solheim") > 0.5


@given(st.text("ABDEFJ0123456789", max_size=8), st.text("ABDEFJ0123456789", max_size=8))
def test_distance_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    assert 0 <= codes_apart(one, other) <= 1
    assert codes_apart(one, other) == pytest.approx(codes_apart(other, one))
    assert codes_apart(one, one) == 0
