"""Recordings heard as calls, through the ear on simulated time, and by stock faster-whisper beside it."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from faster_whisper import WhisperModel
from numpy.typing import NDArray
from pipecat.frames.frames import EndFrame, Frame, InputAudioRawFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.workers.runner import WorkerRunner

from voice.frames import CallStartFrame, CallTime, TurnFrame
from voice.hearing.ear import Ear
from voice.hearing.listening import Listening, Load
from voice.hearing.patience import Patience
from voice.hearing.recogniser import Transcribes
from voice.hearing.recordings import Recording
from voice.hearing.scoring import WordErrors, word_errors
from voice.hearing.segments import TurnTaking
from voice.hearing.vad import SileroVad
from voice.hearing.windows import RATE
from voice.journal.clock import LoopClock
from voice.journal.events import Heard

CHUNK = 0.02
"""Seconds of audio in a frame."""
QUIET = 1.5
"""Seconds of silence behind a recording, in which its last turn ends."""


@dataclass(frozen=True)
class Hearing:
    """What one recording was heard as.

    Attributes:
        text: the transcript.
        score: its errors.
        cpu: seconds of processor time, of all threads.
        turns: start and end in seconds of each turn; the stock one knows none.
    """

    text: str
    score: WordErrors
    cpu: float
    turns: tuple[tuple[float, float], ...] = ()


@dataclass
class _Sink(FrameProcessor):
    heard: list[Heard] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if isinstance(frame, TurnFrame) and frame.heard is not None:
            self.heard.append(frame.heard)
        await self.push_frame(frame, direction)


async def hear(
    recording: Recording, samples: NDArray[np.int16], engine: Transcribes, turn_taking: TurnTaking
) -> Hearing:
    """Play a recording to an ear of its own; meant for simulated time.

    Args:
        recording: what is played.
        samples: its sound at 16 kHz.
        engine: makes the words.
        turn_taking: when turns begin and end.
    """
    began = time.process_time()
    sink = _Sink()
    listening = Listening(engine, Patience(), load=Load(partials=False))
    clock = LoopClock()
    worker = PipelineWorker(
        Pipeline([Ear(listening, SileroVad, turn_taking), sink]),
        params=PipelineParams(audio_in_sample_rate=RATE),
        enable_rtvi=False,
        enable_turn_tracking=False,
        idle_timeout_secs=None,
    )
    runner = WorkerRunner(handle_sigint=False, handle_sigterm=False)
    await runner.add_workers(worker)
    running = asyncio.create_task(runner.run())
    start = CallStartFrame(
        call="",
        playbook="",
        language=recording.language,
        caller="",
        t0=0.0,
        time=CallTime(clock, clock.now()),
    )
    await worker.queue_frame(start)
    size = int(CHUNK * RATE)
    quiet = np.zeros(int(QUIET * RATE), np.int16)
    sound = np.concatenate([samples, quiet])
    for at in range(0, len(sound), size):
        pcm = sound[at : at + size].tobytes()
        await worker.queue_frame(InputAudioRawFrame(audio=pcm, sample_rate=RATE, num_channels=1))
        await asyncio.sleep(CHUNK)
    await worker.queue_frame(EndFrame())
    await running
    heard = sorted(sink.heard, key=lambda turn: turn.start)
    text = " ".join(turn.text for turn in heard)
    return Hearing(
        text=text,
        score=word_errors(recording.text, text, recording.language),
        cpu=time.process_time() - began,
        turns=tuple((turn.start, turn.end) for turn in heard),
    )


def stock(weights: Path, threads: int) -> Callable[[Recording, NDArray[np.int16]], Hearing]:
    """Return faster-whisper as it comes, with its own defaults, on the same weights."""
    model = WhisperModel(str(weights), device="cpu", compute_type="int8", cpu_threads=threads)

    def hear_stock(recording: Recording, samples: NDArray[np.int16]) -> Hearing:
        began = time.process_time()
        sound = samples.astype(np.float32) / 32768
        segments, _ = model.transcribe(sound, language=recording.language.partition("-")[0])
        text = " ".join(segment.text.strip() for segment in segments)
        score = word_errors(recording.text, text, recording.language)
        return Hearing(text, score, time.process_time() - began)

    return hear_stock
