// The page's elements brought up to what the desk knows. Nothing here decides anything.

import { angerBars, angerNow, briefElements } from "./brief.js";
import { byId, element, setText } from "./elements.js";
import { Transcript } from "./transcript.js";
import * as words from "./words.js";

const SHOWN = {
  ringing: ["accept", "decline"],
  briefing: ["skip-brief", "give-back"],
  bridged: ["mute", "hang-up"],
  wrap_up: [],
};
const CONTROLS = ["accept", "decline", "skip-brief", "give-back", "mute", "hang-up"];

export class View {
  constructor() {
    this.transcript = new Transcript(byId("transcript"));
    this.drawn = null;
  }

  /** The light and the sentence for the connection. */
  link(status) {
    const [text, light] = words.link(status);
    setText(byId("link"), text);
    byId("link").dataset.light = light;
  }

  /** Which screen is shown: sign-in, idle or call. */
  screen(name) {
    document.body.dataset.screen = name;
  }

  /** Everything that changes when something happens. */
  draw({ desk, agent, available, muted, microphone, elsewhere }) {
    setText(byId("agent"), agent ?? "");
    this.#notice(desk.notice);
    if (!agent) {
      this.screen("sign-in");
    } else if (desk.call) {
      this.screen("call");
      this.#call(desk.call, muted);
    } else {
      this.screen("idle");
      this.#idle(desk, available, microphone, elsewhere);
    }
  }

  /** Everything that changes as time goes by; `now` in seconds. */
  tick({ call }, now) {
    if (!call) return;
    const ringing = call.phase === "ringing" && call.ringsUntil !== null;
    byId("countdown").hidden = !ringing;
    if (ringing) {
      const left = Math.max(0, call.ringsUntil - now);
      byId("countdown").firstElementChild.style.setProperty("--left", left / call.ringSeconds);
      setText(byId("timer"), `rings for ${Math.ceil(left)} s`);
    } else {
      const talked = call.bridgedAt === null ? "" : words.clock((call.talkedUntil ?? now) - call.bridgedAt);
      setText(byId("timer"), talked);
    }
  }

  /** The level meters, 0 to 1. */
  levels(mine, theirs) {
    // Shown over 50 dB, as the ear hears.
    const shown = (level) => Math.max(0, 1 + Math.log10(Math.max(level, 1e-6)) / 2.5).toFixed(2);
    byId("my-level").style.setProperty("--level", shown(mine));
    byId("idle-level").style.setProperty("--level", shown(mine));
    byId("their-level").style.setProperty("--level", shown(theirs));
  }

  /** What went wrong with signing in, in a sentence; empty for nothing. */
  signInProblem(text) {
    setText(byId("sign-in-error"), text);
  }

  /** What keeps the agent from being available, in a sentence; empty for nothing. */
  problem(text) {
    setText(byId("idle-problem"), text);
  }

  /** The buttons that close a call; `onChoice(disposition)`. */
  dispositions(onChoice) {
    const buttons = words.DISPOSITIONS.map(([value, text], index) => {
      const button = element("button", { type: "button", class: "plain" }, text, " ", element("kbd", {}, `${index + 1}`));
      button.addEventListener("click", () => onChoice(value));
      return button;
    });
    byId("dispositions").replaceChildren(...buttons);
  }

  #notice(text) {
    byId("notice").hidden = !text;
    setText(byId("notice"), text);
  }

  #idle({ recent }, available, microphone, elsewhere) {
    this.drawn = null;
    byId("available").setAttribute("aria-checked", String(available));
    setText(byId("available-text"), available ? "Available" : elsewhere ? "Use this desk" : "Go available");
    setText(byId("idle-title"), available ? "You are available" : "You are not available");
    setText(
      byId("idle-text"),
      available
        ? "The next call that needs a person rings here."
        : elsewhere
          ? "You signed in at another desk, which takes your calls now."
          : "Calls go to your colleagues until you are.",
    );
    byId("microphone").hidden = !microphone;
    byId("recent").hidden = recent.length === 0;
    byId("recent-list").replaceChildren(...recent.map((call) => this.#recent(call)));
  }

  #recent({ caller, line, seconds, disposition, at }) {
    const closing = words.DISPOSITIONS.find(([value]) => value === disposition)?.[1] ?? "Not closed";
    return element(
      "li",
      {},
      element("time", {}, at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })),
      element("b", {}, caller),
      element("span", { class: "soft" }, line),
      element("span", {}, words.clock(seconds)),
      element("span", { class: "tag" }, closing),
    );
  }

  #call(call, muted) {
    document.body.dataset.phase = call.phase;
    setText(byId("phase"), call.over && call.phase === "bridged" ? "The caller is gone" : words.PHASES[call.phase]);
    setText(byId("caller"), call.caller || "Unknown caller");
    setText(byId("line"), call.line);
    for (const id of CONTROLS) byId(id).hidden = !SHOWN[call.phase].includes(id);
    byId("mute").setAttribute("aria-pressed", String(muted));
    setText(byId("mute-text"), muted ? "Muted – unmute" : "Mute");
    byId("wrap-up").hidden = call.phase !== "wrap_up";
    this.#anger(call);
    if (this.drawn?.brief !== call.brief || this.drawn?.triggers !== call.triggers) {
      byId("brief").replaceChildren(...briefElements(call, (seqs) => this.transcript.point(seqs)));
    }
    this.drawn = call;
    this.transcript.show(call);
  }

  #anger(call) {
    const score = angerNow(call);
    const meter = byId("anger");
    meter.hidden = score === null;
    if (score === null) return;
    meter.setAttribute("aria-valuenow", Math.round(score * 100));
    meter.setAttribute("aria-valuetext", words.anger(score));
    meter.style.setProperty("--anger", score.toFixed(3));
    setText(byId("anger-word"), words.anger(score));
    byId("anger-bars").replaceChildren(...angerBars(call.feelings));
  }
}
