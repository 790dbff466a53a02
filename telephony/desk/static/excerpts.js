// Pieces of the call's recording, played to this agent alone.

import { element } from "./elements.js";
import { voice } from "./session.js";

const LONGEST = 60; // seconds the switchboard gives out at once
const AROUND = 0.25; // seconds heard before and after, so that no word begins in the middle

export class Excerpts {
  /** `onProblem` is told in a sentence why a piece cannot be heard. */
  constructor(onProblem) {
    this.onProblem = onProblem;
    this.context = null;
    this.playing = null; // the button whose piece is fetched or heard, and what ends it
  }

  /** A button that plays what the caller said from second `start` to `end` of a call; again, it stops. */
  button(call, { start, end }, attributes, ...children) {
    const button = element("button", { type: "button", "aria-pressed": "false", ...attributes }, ...children);
    const to = end + AROUND;
    const from = Math.max(0, start - AROUND, to - LONGEST);
    button.addEventListener("click", () => this.#toggle(button, call, from, to));
    return button;
  }

  /** Be silent. */
  stop() {
    const { playing } = this;
    this.playing = null;
    playing?.button.setAttribute("aria-pressed", "false");
    playing?.source?.stop();
  }

  async #toggle(button, call, start, end) {
    const again = this.playing?.button === button;
    this.stop();
    if (again) return;
    const mine = (this.playing = { button, source: null });
    button.setAttribute("aria-pressed", "true");
    try {
      this.context ??= new AudioContext();
      const [sound] = await Promise.all([voice(call, start, end), this.context.resume()]);
      const buffer = await this.context.decodeAudioData(sound);
      if (this.playing === mine) this.#play(mine, buffer);
    } catch (error) {
      if (this.playing === mine) this.stop();
      this.onProblem(error.message);
    }
  }

  #play(mine, buffer) {
    mine.source = this.context.createBufferSource();
    mine.source.buffer = buffer;
    mine.source.connect(this.context.destination);
    mine.source.addEventListener("ended", () => this.playing === mine && this.stop());
    mine.source.start();
  }
}
