"""The peer: bots as pipecat's examples build them, one pipeline with models of its own for each call.

Its plain WebSocket transport with its Twilio serializer, its Whisper service, Smart Turn and Silero as its
user aggregator sets them up by default, its Piper service. In place of a language model stands an answer that
takes no time. `--calls N` prepares N of them in one process, each on a port of its own, and prints the ports.

Its examples name Whisper `tiny.en`, whose weights come in no package: here it runs the Whisper base that
Hookflash runs, in int8 where the service offers it, instead of its default of float32.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

from loguru import logger
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import Frame, LLMContextFrame, TTSSpeakFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.serializers.twilio import TwilioFrameSerializer
from pipecat.services.piper.tts import PiperTTSService
from pipecat.services.whisper.stt import WhisperSTTService
from pipecat.transports.websocket.server import (
    SingleClientWebsocketServerParams,
    SingleClientWebsocketServerTransport,
)
from pipecat.workers.runner import WorkerRunner
from websockets.asyncio.client import connect

from benchmarks.asking_caller import ASKED, AskingCaller
from telephony.carriers.emulated_stream import EmulatedStream, Over
from telephony.carriers.media_messages import StreamFacts
from telephony.carriers.recorded_caller import RecordedCaller
from telephony.demo.house import free_ports
from voice.journal.clock import Clock

STREAM = "MZ" + "0" * 32
MODEL = "whisper base (multilingual), int8"
READY = 120.0


class _Answerer(FrameProcessor):
    """Stands where a language model does, and has an answer at once; each holds another figure."""

    def __init__(self, start: int) -> None:
        super().__init__()
        self._figures = count(start)

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if isinstance(frame, LLMContextFrame):
            figure = next(self._figures)
            await self.push_frame(TTSSpeakFrame(ASKED[figure % len(ASKED)][2].format(figure)))
        else:
            await self.push_frame(frame, direction)


def _bot(port: int, whisper: Path, voice: Path, number: int) -> PipelineWorker:
    serializer = TwilioFrameSerializer(
        stream_sid=STREAM, params=TwilioFrameSerializer.InputParams(auto_hang_up=False)
    )
    transport = SingleClientWebsocketServerTransport(
        SingleClientWebsocketServerParams(
            serializer=serializer, audio_in_enabled=True, audio_out_enabled=True, add_wav_header=False
        ),
        host="127.0.0.1",
        port=port,
    )
    stt = WhisperSTTService(
        device="cpu", compute_type="int8", settings=WhisperSTTService.Settings(model=str(whisper))
    )
    tts = PiperTTSService(download_dir=voice.parent, settings=PiperTTSService.Settings(voice=voice.stem))
    params = LLMUserAggregatorParams(vad_analyzer=SileroVADAnalyzer())
    user, assistant = LLMContextAggregatorPair(LLMContext(), user_params=params)
    stages = [transport.input(), stt, user, _Answerer(100 * number), tts, transport.output(), assistant]
    return PipelineWorker(
        Pipeline(stages),
        params=PipelineParams(audio_in_sample_rate=16_000, audio_out_sample_rate=8_000),
        idle_timeout_secs=None,
    )


async def _serve(calls: int, whisper: Path, voice: Path) -> None:
    began = time.monotonic()
    ports = free_ports(calls)
    runner = WorkerRunner(handle_sigint=False)
    for number, port in enumerate(ports):
        await runner.add_workers(_bot(port, whisper, voice, number))
    running = asyncio.create_task(runner.run())
    await asyncio.sleep(1.0)
    print(json.dumps({"ports": ports, "seconds": time.monotonic() - began}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cancel()
    await running


class StockBots:
    """Running peers, one for each call at once; `pid` is their process."""

    def __init__(self, ports: Sequence[int], pid: int, ready: float, clock: Clock) -> None:
        self._ports = ports
        self.pid = pid
        self.ready = ready
        self._clock = clock

    async def ring(self, place: int, caller: AskingCaller) -> None:
        """Have a caller ring the bot in that place, until they have asked everything."""
        facts = StreamFacts(account_sid="AC", call_sid="CA", stream_sid=STREAM)
        stream = EmulatedStream(facts, RecordedCaller(audio=b""), self._clock, patience=600, listener=caller)
        caller.connect(stream.say, lambda: stream.end(Over.CALLER_HUNG_UP))
        url = f"ws://127.0.0.1:{self._ports[place]}"
        await stream.run(await connect(url, compression=None, proxy=None, ping_interval=None))


@asynccontextmanager
async def stock_bots(calls: int, whisper: Path, voice: Path, clock: Clock) -> AsyncIterator[StockBots]:
    """Run peers for `calls` calls at once while the context lasts."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.stock_pipecat", "--calls", str(calls),
        "--whisper", str(whisper), "--voice", str(voice),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        async with asyncio.timeout(READY):
            told = json.loads(await process.stdout.readline())
        yield StockBots(told["ports"], process.pid, told["seconds"], clock)
    finally:
        process.kill()
        await process.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1)
    parser.add_argument("--whisper", type=Path, required=True)
    parser.add_argument("--voice", type=Path, required=True)
    parser.add_argument("--log", default="WARNING")
    arguments = parser.parse_args()
    logger.remove()
    logger.add(sys.stderr, level=arguments.log)
    asyncio.run(_serve(arguments.calls, arguments.whisper, arguments.voice))
