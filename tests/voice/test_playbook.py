import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from voice.dialogue.playbook import PlaybookError, load
from voice.dialogue.playbook_command import playbook as playbook_command
from voice.dialogue.sentences import SWITCHBOARD_PROMPTS
from voice.dialogue.waiting_sentences import waiting_sentences

FJORD_PAY = Path("playbooks/fjord-pay")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(FJORD_PAY, tmp_path / "own")


def replace(path: Path, before: str, after: str) -> int:
    """Replace what stands once in a file; return its line."""
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), encoding="utf-8")
    return text[: text.index(before)].count("\n") + 1


def complaint(folder: Path) -> str:
    with pytest.raises(PlaybookError) as error:
        load(folder)
    return str(error.value)


def test_the_shipped_playbook_says_what_a_line_needs() -> None:
    playbook = load(FJORD_PAY)
    assert playbook.name == "fjord-pay"
    assert set(playbook.prompts) == {*SWITCHBOARD_PROMPTS, *waiting_sentences("en")}
    assert playbook.routing["fraud_report"] == ("fraud", True)
    for language in playbook.languages:
        greeting = playbook.greetings[language][0]
        assert any(word in greeting for word in ("I am a bot", "Je suis un robot"))
        assert "transcri" in greeting
        assert all(playbook.prompts_in(language).values())
    assert {"fraud_report", "bereavement", "legal_threat", "dispute_charge", "vulnerable_customer"} == set(
        playbook.human_only
    )


def test_fixed_sentences_hold_no_facts() -> None:
    playbook = load(FJORD_PAY)
    fixed = playbook.fixed_sentences("en")
    assert playbook.greeting in fixed
    assert not any("{" in sentence for sentence in fixed)
    assert len(fixed) == len(set(fixed))


@pytest.mark.parametrize(
    ("asked", "spoken"), [("fr", "fr"), ("fr-CA", "fr"), ("EN", "en"), ("de", "en"), ("", "en")]
)
def test_a_language_the_line_does_not_speak_is_its_own(asked: str, spoken: str) -> None:
    assert load(FJORD_PAY).language_or_default(asked) == spoken


def test_no_folder_names_the_setting(tmp_path: Path) -> None:
    assert "HOOKFLASH_PLAYBOOK" in complaint(tmp_path / "none")


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "policy.yaml").unlink()
    assert "policy.yaml is missing" in complaint(folder)


def test_broken_yaml_is_shown_where_it_is(folder: Path) -> None:
    line = replace(folder / "policy.yaml", "refund-credited:", "refund-credited: [")
    message = complaint(folder)
    assert "policy.yaml:" in message
    assert int(message.split("policy.yaml:")[1].split(":")[0]) >= line


def test_a_file_that_is_no_mapping_or_not_text(folder: Path) -> None:
    (folder / "policy.yaml").write_text("- a\n")
    assert "policy.yaml:1: write `name: value` lines" in complaint(folder)
    (folder / "policy.yaml").write_bytes(b"a: \xff\n")
    assert "save this file as UTF-8" in complaint(folder)


@pytest.mark.parametrize(
    ("file", "before", "after", "says"),
    [
        ("line.yaml", "company: Fjord Pay", "comany: Fjord Pay", "`comany` means nothing here"),
        ("line.yaml", "monday: 08:00-20:00", "monday: 20:00-08:00", "closing time must come after"),
        ("line.yaml", "tuesday: 08:00-20:00", "tuesday: often", "write the hours as"),
        ("line.yaml", "strong: 0.85", "strong: 85", "`strong`: input should be less than or equal to 1"),
        ("line.yaml", "Europe/Paris", "Paris", "write a time zone's name"),
        ("sentences.yaml", "goodbye:", "good_bye:", "`good_bye` means nothing here"),
        ("human-only.yaml", "clause: fraud-to-people", "clause: fraud", "there is no clause `fraud`"),
        ("requests/balance.yaml", "{balance_due} at", "{balance_due at", "close every `{`"),
        (
            "requests/balance.yaml",
            "Je ne peux pas voir votre solde pour le moment.",
            "I cannot see your balance right now.",
            "translate them",
        ),
        (
            "requests/balance.yaml",
            "about: {en: your balance, fr: votre solde}",
            "about: {en: your balance}",
            "`fr`",
        ),
    ],
)
def test_a_mistake_is_shown_in_its_line(folder: Path, file: str, before: str, after: str, says: str) -> None:
    line = replace(folder / file, before, after)
    matching = [found for found in complaint(folder).splitlines() if says in found]
    assert matching, says
    shown = int(matching[0].split(f"{file}:")[1].split(":")[0])
    assert abs(shown - line) <= 1


def test_what_is_missing_is_named(folder: Path) -> None:
    replace(folder / "sentences.yaml", "goodbye:", "good_bye:")
    replace(folder / "line.yaml", "  sunday: closed\n", "")
    assert "`goodbye` is missing" in complaint(folder)
    replace(folder / "sentences.yaml", "good_bye:", "goodbye:")
    assert "`sunday` is missing" in complaint(folder)


def test_what_is_elsewhere_is_told_in_every_language(folder: Path) -> None:
    path = folder / "elsewhere.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("fr:")], encoding="utf-8")
    assert "elsewhere.yaml:1: give at least 3 examples in `fr`" in complaint(folder)


def test_too_few_examples(folder: Path) -> None:
    path = folder / "requests" / "balance.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("  fr:\n    - ")] + "  fr: [mon solde]\n", encoding="utf-8")
    assert "give at least 3 examples in `fr`" in complaint(folder)


def test_a_line_may_have_a_voice_of_its_own_for_a_language(folder: Path) -> None:
    for name in ("fr_FR-own.onnx", "fr_FR-own.onnx.json"):
        (folder / name).write_text("{}")
    replace(folder / "line.yaml", "languages: [en, fr]", "languages: [en, fr]\nvoices: {fr: fr_FR-own.onnx}")
    assert load(folder).voices == {"fr": folder / "fr_FR-own.onnx"}


@pytest.mark.parametrize(
    ("there", "voices", "says"),
    [
        ((), "{fr: own.onnx}", "there is no file"),
        (("own.onnx",), "{fr: own.onnx}", "own.onnx.json"),
        (("own.onnx", "own.onnx.json"), "{de: own.onnx}", "'en' or 'fr'"),
    ],
)
def test_a_voice_that_is_missing_is_shown_where_it_is_named(
    folder: Path, there: tuple[str, ...], voices: str, says: str
) -> None:
    for name in there:
        (folder / name).write_text("{}")
    line = replace(folder / "line.yaml", "languages: [en, fr]", f"languages: [en, fr]\nvoices: {voices}") + 1
    message = complaint(folder)
    assert f"line.yaml:{line}: " in message
    assert says in message


def checked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.setenv("HOOKFLASH_PLAYBOOKS", str(folder.parent))
    return CliRunner().invoke(playbook_command, ["check", folder.name])


def test_the_shipped_playbook_passes_its_own_check(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = checked(folder, monkeypatch)
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("You owe {balance_due}", "You owe {balance_deu}", "nothing fills `{balance_deu}`"),
        ("look_up: balance", "look_up: ballance", "no call `ballance`"),
        ("Your balance is {balance_due}.", "We will refund you 50 euros.", "would not be said"),
        ("Your balance is {balance_due}.", "You owe {balance_due}, and 50 euros are waived.", "not be said"),
        ("I cannot see your balance right now.", "I see no {balance_due} right now.", "nothing fills"),
        ("I cannot see your balance right now.", "I cannot see it, your fee is waived.", "not be said"),
    ],
)
def test_what_would_fail_on_a_call_is_told_with_its_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str, says: str
) -> None:
    file = folder / "requests" / "balance.yaml"
    line = replace(file, before, after)
    result = checked(folder, monkeypatch)
    assert result.exit_code == 1
    assert f"{file}:{line}: " in result.output
    assert says in result.output


@pytest.mark.parametrize(
    ("file", "before", "after", "says"),
    [
        (
            "requests/move_due_date.yaml",
            "To which day shall I move it?",
            "We waive the fee. Which day?",
            "not be said",
        ),
        (
            "requests/move_due_date.yaml",
            "Which day would you like",
            "Which day is {paid_date}",
            "nothing fills",
        ),
        ("requests/move_due_date.yaml", "is now due on {next_date}", "is due {refund_date}", "nothing fills"),
        ("requests/change_address.yaml", "And the postcode?", "And {postcode_of}?", "nothing fills"),
        ("requests/move_due_date.yaml", "later_than: next_date", "later_than: next_amount", "finds no date"),
        ("requests/order_status.yaml", "look_up: order", "look_up: orders", "no call `orders`"),
        ("verification.yaml", "What is your date of birth?", "Is it {date_of_birth}?", "nothing fills"),
        ("sentences.yaml", "Is this about {about}?", "Is this about {subject}?", "nothing fills `{subject}`"),
        ("sentences.yaml", "I have not told you anything yet.", "Your fee is waived.", "not be said"),
    ],
)
def test_every_sentence_is_checked_and_shown_in_its_own_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch, file: str, before: str, after: str, says: str
) -> None:
    line = replace(folder / file, before, after)
    result = checked(folder, monkeypatch)
    assert result.exit_code == 1
    [told] = [one for one in result.output.splitlines() if says in one]
    assert told.startswith(f"{folder / file}:{line}: ")


def test_the_same_words_in_two_files_are_told_apart(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "We will refund you 50 euros."
    replace(folder / "requests/balance.yaml", "I cannot see your balance right now.", said)
    line = replace(folder / "verification.yaml", "That does not match either.", said)
    [first, second] = checked(folder, monkeypatch).output.splitlines()
    assert {one.split(":")[0] for one in (first, second)} == {
        str(folder / "requests/balance.yaml"),
        str(folder / "verification.yaml"),
    }
    assert any(one.startswith(f"{folder / 'verification.yaml'}:{line}: ") for one in (first, second))
