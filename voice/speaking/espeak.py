"""eSpeak NG: a voice for every language that has no better one, as a program of its own, never linked."""

import asyncio
import io
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import soundfile

from voice.speaking.telephone import telephone
from voice.speaking.text import speakable
from voice.speaking.voice import Due, Samples, Speech, VoiceError, at_once

PROGRAM = "espeak-ng"
LIMIT = 5.0
"""Seconds a sentence may take; usual are 0.03."""
_AT_ONCE = 2
_WORDS_PER_MINUTE = 155
_PITCH = 42
"""Of 99: its own 50 is thin on a telephone."""
_GAP = 1
"""Between words, in 10 ms."""
_REVISION = 2
"""Raise it when the same text comes to sound different."""


class Espeak:
    """One process a sentence, fed by standard input; two at a time.

    Args:
        program: its name or path.
    """

    def __init__(self, program: str = PROGRAM) -> None:
        self._program = program
        self._executor = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="espeak")

    @property
    def name(self) -> str:
        """The program and how it is made to speak."""
        return f"{PROGRAM}-{_REVISION}"

    async def speak(self, text: str, language: str, due: Due) -> Speech:
        """Say `text`; see `Voice`. It is quick: `due` is not looked at."""
        text = speakable(text)
        if not text:
            return at_once(np.zeros(0, dtype=np.int16))
        loop = asyncio.get_running_loop()
        return at_once(await loop.run_in_executor(self._executor, self._say, text, language))

    def close(self) -> None:
        """End the threads; sentences under way are finished first."""
        self._executor.shutdown(cancel_futures=True)

    def _say(self, text: str, language: str) -> Samples:
        program = shutil.which(self._program)
        if program is None:
            raise VoiceError(
                f"There is no voice for {language!r}: install Debian's package espeak-ng "
                "(`apt install espeak-ng`), or name a Piper voice under `voices` in the playbook's line.yaml."
            )
        command = [program, "-v", language.lower(), "-s", str(_WORDS_PER_MINUTE), "-p", str(_PITCH)]
        command += ["-g", str(_GAP), "-b", "1", "--stdin", "--stdout"]
        try:
            done = subprocess.run(  # noqa: S603  (our own arguments; the text goes by standard input)
                command, input=text.encode(), capture_output=True, timeout=LIMIT, check=False
            )
        except subprocess.TimeoutExpired:
            raise VoiceError(f"eSpeak NG did not say a sentence within {LIMIT:.0f} seconds.") from None
        if done.returncode or not done.stdout:
            raise VoiceError(f"eSpeak NG does not speak {language!r}: mend the playbook's languages.")
        try:
            samples, rate = soundfile.read(io.BytesIO(done.stdout), dtype="float32")
        except soundfile.SoundFileError as error:
            raise VoiceError(f"eSpeak NG did not answer with audio: {error}.") from None
        return telephone(samples, rate)
