from pathlib import Path

import pytest

from voice.settings import SettingsError, VoiceSettings, load_settings


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in VoiceSettings.model_fields:
        monkeypatch.delenv(f"HOOKFLASH_{field.upper()}", raising=False)


def test_values_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOKFLASH_CACHE", "~/models")
    monkeypatch.setenv("HOOKFLASH_SPEECH_TIMEOUT", "0.7")
    settings = load_settings()
    assert settings.cache == Path("~/models").expanduser()
    assert settings.turn_taking.timeout == 0.7


def test_other_parts_settings_are_no_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOKFLASH_FALLBACK_NUMBER", "+15550100")
    load_settings()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("WORKER_PORT", "eighty", "'eighty'"),
        ("WORKER_PORT", "70000", "65535"),
        ("SPEECH_START", "1.5", "less than 1"),
        ("SPEECH_THREADS", "0", "greater than or equal to 1"),
        ("TURN_MAX", "60", "29"),
        ("PLAYBOOK", "", "at least 1"),
        ("WHISPER_MODEL", "a/b/c", "pattern"),
        ("WHISPER_LANGUAGES", "fr=small", '{"fr": "small"}'),
        ("HEARING_PATIENCE", "0", "greater than 0"),
    ],
)
def test_a_bad_value_is_one_sentence_with_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(f"HOOKFLASH_{name}", value)
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert f"HOOKFLASH_{name}" in str(error.value)
    assert says in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ({"SPEECH_START": "0.3", "SPEECH_STOP": "0.4"}, ("SPEECH_START", "SPEECH_STOP")),
        ({"WHISPER_WEIGHTS": "w", "WHISPER_MODEL": "small"}, ("WHISPER_WEIGHTS", "WHISPER_MODEL")),
        ({"HEARING_URL": "http://127.0.0.1:8000/v1"}, ("HEARING_MODEL",)),
        ({"HEARING_URL": "127.0.0.1", "HEARING_MODEL": "m"}, ("HEARING_URL",)),
        ({"SPEECH_PAUSE": "0.9", "SPEECH_TIMEOUT": "0.2"}, ("SPEECH_PAUSE", "SPEECH_TIMEOUT")),
    ],
)
def test_values_that_contradict_each_other_are_named(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], names: tuple[str, str]
) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"HOOKFLASH_{name}", value)
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert all(f"HOOKFLASH_{name}" in str(error.value) for name in names)


def test_the_link_token_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOKFLASH_LINK_TOKEN", "very-secret")
    assert "very-secret" not in repr(load_settings())


@pytest.mark.parametrize("kind", ["LLM", "VOICE"])
@pytest.mark.parametrize(
    ("values", "names"),
    [
        ({"URL": "ftp://there", "MODEL": "m"}, "URL"),
        ({"URL": "http://there/v1"}, "MODEL"),
        ({"MODEL": "m"}, "URL"),
    ],
)
def test_an_endpoint_needs_its_url_and_its_model(
    monkeypatch: pytest.MonkeyPatch, kind: str, values: dict[str, str], names: str
) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"HOOKFLASH_{kind}_{name}", value)
    with pytest.raises(SettingsError, match=f"HOOKFLASH_{kind}_{names}"):
        load_settings()
