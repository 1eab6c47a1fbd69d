// Talking to the server. The access token lives in memory only; the refresh token is a cookie that
// no script can read.

let token = null;
let refreshing = null;
/** Called when the session has ended. */
let onEnd = () => {};

export function whenSessionEnds(callback) {
  onEnd = callback;
}

/** What the server refused, in its own words. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail ?? "The server did not answer as expected.");
    this.status = status;
    this.code = body.code ?? "unknown";
    this.requestId = body.request_id ?? "";
    this.errors = body.errors ?? [];
    this.changed = body.changed ?? null;
  }
}

async function send(method, path, { body, headers = {}, signal } = {}) {
  const all = { Accept: "application/json", ...headers };
  if (body !== undefined) all["Content-Type"] = "application/json";
  if (token) all.Authorization = `Bearer ${token}`;
  let response;
  try {
    response = await fetch(`/api/v1${path}`, { method, headers: all, body: body === undefined ? undefined : JSON.stringify(body), signal, credentials: "same-origin" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, { code: "offline", detail: "The server cannot be reached. Check your connection and try again." });
  }
  const type = response.headers.get("Content-Type") ?? "";
  const json = type.includes("json") ? await response.json() : {};
  if (!response.ok) throw new Problem(response.status, json);
  return { status: response.status, body: json, headers: response.headers };
}

/** Sends a request; renews the token once if it has run out. */
export async function request(method, path, options = {}) {
  try {
    return await send(method, path, options);
  } catch (problem) {
    if (problem.status !== 401 || !token) throw problem;
    if (!(await refresh())) {
      onEnd();
      throw problem;
    }
    return send(method, path, options);
  }
}

/** Remembers that there may be a session, so that strangers need not ask for one. No secret. */
const HINT = "hindsight-session";

/** Takes the token of a log-in or sign-up; or answers with the challenge, if a code is asked for. */
export async function enter(path, body) {
  const answer = await send("POST", path, { body });
  if (answer.status === 202) return answer.body.challenge;
  token = answer.body.access_token;
  localStorage.setItem(HINT, "1");
  return null;
}

/** Renews the token by the cookie; tells whether there is a session. */
export async function refresh() {
  if (!localStorage.getItem(HINT)) return false;
  refreshing ??= send("POST", "/auth/refresh", { body: {} })
    .then((answer) => {
      token = answer.body.access_token;
      return true;
    })
    .catch((problem) => {
      if (problem.status !== 401) throw problem;
      token = null;
      localStorage.removeItem(HINT);
      return false;
    })
    .finally(() => {
      refreshing = null;
    });
  return refreshing;
}

export async function leave() {
  await request("POST", "/auth/logout");
  token = null;
  localStorage.removeItem(HINT);
}

/** Waits for a job; tells of its progress (0 to 1, or null where it is not known). */
export async function job(id, progress, signal) {
  for (;;) {
    const { body } = await request("GET", `/jobs/${id}`, { signal });
    if (body.state === "done") return body;
    if (["failed", "cancelled"].includes(body.state)) throw new Problem(500, { code: body.state, detail: "The view could not be built. Try again." });
    progress(body.total > 0 ? body.done / body.total : null);
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
}
