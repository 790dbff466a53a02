// The microphone's sound at the context's rate in, mu-law frames of 20 ms out.

import { encode } from "./mulaw.js";
import { Resampler } from "./resample.js";

const FRAME = 160;

class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = new Resampler(sampleRate, 8000);
    this.frame = new Uint8Array(FRAME);
    this.filled = 0;
    this.power = 0;
  }

  process(inputs) {
    const microphone = inputs[0][0];
    if (!microphone) return true;
    for (const sample of this.resampler.process(microphone)) {
      this.power += sample * sample;
      this.frame[this.filled++] = encode(sample);
      if (this.filled === FRAME) this.#send();
    }
    return true;
  }

  #send() {
    this.port.postMessage({ frame: this.frame, level: Math.sqrt(this.power / FRAME) }, [this.frame.buffer]);
    this.frame = new Uint8Array(FRAME);
    this.filled = 0;
    this.power = 0;
  }
}

registerProcessor("capture", Capture);
