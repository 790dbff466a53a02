"""The switchboard's fixed sentences as tones, each told from the others: for workers that are stand-ins."""

import base64
import json
from collections.abc import Mapping

from voice.dialogue.sentences import SWITCHBOARD_PROMPTS

PROMPTS = tuple(name for name in SWITCHBOARD_PROMPTS if not name.startswith("survey"))
"""Those a call may need; without the other ones no call ends in a survey."""
CALLBACK_PROMPTS = (
    "callback_offer", "callback_number", "callback_right", "callback_key_in", "callback_when",
    "callback_promised", "callback_dropped",
)  # fmt: skip
"""Those of a call back, where one is offered."""


def wave(seconds: float, code: int) -> bytes:
    """Return a loud square wave in mu-law, told apart from others by its `code`, below 0x80."""
    return bytes([code, code, code | 0x80, code | 0x80]) * round(seconds * 2000)


def prompts_answer(sounds: Mapping[str, bytes]) -> str:
    """Return what a worker answers to `/prompts`: each sentence's name as its text, and its sound."""
    prompts = {
        name: {
            "text": name.replace("_", " "), "language": "en", "audio": base64.b64encode(sound).decode(),
        }
        for name, sound in sounds.items()
    }  # fmt: skip
    return json.dumps({"voice": "square", "prompts": prompts})
