// G.711 mu-law, the same codes as telephony/legs/mulaw.py.

const BIAS = 0x84;
const CLIP = 32635;
export const SILENCE = 0xff;

const decoded = new Float32Array(256);
for (let code = 0; code < 256; code++) {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 15) << 3) + BIAS) << ((bits >> 4) & 7)) - BIAS;
  decoded[code] = (bits & 0x80 ? -magnitude : magnitude) / 32768;
}

/** The sample, -1 to 1, of a code. */
export const decode = (code) => decoded[code];

/** The code of a sample, -1 to 1; what is louder is clipped. */
export function encode(sample) {
  const linear = Math.max(-32768, Math.min(32767, Math.round(sample * 32768)));
  const sign = linear < 0 ? 0x80 : 0;
  // Two bits less first, as the reference coder works on 14-bit samples.
  const magnitude = Math.min(Math.abs(linear >> 2), CLIP >> 2) + (BIAS >> 2);
  const exponent = 31 - Math.clz32(magnitude) - 5;
  const mantissa = (magnitude >> (exponent + 1)) & 15;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}
