"""The switchboard's sentences for a caller who waits: places, spans of time, digits and call backs, by name.

They are the same for every playbook and are rendered beforehand one by one, so that a switchboard without
any worker can put them together.
"""

from functools import cache
from pathlib import Path
from typing import Any

from voice import yaml_file
from voice.dialogue.texts import Language

_FILE = Path(__file__).with_name("wordings") / "waiting.yaml"


@cache
def waiting_sentences(language: Language) -> dict[str, str]:
    """Return the sentences by the names the switchboard asks for: `place_1`, `wait_3_to_5`, `digit_0`."""
    words: dict[str, Any] = yaml_file.load(_FILE)[language]
    places = {
        f"place_{place}": words["place"].format(place=ordinal)
        for place, ordinal in enumerate(words["places"], start=1)
    }
    waits = {f"wait_{span}": words["wait"].format(span=said) for span, said in words["spans"].items()}
    digits = {f"digit_{digit}": said for digit, said in enumerate(words["digits"])}
    return {**places, "place_later": words["place_later"], **waits, **words["others"], **digits}
