// The calls under way, for supervisors: a list to listen in from, on the idle screen.

import { byId, element, setText } from "./elements.js";
import * as session from "./session.js";
import * as words from "./words.js";

const EVERY = 3000; // ms

export class Supervising {
  /** `onListen(call)` joins a call. */
  constructor(onListen) {
    this.onListen = onListen;
    this.timer = null;
  }

  /** Look again and again while `wanted`. */
  watch(wanted) {
    byId("floor").hidden = !wanted;
    if (wanted && this.timer === null) {
      this.timer = setInterval(() => this.#look(), EVERY);
      this.#look();
    } else if (!wanted && this.timer !== null) {
      clearInterval(this.timer);
      this.timer = null;
    }
  }

  async #look() {
    let calls = [];
    try {
      ({ calls } = await session.floor());
    } catch {
      return; // the light at the top says that the connection is down
    }
    setText(byId("floor-text"), calls.length ? "" : "No call is under way.");
    byId("floor-list").replaceChildren(...calls.map((call) => this.#line(call)));
  }

  #line(call) {
    const listen = element("button", { type: "button", class: "plain" }, "Listen");
    listen.disabled = !["bridged", "held"].includes(call.state);
    listen.setAttribute("aria-label", `Listen to ${call.caller}`);
    listen.addEventListener("click", () => this.onListen(call));
    return element(
      "li",
      {},
      element("time", {}, words.clock(call.seconds)),
      element("b", {}, call.headline || call.caller),
      element("span", { class: "soft" }, call.agent ?? ""),
      element("span", { class: "tag" }, words.states(call.state)),
      listen,
    );
  }
}
