import csv
from pathlib import Path

import pytest

from voice.takeover.asking import may_want_human, wants_human

DATA = Path(__file__).with_name("data")
SETS = ("asking_for_a_person", "asking_apart", "asking_unseen")
"""The figures these gave before the wordings knew them stand in docs/understanding.md."""


def wrong(language: str, asks: str) -> tuple[list[str], int]:
    rows: list[dict[str, str]] = []
    for name in SETS:
        with (DATA / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
            rows += csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    texts = [row["text"] for row in rows if row["lang"] == language and row["asks"] == asks]
    return [text for text in texts if (wants_human(text, language) is not None) != (asks == "1")], len(texts)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_asking_is_heard(language: str) -> None:
    missed, of = wrong(language, "1")
    assert len(missed) <= 0.02 * of, missed


@pytest.mark.parametrize("language", ["en", "fr"])
def test_mentioning_is_not_asking(language: str) -> None:
    mistaken, of = wrong(language, "0")
    assert len(mistaken) <= 0.01 * of, mistaken


def test_the_words_that_asked_are_the_evidence() -> None:
    words = wants_human("An agent told me to wait, so put me through to somebody!", "en")
    assert words == "put me through to somebody"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Agent?", "en-GB"),
        ("un CONSEILLER", "fr-CA"),
        ("I don\N{RIGHT SINGLE QUOTATION MARK}t want to talk to a robot", "en"),
        ("agent please", "de"),
    ],
)
def test_case_apostrophes_and_regions_do_not_matter(text: str, language: str) -> None:
    assert wants_human(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Can I speak to a hooman?", "en"),
        ("Straight to an agent then, please.", "en"),
        ("Any humans in today?", "en"),
        ("Directement un conseillé, merci", "fr"),
        ("Et une vraie personne, c'est possible ?", "fr"),
    ],
)
def test_a_person_and_nothing_else_asks_in_whatever_order(text: str, language: str) -> None:
    assert wants_human(text, language)


@pytest.mark.parametrize("half", ["development", "final"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_request_of_the_line_is_mistaken_for_asking(language: str, half: str) -> None:
    with (DATA / f"requests_{half}.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    texts = [row["text"] for row in rows if row["lang"] == language]
    mistaken = [text for text in texts if wants_human(text, language)]
    assert len(mistaken) <= 0.01 * len(texts), mistaken


@pytest.mark.parametrize("text", ["", "   ", "...", "?!"])
def test_nothing_said_asks_for_nobody(text: str) -> None:
    assert wants_human(text, "en") is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I thought I'd get a person. Anyway, it's about my refund.", "en"),
        ("You'll do, I was going to ask for an agent", "en"),
        ("How do I know it's a real agent", "en"),
        ("J'ai pas demandé d'agent", "fr"),
        ("Un humain, très peu pour moi", "fr"),
    ],
)
def test_what_never_asks_binds_every_reader(text: str, language: str) -> None:
    assert wants_human(text, language) is None
    assert not may_want_human(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I thought I'd get a person, so put me through to one", "en"),
        ("Je veux pas de répondeur je veux une personne.", "fr"),
    ],
)
def test_a_clause_that_asks_outweighs_one_that_never_does(text: str, language: str) -> None:
    assert wants_human(text, language)
    assert may_want_human(text, language)


def test_a_person_named_behind_a_report_belongs_to_it() -> None:
    assert wants_human("Je vous ai déjà tout dit samedi, à l'opérateur.", "fr") is None
