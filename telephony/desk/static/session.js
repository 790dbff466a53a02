// Signing in and out, and what there is of a call, over HTTP.

async function answer(response) {
  const body = response.status === 204 ? {} : await response.json();
  if (!response.ok) throw new Error(body.error ?? "The switchboard did not understand that.");
  return body;
}

async function ask(path, options) {
  try {
    return await fetch(path, options);
  } catch {
    throw new Error("The switchboard cannot be reached. Is your network up?");
  }
}

/** The name of who is signed in; null for nobody. */
export async function signedIn() {
  return (await answer(await ask("/desk/session"))).agent;
}

/** Sign in with {name, password} or {link}; returns the agent's name. Throws an Error with a sentence. */
export async function signIn(credentials) {
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify(credentials);
  return (await answer(await ask("/desk/sign-in", { method: "POST", headers, body }))).agent;
}

export async function signOut() {
  await answer(await ask("/desk/sign-out", { method: "POST" }));
}

/** The entries of a call's journal so far. */
export async function journal(call) {
  return answer(await ask(`/desk/calls/${encodeURIComponent(call)}/journal`));
}

/** Go on duty at the agent's own telephone. Throws an Error with a sentence. */
export async function byPhone(on) {
  const headers = { "Content-Type": "application/json" };
  await answer(await ask("/desk/by-phone", { method: "POST", headers, body: JSON.stringify({ on }) }));
}

/** The draft of a call's summary. */
export async function summary(call) {
  return (await answer(await ask(`/desk/calls/${encodeURIComponent(call)}/summary`))).summary;
}

/** What the caller said from second `start` to `end` of a call, as a WAV. Throws an Error with a sentence. */
export async function voice(call, start, end) {
  const span = new URLSearchParams({ from: start, to: end });
  const response = await ask(`/desk/calls/${encodeURIComponent(call)}/voice?${span}`);
  return response.ok ? response.arrayBuffer() : answer(response);
}

/** Who is there besides this desk's agent, and for supervisors the calls under way. */
export async function floor() {
  const [{ agents, calls }, me] = await Promise.all([ask("/desk/floor").then(answer), signedIn()]);
  return { colleagues: agents.filter(({ name }) => name !== me), calls };
}
