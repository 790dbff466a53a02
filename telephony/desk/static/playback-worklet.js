// Mu-law frames in, the context's sound out, by way of the jitter buffer.

import { JitterBuffer, RATE } from "./jitter.js";
import { decode } from "./mulaw.js";
import { Resampler } from "./resample.js";

class Playback extends AudioWorkletProcessor {
  constructor() {
    super();
    this.buffer = new JitterBuffer();
    this.resampler = new Resampler(RATE, sampleRate);
    this.ready = new Float32Array(0);
    this.port.onmessage = ({ data }) => {
      if (data === null) this.buffer.clear();
      else this.buffer.push(Float32Array.from(data, decode));
    };
  }

  process(_inputs, outputs) {
    const out = outputs[0][0];
    while (this.ready.length < out.length) {
      const missing = Math.ceil(((out.length - this.ready.length) * RATE) / sampleRate);
      const more = this.resampler.process(this.buffer.pull(missing));
      const joined = new Float32Array(this.ready.length + more.length);
      joined.set(this.ready);
      joined.set(more, this.ready.length);
      this.ready = joined;
    }
    out.set(this.ready.subarray(0, out.length));
    this.ready = this.ready.slice(out.length);
    return true;
  }
}

registerProcessor("playback", Playback);
