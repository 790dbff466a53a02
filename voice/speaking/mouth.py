"""The mouth: sentences become audio on the line, and the journal learns how much of each was heard.

Audio leaves as fast as it is made, the beginning of a sentence before its end; the far end plays it out in
real time and returns a mark after each sentence. Between marks, what has been played is reckoned from the
time that has passed.
"""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from pipecat.frames.frames import (
    BotStartedSpeakingFrame,
    BotStoppedSpeakingFrame,
    CancelFrame,
    EndFrame,
    Frame,
    InterruptionFrame,
    TTSAudioRawFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from voice.frames import (
    AsideFrame,
    BotAudioFrame,
    CallStartFrame,
    CallTime,
    HangUpFrame,
    JournalFrame,
    MarkFrame,
    PlayedFrame,
    SentenceFrame,
    StateFrame,
    VoiceFailedFrame,
)
from voice.journal.events import AnyEvent, BargedIn, CallState, Said
from voice.speaking.voice import Due, Speech

RATE = 8_000
CHUNK = 1_600
"""Samples a message: 200 ms."""
SYNTHESIS = 10.0
"""Longest wait in seconds for the beginning of a sentence, and for the rest of it."""
MARK_GRACE = 5.0
"""Seconds after a sentence should have been played at which its missing mark is taken for lost."""


class Renders(Protocol):
    """What a call needs of its line's voice."""

    async def speech(self, text: str, language: str, due: Due) -> Speech:
        """Return the sentence as it is made."""

    async def audio(self, text: str, language: str) -> NDArray[np.int16]:
        """Return the whole sentence as 8 kHz mono, when nothing more urgent waits."""


@dataclass
class _Sentence:
    text: str
    mark: str
    seconds: float
    started: float
    """Second of the call at which its first sample is played."""
    overdue: asyncio.TimerHandle


class Mouth(FrameProcessor):
    """Speaks for the bot on one call.

    Args:
        prompts: renders sentences, each only once.
    """

    def __init__(self, prompts: Renders) -> None:
        super().__init__()
        self._prompts = prompts
        self._time: CallTime | None = None
        self._playing: deque[_Sentence] = deque()
        self._marks = 0
        self._silent = False
        self._hang_up: HangUpFrame | None = None

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Speak sentences and account for what was played; let everything else pass."""
        await super().process_frame(frame, direction)
        match frame:
            case SentenceFrame():
                await self._say(frame)
            case PlayedFrame():
                await self._played(frame.mark)
            case HangUpFrame() if self._playing:
                self._hang_up = frame
            case _:
                await self._note(frame)
                await self.push_frame(frame, direction)

    async def _note(self, frame: Frame) -> None:
        match frame:
            case CallStartFrame():
                self._time = frame.time
            case StateFrame():
                self._silent = frame.message.state is not CallState.WITH_BOT
            case AsideFrame():
                self._silent = False
            case InterruptionFrame():
                await self._interrupted()
            case EndFrame() | CancelFrame():
                await self._ended()

    async def _say(self, frame: SentenceFrame) -> None:
        if self._silent or self._time is None:
            return
        due = Due(self._time.clock.now() + self._left(self._time.now()))
        try:
            async with asyncio.timeout(SYNTHESIS):
                speech = await self._prompts.speech(frame.text, frame.language, due)
        except Exception as error:
            await self._failed(frame, error)
            return
        if self._silent:
            return
        now = self._time.now()
        for latency in frame.answers.measured(now) if frame.answers else ():
            await self._enter(latency, now)
        if not self._playing:
            await self.push_frame(BotStartedSpeakingFrame(), FrameDirection.UPSTREAM)
        mark = self._queue(frame.text, speech.samples / RATE, now)
        try:
            async with asyncio.timeout(SYNTHESIS):
                await self._send(speech, self._playing[-1].started)
        except Exception as error:
            await self._failed(frame, error)
        await self.push_frame(MarkFrame(mark))

    async def _send(self, speech: Speech, start: float) -> None:
        async for samples in speech.chunks:
            await self.push_frame(BotAudioFrame(samples, start), FrameDirection.UPSTREAM)
            start += len(samples) / RATE
            for at in range(0, len(samples), CHUNK):
                chunk = samples[at : at + CHUNK].tobytes()
                await self.push_frame(TTSAudioRawFrame(audio=chunk, sample_rate=RATE, num_channels=1))

    def _left(self, now: float) -> float:
        """Return how many seconds it takes to play what is on its way to the line."""
        last = self._playing[-1] if self._playing else None
        return max(0.0, last.started + last.seconds - now) if last else 0.0

    def _queue(self, text: str, seconds: float, now: float) -> str:
        """Note that a sentence is on its way to the line; return its mark's name."""
        self._marks += 1
        mark = f"sentence-{int(now * 1000)}-{self._marks}"
        started = now + self._left(now)
        overdue = asyncio.get_running_loop().call_later(
            started + seconds - now + MARK_GRACE, self._mark_lost, mark
        )
        self._playing.append(_Sentence(text, mark, seconds, started, overdue))
        return mark

    def _mark_lost(self, mark: str) -> None:
        self.create_task(self.queue_frame(PlayedFrame(mark)))

    async def _played(self, mark: str) -> None:
        if self._time is None or all(sentence.mark != mark for sentence in self._playing):
            return
        now = self._time.now()
        while self._playing:
            sentence = self._playing.popleft()
            sentence.overdue.cancel()
            await self._enter(_said(sentence, min(now, sentence.started + sentence.seconds), 1.0), now)
            if sentence.mark == mark:
                break
        if self._playing:
            self._playing[0].started = now
            return
        await self.push_frame(BotStoppedSpeakingFrame(), FrameDirection.UPSTREAM)
        if self._hang_up is not None:
            hang_up, self._hang_up = self._hang_up, None
            await self.push_frame(hang_up)

    async def _interrupted(self) -> None:
        self._hang_up = None
        if self._time is None or not self._playing:
            return
        now = self._time.now()
        told = self._drop(now)
        await self.push_frame(BotStoppedSpeakingFrame(), FrameDirection.UPSTREAM)
        if told is not None:
            await self._enter(told, now)
        await self._enter(BargedIn(said=played_part(told.text, told.heard) if told else ""), now)

    async def _ended(self) -> None:
        if self._time is None:
            return
        now = self._time.now()
        told = self._drop(now)
        if told is not None:
            await self.push_frame(JournalFrame(told, now))

    def _drop(self, now: float) -> Said | None:
        """Forget everything queued; return what was said of the sentence being played."""
        playing = self._playing[0] if self._playing else None
        for sentence in self._playing:
            sentence.overdue.cancel()
        self._playing.clear()
        if playing is None or now <= playing.started:
            return None
        return _said(playing, now, min(1.0, (now - playing.started) / playing.seconds))

    async def _enter(self, event: AnyEvent, t: float) -> None:
        await self.push_frame(JournalFrame(event, t), FrameDirection.UPSTREAM)

    async def _failed(self, frame: SentenceFrame, error: Exception) -> None:
        late = isinstance(error, TimeoutError)
        why = f"no audio after {SYNTHESIS:.0f} seconds" if late else str(error)
        await self.push_frame(VoiceFailedFrame(frame.text, why), FrameDirection.UPSTREAM)


def played_part(text: str, heard: float) -> str:
    """Return the words of a sentence that fit into the part of it that was played (0..1)."""
    words = text.split()
    return " ".join(words[: int(len(words) * heard)])


def _said(sentence: _Sentence, end: float, heard: float) -> Said:
    return Said(
        text=sentence.text, start=round(sentence.started, 3), end=round(end, 3), heard=round(heard, 2)
    )
