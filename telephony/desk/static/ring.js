// The sound of a call coming in: a soft two-note bell, made here, and the window's title taking turns.

const EVERY = 2.4; // seconds between rings
const NOTES = [
  [659.26, 0.0], // E5
  [783.99, 0.16], // G5
];
const LOUDNESS = 0.16;

export class Ring {
  constructor() {
    this.title = document.title;
    this.timers = [];
    this.gain = null;
  }

  /** Ring until stopped; without a sound where `context` is null. */
  start(context, who) {
    this.stop();
    let shown = false;
    const flash = () => {
      shown = !shown;
      document.title = shown ? `☎ ${who}` : this.title;
    };
    flash();
    this.timers.push(setInterval(flash, 1000));
    if (!context) return;
    this.gain = context.createGain();
    this.gain.gain.value = LOUDNESS;
    this.gain.connect(context.destination);
    const strike = () => NOTES.forEach(([pitch, after]) => this.#note(context, pitch, after));
    strike();
    this.timers.push(setInterval(strike, EVERY * 1000));
  }

  stop() {
    this.timers.forEach(clearInterval);
    this.timers = [];
    this.gain?.disconnect();
    this.gain = null;
    document.title = this.title;
  }

  #note(context, pitch, after) {
    const begin = context.currentTime + after;
    // A bell: the fundamental and a quieter octave that dies sooner.
    for (const [factor, share, length] of [
      [1, 1, 0.9],
      [2, 0.25, 0.4],
    ]) {
      const tone = context.createOscillator();
      const envelope = context.createGain();
      tone.frequency.value = pitch * factor;
      envelope.gain.setValueAtTime(0, begin);
      envelope.gain.linearRampToValueAtTime(share, begin + 0.01);
      envelope.gain.exponentialRampToValueAtTime(0.001, begin + length);
      tone.connect(envelope).connect(this.gain);
      tone.start(begin);
      tone.stop(begin + length);
    }
  }
}
