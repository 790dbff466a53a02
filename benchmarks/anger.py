"""What feeling with a caller costs: CPU milliseconds for each second of speech, within turns and after them.

    .venv/bin/python -m benchmarks.anger [--quick]

The recogniser, which hears the same turns in the same run, is the measure beside it. Turns are spoken by
the local voice; how fast they are felt does not depend on who speaks. The wording's sentence vectors are
remembered by an encoder that the bot's understanding shares, so that a turn's are paid for once, by whoever
reads it first: `ms_per_s` leaves them out, `with_vectors_ms_per_s` pays for all of them.
"""

import argparse
import asyncio
import json
import time
from statistics import median

import numpy as np
import soxr

from voice.emotion.anger import AngerMeter
from voice.emotion.corpus import parts
from voice.emotion.meters import encoder
from voice.emotion.speech import RATE, CallerSpeech
from voice.emotion.wording import shipped
from voice.hearing.engine import SpeechEngine
from voice.models.location import CUT_VOICES, sentence_model, voice_files, whisper_weights
from voice.models.sentence_encoder import SentenceEncoder
from voice.settings import load_settings
from voice.speaking.piper import Piper
from voice.speaking.urgent import UrgentFirst
from voice.speaking.voice import Due, whole

SENTENCES = (
    "Hello, I would like to know when my next payment is due, please.",
    "I have been waiting for this refund for three weeks now.",
    "No, that is not what I asked, I asked about the refund.",
    "This is unacceptable, put me through to a person right now.",
)
_VOICE_RATE = 8_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three rounds instead of twenty")
    rounds = 3 if parser.parse_args().quick else 20
    print(json.dumps(asyncio.run(measure(rounds))))


async def measure(rounds: int) -> dict[str, float]:
    """Return the medians over rounds, each round a call of four turns."""
    settings = load_settings()
    thread = UrgentFirst("voice")
    voice = Piper(voice_files(settings), thread, settings.cache / CUT_VOICES)
    engine = SpeechEngine(whisper_weights(settings), threads=1)
    listener = encoder(whisper_weights(settings))
    with_vectors = shipped().with_sentences(SentenceEncoder(sentence_model(settings)).embed)
    turns: list[CallerSpeech] = []
    for text in SENTENCES:
        after = turns[-1].end + 1.0 if turns else 0.0
        turns.append(_turn(await whole(await voice.speak(text, "en", Due())), after))
    seconds = sum(turn.end - turn.start for turn in turns)
    await engine.warm()
    costs: dict[str, list[float]] = {}
    for number in range(rounds + 1):
        taken = {
            "ms_per_s": _felt(turns, AngerMeter(encoder=listener)),
            "with_vectors_ms_per_s": _felt(turns, AngerMeter(encoder=listener, wording=with_vectors)),
            "prosody_only_ms_per_s": _felt(turns, AngerMeter()),
        }
        began = time.process_time()
        for turn in turns:
            await engine.transcribe(turn.samples, language="en")
        taken["recogniser_ms_per_s"] = time.process_time() - began
        for name, value in taken.items():
            if number:
                costs.setdefault(name, []).append(1000 * value / seconds)
    engine.close()
    thread.close()
    return {name: round(median(values), 2) for name, values in costs.items()} | {
        "speech_s": round(seconds, 2)
    }


def _turn(samples: "np.ndarray[tuple[int], np.dtype[np.int16]]", start: float) -> CallerSpeech:
    sound = soxr.resample(samples.astype(np.float32) / 32768, _VOICE_RATE, RATE).astype(np.float32)
    return CallerSpeech(sound, start, start + len(sound) / RATE)


def _felt(turns: list[CallerSpeech], meter: AngerMeter) -> float:
    began = time.process_time()
    for turn, words in zip(turns, SENTENCES, strict=True):
        for begun in parts(turn):
            meter.glimpse(meter.measure(begun))
        meter.feel(turn, words, "en", 0.9)
    return time.process_time() - began


if __name__ == "__main__":
    main()
