// A polyphase resampler between two whole sample rates: a Kaiser-windowed sinc low-pass, so that nothing above
// the lower rate's half folds back into the telephone band, evaluated only at the samples that are wanted.

const STOP_BAND_DB = 60;
const PASS = 0.425; // of the lower rate: 3.4 kHz where that is 8 kHz, the edge of the telephone band
const STOP = 0.5;

function greatestCommonDivisor(a, b) {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function besselI0(x) {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-9; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

// Kaiser's formulae (Oppenheim & Schafer, Discrete-Time Signal Processing, section 7.5) for length and shape.
function kaiserLength(width) {
  return Math.ceil((STOP_BAND_DB - 7.95) / (2.285 * 2 * Math.PI * width));
}

const KAISER_SHAPE = 0.1102 * (STOP_BAND_DB - 8.7);

function sinc(x) {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

export class Resampler {
  /** From one rate to another, both in whole hertz. */
  constructor(from, to) {
    const divisor = greatestCommonDivisor(from, to);
    this.up = to / divisor;
    this.down = from / divisor;
    const lower = Math.min(from, to) / from;
    this.taps = kaiserLength((STOP - PASS) * lower);
    this.filters = this.#design(((PASS + STOP) / 2) * lower);
    this.past = new Float32Array(this.taps);
    this.phase = 0;
  }

  #design(cutoff) {
    const filters = [];
    const middle = (this.taps - 1) / 2;
    for (let phase = 0; phase < this.up; phase++) {
      const filter = new Float32Array(this.taps);
      let sum = 0;
      for (let tap = 0; tap < this.taps; tap++) {
        const at = tap - middle - phase / this.up;
        const across = Math.max(0, 1 - (at / (middle + 1)) ** 2);
        filter[tap] = sinc(2 * cutoff * at) * besselI0(KAISER_SHAPE * Math.sqrt(across));
        sum += filter[tap];
      }
      filters.push(filter.map((weight) => weight / sum));
    }
    return filters;
  }

  /** Take samples of the old rate; return those of the new rate they complete. */
  process(samples) {
    const joined = new Float32Array(this.past.length + samples.length);
    joined.set(this.past);
    joined.set(samples, this.past.length);
    const out = [];
    let start = 0;
    while (start + this.taps <= joined.length) {
      const filter = this.filters[this.phase];
      let sum = 0;
      for (let tap = 0; tap < this.taps; tap++) sum += filter[tap] * joined[start + tap];
      out.push(sum);
      this.phase += this.down;
      start += Math.floor(this.phase / this.up);
      this.phase %= this.up;
    }
    this.past = joined.slice(start);
    return Float32Array.from(out);
  }
}
