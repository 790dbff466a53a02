// The desk's ears and mouth: microphone and loudspeaker joined to mu-law frames by two worklets.

const CONSTRAINTS = {
  audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
};
const SILENT_FRAME = new Uint8Array(160).fill(0xff);

/** What keeps an agent from talking; the message is a sentence for them. */
export class MicrophoneError extends Error {}

const REASONS = {
  NotAllowedError:
    "The browser may not use your microphone. Allow it beside the address bar, then try again.",
  NotFoundError: "No microphone was found. Plug one in, then try again.",
  NotReadableError: "Another program is using the microphone. Close it, then try again.",
};

export class DeskAudio {
  /**
   * Frames of the microphone go to `onFrame`, the levels of both sides (0 to 1) to `onLevel`; `onLost` is told
   * when the microphone is gone.
   */
  constructor({ onFrame, onLevel, onLost }) {
    this.onFrame = onFrame;
    this.onLevel = onLevel;
    this.onLost = onLost;
    this.context = null;
    this.starting = null;
    this.talking = false; // the microphone is sent at all
    this.muted = false;
  }

  /** Open microphone and loudspeaker; call it from a click. Throws MicrophoneError. */
  start() {
    this.starting ??= this.#open().catch((error) => {
      this.starting = null;
      throw error;
    });
    return this.starting;
  }

  /** Play a frame of mu-law. */
  play(frame) {
    this.playback?.port.postMessage(frame, [frame.buffer]);
  }

  /** Forget what has come and has not been played. */
  clear() {
    this.playback?.port.postMessage(null);
  }

  async #open() {
    if (!navigator.mediaDevices) {
      throw new MicrophoneError("Browsers give the microphone only to https pages or to this very machine.");
    }
    this.context = new AudioContext({ latencyHint: "interactive" });
    const resumed = this.context.resume();
    const stream = await this.#microphone();
    await resumed;
    await Promise.all(
      ["capture", "playback"].map((name) =>
        this.context.audioWorklet.addModule(new URL(`./${name}-worklet.js`, import.meta.url)),
      ),
    );
    this.#connect(stream);
  }

  async #microphone() {
    try {
      return await navigator.mediaDevices.getUserMedia(CONSTRAINTS);
    } catch (error) {
      await this.context.close();
      throw new MicrophoneError(REASONS[error.name] ?? `The microphone cannot be used: ${error.message}`);
    }
  }

  #connect(stream) {
    const { context } = this;
    this.capture = new AudioWorkletNode(context, "capture", { numberOfOutputs: 1 });
    this.capture.port.onmessage = ({ data }) => this.#captured(data);
    this.source = context.createMediaStreamSource(stream);
    // Connected to the loudspeaker only to be run: it puts out nothing.
    this.source.connect(this.capture).connect(context.destination);
    this.playback = new AudioWorkletNode(context, "playback", {
      numberOfInputs: 0,
      outputChannelCount: [1],
    });
    this.analyser = context.createAnalyser();
    this.analyser.fftSize = 2048;
    this.playback.connect(this.analyser).connect(context.destination);
    const [track] = stream.getAudioTracks();
    track.addEventListener("ended", () => this.#lost());
  }

  #lost() {
    this.context.close();
    this.context = this.starting = this.capture = this.playback = null;
    this.onLost();
  }

  #captured({ frame, level }) {
    if (this.talking) this.onFrame(this.muted ? SILENT_FRAME : frame);
    this.onLevel(this.muted ? 0 : level, this.#heardLevel());
  }

  #heardLevel() {
    const samples = new Float32Array(256);
    this.analyser.getFloatTimeDomainData(samples);
    return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
  }
}
