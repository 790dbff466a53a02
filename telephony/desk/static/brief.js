// The brief: what the agent must know before the first word, in the order in which they need it.

import { element } from "./elements.js";
import { journal } from "./session.js";
import { worded } from "./transcript.js";
import * as words from "./words.js";

function section(title, ...content) {
  return element("section", { class: "brief-part" }, element("h3", {}, title), ...content);
}

/** A button that shows where in the conversation something stands; null where it stands nowhere. */
function pointer(text, sources, onSources) {
  if (!sources?.length) return null;
  const button = element("button", { type: "button", class: "source", title: "Show in the conversation" }, "↗");
  button.setAttribute("aria-label", `Show where: ${text}`);
  button.addEventListener("click", () => onSources(sources));
  return button;
}

/** A button that shows what the journal of another call says; null where nothing of it is pointed to. */
function elsewhere({ text, call, sources }) {
  if (!sources?.length) return null;
  const button = element("button", { type: "button", class: "source", title: "Show what was said then" }, "↗");
  button.setAttribute("aria-label", `Show what was said then: ${text}`);
  button.addEventListener("click", async () => {
    const entries = (await journal(call)).filter(({ seq }) => sources.includes(seq));
    const lines = entries.map(worded).filter(Boolean);
    button.replaceWith(element("ul", { class: "then" }, ...lines.map((line) => element("li", {}, line))));
  });
  return button;
}

/** A button that copies a value, and says so for a moment. */
export function copier(value) {
  if (!value) return null;
  const button = element("button", { type: "button", class: "source copy", title: `Copy ${value}` }, "Copy");
  button.setAttribute("aria-label", `Copy ${value}`);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(value);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
  return button;
}

function statements(title, list, onSources, mark, more = () => null) {
  if (!list?.length) return null;
  const lines = list.map((one) =>
    element(
      "li",
      {},
      one.text,
      " ",
      one.call ? elsewhere(one) : pointer(one.text, one.sources, onSources),
      copier(one.value),
      more(one),
    ),
  );
  return section(title, element("ul", { class: mark }, ...lines));
}

function evidence(triggers) {
  if (!triggers.length) return null;
  const lines = triggers.map((one) => {
    const [name, evidence] = words.because(one);
    const scored = one.score !== null && one.threshold !== null;
    const score = scored ? `${one.score.toFixed(2)} of ${one.threshold.toFixed(2)} · ` : "";
    const when = element("small", {}, ` ${score}at ${words.clock(one.t)}`);
    return element("li", {}, element("b", {}, name), ` ${evidence}`, when);
  });
  return section("Evidence", element("ul", { class: "evidence" }, ...lines));
}

/** A button that plays what a statement about the caller's anger rests on; null where that is not known. */
function player(call, { text, sources }, excerpts) {
  const felt = call.feelings.find(({ seq }) => sources?.includes(seq));
  if (!felt) return null;
  return excerpts.button(call.id, felt, { class: "source hear", title: "Hear it", "aria-label": `Hear: ${text}` });
}

/**
 * The elements of a call's brief; `onSources(seqs)` shows the journal entries a statement rests on, `excerpts`
 * plays what the caller said.
 */
export function briefElements(call, onSources, excerpts) {
  const { brief, triggers } = call;
  if (!brief) {
    return [
      element("p", { class: "headline" }, "The brief is being written."),
      element("p", { class: "reason" }, "What has been said so far stands in the conversation."),
      evidence(triggers),
    ].filter(Boolean);
  }
  return [
    element(
      "p",
      { class: "headline" },
      brief.headline,
      " ",
      pointer(brief.headline, brief.sources?.headline, onSources),
    ),
    element(
      "p",
      { class: "reason" },
      element("span", { class: brief.verified ? "tag good" : "tag" }, brief.verified ? "✓ Verified" : "Not verified"),
      ` ${brief.reason} `,
      pointer(brief.reason, brief.sources?.reason, onSources),
      player(call, { text: brief.reason, sources: brief.sources?.reason }, excerpts),
    ),
    brief.last_words &&
      element(
        "blockquote",
        { "aria-label": "The caller's last words" },
        `“${brief.last_words}” `,
        pointer("the last words", brief.sources?.last_words, onSources),
      ),
    brief.suggestion &&
      element(
        "p",
        { class: "suggestion" },
        element("b", {}, "Begin with"),
        ` ${brief.suggestion} `,
        pointer(brief.suggestion, brief.sources?.suggestion, onSources),
      ),
    statements("Promised", brief.promised, onSources, "promised"),
    statements("Tried", brief.tried, onSources, "tried"),
    statements("Facts", brief.facts, onSources, "facts"),
    statements("Anger", brief.feelings, onSources, "feelings", (one) => player(call, one, excerpts)),
    statements("Earlier calls", brief.earlier, onSources, "earlier"),
    evidence(triggers),
  ].filter(Boolean);
}

/** How angry the caller is now: the newest of what was felt, or what the brief says; null for unknown. */
export function angerNow(call) {
  return call.feelings.at(-1)?.anger ?? call.brief?.anger ?? null;
}

/** The bars of the caller's anger, turn by turn, the newest at the right. */
export function angerBars(feelings) {
  return feelings.slice(-24).map((felt) => {
    const bar = element("i", { class: "bar", title: `${words.anger(felt.anger)} ${felt.anger.toFixed(2)}` });
    bar.style.setProperty("--anger", felt.anger.toFixed(3));
    return bar;
  });
}
