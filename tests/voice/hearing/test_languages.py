from voice.hearing.languages import CallLanguage, chosen


def test_only_the_playbooks_languages_are_considered() -> None:
    assert chosen({"cy": 0.9, "en": 0.05, "fr": 0.01}, ["en", "fr"]) == "en"
    assert chosen({"ru": 0.8, "fr": 0.15, "en": 0.01}, ["en", "fr"]) == "fr"


def test_the_assumed_language_has_the_benefit_of_the_doubt() -> None:
    assert chosen({"en": 0.4, "fr": 0.6}, ["en-GB", "fr"]) == "en-GB"
    assert chosen({}, ["en", "fr"]) == "en"


def test_the_first_words_settle_the_language() -> None:
    call = CallLanguage("en", ("fr",))
    assert call.heard("fr", 1.2)
    assert (call.now, call.others) == ("fr", ("en",))


def test_a_cough_settles_nothing() -> None:
    call = CallLanguage("en", ("fr",))
    assert not call.heard("fr", 0.3)
    assert call.now == "en"


def test_a_settled_call_changes_after_two_turns_in_a_row() -> None:
    call = CallLanguage("en", ("fr",))
    assert not call.heard("en", 2.0)
    assert not call.heard("fr", 2.0)
    assert not call.heard("en", 2.0)
    assert not call.heard("fr", 2.0)
    assert call.heard("fr", 2.0)
    assert call.now == "fr"


def test_a_language_that_is_not_the_playbooks_changes_nothing() -> None:
    assert not CallLanguage("en", ("fr",)).heard("de", 3.0)
