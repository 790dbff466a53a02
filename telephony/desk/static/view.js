// The page's elements brought up to what the desk knows. Nothing here decides anything.

import { angerBars, angerNow, briefElements, copier } from "./brief.js";
import { byId, element, setText } from "./elements.js";
import { Excerpts } from "./excerpts.js";
import { Transcript } from "./transcript.js";
import * as words from "./words.js";

const TOGETHER = ["colleague", "pass-on", "to-bot", "promise"];
const SHOWN = {
  ringing: ["accept", "decline"],
  briefing: ["skip-brief", "give-back"],
  bridged: ["mute", "hold", "keys", ...TOGETHER, "hang-up"],
  held: ["mute", "hold", ...TOGETHER, "hang-up"],
  wrap_up: [],
};
const SHOWN_TO_GUEST = ["mute", "leave"];
const SHOWN_TO_SUPERVISOR = ["roles", "mute", "leave"];
const CONTROLS = [...new Set([...Object.values(SHOWN).flat(), ...SHOWN_TO_SUPERVISOR])];

/** The buttons for where a call stands and what the agent is on it for. */
function shown({ phase, role, colleagues }) {
  if (phase === "ringing" || role === "agent") {
    const buttons = SHOWN[phase] ?? [];
    return colleagues ? [...buttons, "leave"] : buttons;
  }
  return role === "colleague" ? SHOWN_TO_GUEST : SHOWN_TO_SUPERVISOR;
}

/** The colleagues on the line, by the journal. */
function colleagues({ entries }) {
  const here = new Set();
  for (const { event } of entries) {
    if (event.kind === "guest_joined" && event.role === "colleague") here.add(event.agent);
    if (event.kind === "guest_left" || event.kind === "bridged") here.delete(event.agent);
  }
  return [...here];
}

function phaseText(call) {
  if (call.phase === "ringing" && call.role === "colleague") return `${call.askedBy} asks you to join`;
  if (call.over && call.phase === "bridged") return "The caller is gone";
  if (call.role !== "agent" && call.phase !== "ringing") return words.ROLES[call.role];
  const with_ = colleagues(call);
  const text = words.PHASES[call.phase] ?? "";
  return with_.length && call.phase !== "wrap_up" ? `${text}, with ${with_.join(" and ")}` : text;
}

export class View {
  /** `onProblem` is told in a sentence why what was asked for here cannot be had. */
  constructor(onProblem) {
    this.excerpts = new Excerpts(onProblem);
    this.transcript = new Transcript(byId("transcript"), this.excerpts);
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
    this.excerpts.stop();
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
      element("span", { class: "length" }, words.clock(seconds)),
      element("span", { class: "tag" }, closing),
    );
  }

  #call(call, muted) {
    document.body.dataset.phase = call.phase;
    setText(byId("phase"), phaseText(call));
    setText(byId("caller"), call.caller || "Unknown caller");
    setText(byId("line"), call.line);
    const buttons = shown({ ...call, colleagues: colleagues(call).length > 0 });
    for (const id of CONTROLS) byId(id).hidden = !buttons.includes(id);
    for (const role of ["listen", "coach", "barge"]) {
      byId(`role-${role}`).setAttribute("aria-pressed", String(call.role === role));
    }
    byId("hold").setAttribute("aria-pressed", String(call.phase === "held"));
    setText(byId("hold-text"), call.phase === "held" ? "On hold – resume" : "Hold");
    this.#help(call);
    byId("mute").setAttribute("aria-pressed", String(muted));
    setText(byId("mute-text"), muted ? "Muted – unmute" : "Mute");
    byId("wrap-up").hidden = call.phase !== "wrap_up";
    this.#anger(call);
    if (this.drawn?.brief !== call.brief || this.drawn?.triggers !== call.triggers) {
      byId("brief").replaceChildren(...briefElements(call, (seqs) => this.transcript.point(seqs), this.excerpts));
    }
    this.drawn = call;
    this.transcript.show(call);
  }

  #help({ help, phase }) {
    const node = byId("help");
    node.hidden = help.length === 0 || phase === "wrap_up";
    if (this.drawn?.help === help) return;
    node.replaceChildren(
      ...help.map((one) =>
        element("p", {}, one.text, " ", element("small", { class: "soft" }, one.source), " ", copier(one.text)),
      ),
    );
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
