"""One call's pipeline: the only place that assembles pipecat.

    link -> serializer -> ear -> conversation -> mouth -> outlet -> link

pipecat's own transports are not used: they pace audio by the system's clock, and here the switchboard
paces it. Nothing in the pipeline reads any clock but the one handed in.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from loguru import logger
from pipecat.clocks.base_clock import BaseClock
from pipecat.frames.frames import EndFrame, Frame, InputAudioRawFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.workers.runner import WorkerRunner

from voice.dialogue.cast import Cast
from voice.dialogue.conversation import Conversation
from voice.frames import CallStartFrame, StateFrame
from voice.hearing.ear import LAST_WORDS, Ear
from voice.hearing.listening import Listening, Load, SoundsFinished
from voice.hearing.patience import Patience
from voice.hearing.recogniser import Transcribes
from voice.hearing.segments import TurnTaking
from voice.hearing.track import VoiceActivity
from voice.journal.clock import Clock
from voice.journal.events import CallState
from voice.journal.link import StateMessage
from voice.link_serializer import EAR_RATE, LINE_RATE, LinkError, LinkSerializer
from voice.speaking.mouth import Mouth, Renders

BEHIND = 10.0
"""Seconds of audio waiting to be heard at which a call is given up: it would answer nobody in time."""
REFUSALS = 20
"""Malformed messages after which the link is given up."""
CLOSING = LAST_WORDS + 3.0
"""Longest the pipeline may take to end, in seconds."""


class OverloadedError(RuntimeError):
    """This worker does not keep up with the call."""


class _PipelineClock(BaseClock):
    """Our clock as pipecat reads it: nanoseconds since the pipeline's start."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._zero = clock.now()

    def get_time(self) -> int:
        return int((self._clock.now() - self._zero) * 1e9)

    def start(self) -> None:
        self._zero = self._clock.now()


class _Outlet(FrameProcessor):
    """Sends what the link has a message for."""

    def __init__(self, serializer: LinkSerializer, send: Callable[[str], Awaitable[None]]) -> None:
        super().__init__()
        self._serializer = serializer
        self._send = send

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        message = await self._serializer.serialize(frame)
        if message is None:
            await self.push_frame(frame, direction)
        else:
            await self._send(message if isinstance(message, str) else message.decode())


class CallPipeline:
    """Hears, understands and answers one call.

    Args:
        send: takes one message for the switchboard; may wait, and is called in the order of the messages.
        engine: the process's speech engine.
        activity: makes a voice-activity model for one track.
        prompts: renders sentences.
        cast: makes the bot and those who watch it.
        turn_taking: when speech starts, pauses and ends.
        clock: the process's clock.
        patience: how long a caller's pauses may last.
        sounds_finished: tells from the sound whether a turn is over; None to go by the words.
        load: what the process's calls ask of the engine.
        languages: those a caller may speak.
    """

    def __init__(
        self,
        *,
        send: Callable[[str], Awaitable[None]],
        engine: Transcribes,
        activity: Callable[[], VoiceActivity],
        prompts: Renders,
        cast: Cast,
        turn_taking: TurnTaking,
        clock: Clock,
        patience: Patience | None = None,
        sounds_finished: SoundsFinished | None = None,
        load: Load | None = None,
        languages: Sequence[str] = (),
    ) -> None:
        self._serializer = LinkSerializer(clock)
        conversation = Conversation(cast, prompts)
        patience = patience or Patience()
        listening = Listening(engine, patience, sounds_finished, load, languages, grasps=conversation.grasps)
        self._ear = Ear(listening, activity, turn_taking)
        self._spoken_here = cast.language
        self._received = 0.0
        self._refused = 0
        self._closing = asyncio.Event()
        stages = [
            self._ear,
            conversation,
            Mouth(prompts),
            _Outlet(self._serializer, send),
        ]
        self._worker = PipelineWorker(
            Pipeline(stages),
            params=PipelineParams(audio_in_sample_rate=EAR_RATE, audio_out_sample_rate=LINE_RATE),
            clock=_PipelineClock(clock),
            enable_rtvi=False,
            enable_turn_tracking=False,
            idle_timeout_secs=None,
        )

    @property
    def behind(self) -> float:
        """Seconds of the caller's audio that have come and not been heard yet."""
        return self._received - self._ear.received

    async def receive(self, message: str | bytes) -> None:
        """Take one message of the link. Malformed ones are logged and not acted on.

        Raises:
            LinkError: there were too many of those.
            OverloadedError: the call is not being kept up with.
        """
        try:
            frame = await self._serializer.deserialize(message)
        except LinkError as error:
            self._refused += 1
            if self._refused > REFUSALS:
                raise
            logger.warning("A message of the voice link was refused: {}", error)
            return
        if isinstance(frame, EndFrame):
            await self.close()
        if frame is None or self._closing.is_set():
            return
        if isinstance(frame, CallStartFrame):
            frame.language = self._spoken_here(frame.language)
        elif isinstance(frame, InputAudioRawFrame):
            self._received += len(frame.audio) / 2 / EAR_RATE
            if self.behind > BEHIND:
                raise OverloadedError(f"The call's audio is {BEHIND:.0f} seconds behind.")
        await self._worker.queue_frame(frame)

    async def run(self) -> None:
        """Serve the call until it is closed; what was being said then is still heard and journalled."""
        runner = WorkerRunner(handle_sigint=False, handle_sigterm=False)
        await runner.add_workers(self._worker)
        running = asyncio.create_task(runner.run())
        closing = asyncio.create_task(self._closing.wait())
        try:
            await asyncio.wait({running, closing}, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait({running}, timeout=CLOSING)
            if not running.done():
                logger.warning("A call's pipeline did not end in time and is cut off.")
        finally:
            closing.cancel()
            if not running.done():
                await self._worker.cancel(reason="cut off")
            await running

    async def close(self) -> None:
        """End the call: no more is said, and the last words are heard. Idempotent."""
        if self._closing.is_set():
            return
        ended = StateMessage(stream_sid="", state=CallState.ENDED, t=self._received)
        await self._worker.queue_frame(StateFrame(ended))
        await self._worker.queue_frame(EndFrame())
        self._closing.set()
