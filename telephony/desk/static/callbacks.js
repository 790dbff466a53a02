// Callers to be rung back: a list to work through on the idle screen, whoever is due first first.

import { byId, element } from "./elements.js";
import * as words from "./words.js";

export class CallbackList {
  /** `onRing(callback)` rings the caller; `onDrop(callback)` takes them off the list. */
  constructor(onRing, onDrop) {
    this.onRing = onRing;
    this.onDrop = onDrop;
    this.drawn = null;
  }

  /** Show `callbacks`; `ringing` names the call whose caller is being rung, `now` is a Date. */
  show({ callbacks, ringing }, now) {
    byId("callbacks").hidden = callbacks.length === 0;
    const minute = Math.floor(now / 60_000);
    const same = this.drawn?.callbacks === callbacks && this.drawn.ringing === ringing && this.drawn.minute === minute;
    if (same) return; // a button somebody is about to press stays where it is
    this.drawn = { callbacks, ringing, minute };
    byId("callback-list").replaceChildren(...callbacks.map((one) => this.#line(one, ringing, now)));
  }

  #line(callback, ringing, now) {
    const { number, headline, tries } = callback;
    const [due, light] = words.due(new Date(callback.earliest), new Date(callback.latest), now);
    const here = ringing === callback.call;
    const ring = element("button", { type: "button", class: here ? "plain" : "primary" }, here ? "Ringing …" : "Ring back");
    ring.disabled = Boolean(ringing);
    ring.setAttribute("aria-label", `Ring back ${number}`);
    ring.addEventListener("click", () => this.onRing(callback));
    const drop = element("button", { type: "button", class: "quiet", disabled: Boolean(ringing) }, "Not needed");
    drop.setAttribute("aria-label", `${number} need not be rung back`);
    drop.addEventListener("click", () => this.onDrop(callback));
    return element(
      "li",
      {},
      element("b", {}, number),
      element("span", { class: "what" }, headline || "Asked to be rung back"),
      element("span", { class: "due soft" }, element("span", { class: `tag ${light}` }, due), tries ? words.tries(tries) : null),
      element("span", { class: "row-buttons" }, ring, drop),
    );
  }
}
