// Keeps a little of what is heard in hand, so that frames which come late are not missed.

export const RATE = 8000;
const TARGET = 0.05 * RATE; // begin to play with this much in hand
const EASE = 0.1 * RATE; // with more, leave out frames in which nobody speaks
const MOST = 0.2 * RATE; // with more, leave out the oldest
const QUIET = 0.01; // peak of a frame that can be left out unheard, about -40 dB
const FADE = 16; // samples over which sound stops when nothing is left, lest it click

export class JitterBuffer {
  constructor() {
    this.held = new Float32Array(0);
    this.playing = false;
    this.last = 0;
    this.underruns = 0;
    this.dropped = 0;
  }

  /** Take samples that have come. */
  push(samples) {
    const level = this.held.length;
    if (level > EASE && samples.every((sample) => Math.abs(sample) < QUIET)) {
      this.dropped += samples.length;
      return;
    }
    const joined = new Float32Array(level + samples.length);
    joined.set(this.held);
    joined.set(samples, level);
    const excess = joined.length > MOST ? joined.length - TARGET : 0;
    this.dropped += excess;
    this.held = joined.subarray(excess);
  }

  /** Forget what has not been played. */
  clear() {
    this.held = new Float32Array(0);
    this.playing = false;
  }

  /** The next `count` samples; silence where none are in hand. */
  pull(count) {
    const out = new Float32Array(count);
    if (!this.playing && this.held.length < TARGET) return this.#fade(out, 0);
    this.playing = true;
    const given = this.held.subarray(0, count);
    out.set(given);
    this.held = this.held.subarray(given.length);
    if (given.length > 0) this.last = given[given.length - 1];
    if (given.length < count) {
      this.playing = false;
      this.underruns += 1;
      this.#fade(out, given.length);
    }
    return out;
  }

  #fade(out, from) {
    const end = Math.min(out.length, from + FADE);
    for (let at = from; at < end; at++) out[at] = this.last * (1 - (at - from + 1) / FADE);
    this.last = 0;
    return out;
  }
}
