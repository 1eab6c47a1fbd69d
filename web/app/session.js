// Logging in and signing up, and the pages that links in mails lead to.

import * as api from "./api.js";
import { field, fill, h } from "./dom.js";

/** Shows the form; `entered` is called when somebody is in. */
export function show(main, entered, { signingUp = false, problem = null, challenge = null } = {}) {
  const faults = Object.fromEntries((problem?.errors ?? []).map((error) => [error.pointer.slice(1), error.message]));
  const input = (name, label, attributes, hint) =>
    field(label, h("input", { name, required: true, ...attributes }), { fault: faults[name], hint });
  const submit = h("button", { class: "main" }, signingUp ? "Sign up" : "Log in");

  const form = h(
    "form",
    {
      class: "card narrow",
      onsubmit: async (event) => {
        event.preventDefault();
        submit.disabled = true;
        const values = Object.fromEntries(new FormData(form));
        try {
          if (signingUp) {
            await api.request("POST", "/auth/signup", { body: values });
            tell(main, "Look into your mail", "We have sent you a link. It goes on from there.");
          } else if (values.code) {
            await api.enter("/auth/totp/verify", { challenge, code: values.code });
            entered();
          } else {
            const asked = await api.enter("/auth/login", values);
            if (asked) show(main, entered, { challenge: asked });
            else entered();
          }
        } catch (problem) {
          show(main, entered, { signingUp, problem, challenge });
          for (const [name, value] of Object.entries(values)) {
            const control = main.querySelector(`[name=${name}]`);
            if (control) control.value = value;
          }
          main.querySelector("[aria-invalid], input")?.focus();
        }
      },
    },
    h("h1", {}, signingUp ? "Start with Hindsight" : "Welcome back"),
    h("p", { class: "quiet" }, "The CRM that never forgets."),
    problem && h("div", { class: "notice bad", role: "alert" }, h("div", {}, h("p", {}, problem.message), problem.requestId && h("p", { class: "small" }, `Request ${problem.requestId}`))),
    signingUp && input("organization", "Organization", { autocomplete: "organization", maxlength: 200 }),
    signingUp && input("full_name", "Your name", { autocomplete: "name", maxlength: 200 }),
    !challenge && input("email", signingUp ? "E-mail" : "E-mail or username", { type: signingUp ? "email" : "text", autocomplete: "username", maxlength: 254 }),
    challenge && input("code", "Code of your app, or a recovery code", { autocomplete: "one-time-code", maxlength: 40 }),
    !challenge && input("password", "Password", { type: "password", autocomplete: signingUp ? "new-password" : "current-password", maxlength: 128 }, signingUp ? "At least 8 characters." : ""),
    h(
      "div",
      { class: "row between" },
      submit,
      h("button", { type: "button", class: "link", onclick: () => show(main, entered, { signingUp: !signingUp }) }, signingUp ? "I have an account" : "Create an organization"),
    ),
    !signingUp && !challenge && h("p", {}, h("button", { type: "button", class: "link", onclick: () => forgot(main) }, "Forgot password")),
  );
  fill(main, form);
}

function tell(main, title, text) {
  fill(main, h("div", { class: "card narrow" }, h("h1", {}, title), h("p", {}, text), h("p", {}, h("a", { href: "/" }, "Log in"))));
}

/** A form with one field, whose value `send` takes. */
function ask(main, { title, text, name, label, attributes, action, send }) {
  const problem = h("div", { role: "alert" });
  const form = h(
    "form",
    {
      class: "card narrow",
      onsubmit: async (event) => {
        event.preventDefault();
        try {
          await send(new FormData(form).get(name));
        } catch (refused) {
          const details = refused.errors.map((error) => error.message);
          fill(problem, h("div", { class: "notice bad" }, h("p", {}, [refused.message, ...details].join(" "))));
        }
      },
    },
    h("h1", {}, title),
    h("p", { class: "quiet" }, text),
    problem,
    field(label, h("input", { name, required: true, ...attributes })),
    h("button", { class: "main" }, action),
  );
  fill(main, form);
}

function forgot(main) {
  ask(main, {
    title: "Forgot password",
    text: "If the address has an account, we send it a link.",
    name: "email",
    label: "E-mail",
    attributes: { type: "email", autocomplete: "username", maxlength: 254 },
    action: "Send link",
    send: async (email) => {
      await api.request("POST", "/auth/password/forgot", { body: { email } });
      tell(main, "Look into your mail", "If the address has an account, a link is on its way.");
    },
  });
}

/** Goes on to the first page, by way of the second factor if that is asked for. */
function arrive(main, challenge) {
  const enter = () => location.replace("/");
  if (challenge) show(main, enter, { challenge });
  else enter();
}

/** Shows an invitation, and accepts it: with the account of its address, or with a new one. */
async function invitation(main, token) {
  let offer;
  try {
    offer = (await api.request("POST", "/auth/invitations/look_up", { body: { token } })).body;
  } catch (refused) {
    tell(main, "This invitation is not good any longer", refused.message);
    return;
  }
  const as = offer.roles.length ? ` as ${offer.roles.join(", ")}` : "";
  const title = `${offer.inviter} invites you to ${offer.organization}${as}`;
  const existing = offer.account === "existing";
  const password = (fullName) =>
    ask(main, {
      title,
      text: existing ? `Enter the password of your account, ${offer.email}.` : "Choose a password of at least 8 characters.",
      name: "password",
      label: "Password",
      attributes: { type: "password", maxlength: 128, autocomplete: existing ? "current-password" : "new-password" },
      action: "Accept",
      send: async (value) => arrive(main, await api.enter("/auth/invitations/accept", { token, full_name: fullName, password: value })),
    });
  if (existing) {
    password(null);
    return;
  }
  ask(main, {
    title,
    text: `An account will be made for ${offer.email}.`,
    name: "full_name",
    label: "Your name",
    attributes: { autocomplete: "name", maxlength: 200, value: offer.display_name ?? "" },
    action: "Go on",
    send: async (value) => password(value),
  });
}

/** The page that a link in a mail leads to, if the address is that of one; tells whether it is. */
export function link(main) {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (!token) return false;
  const password = { type: "password", maxlength: 128 };
  if (location.pathname === "/verify-email") {
    ask(main, {
      title: "Welcome to Hindsight",
      text: "Enter the password that you signed up with.",
      name: "password",
      label: "Password",
      attributes: { ...password, autocomplete: "current-password" },
      action: "Go on",
      send: async (value) => {
        await api.enter("/auth/email/verify", { token, password: value });
        location.replace("/");
      },
    });
    return true;
  }
  if (location.pathname === "/invitation") {
    invitation(main, token);
    return true;
  }
  if (["/reset-password", "/set-password"].includes(location.pathname)) {
    ask(main, {
      title: "Choose a password",
      text: "At least 8 characters.",
      name: "password",
      label: "New password",
      attributes: { ...password, autocomplete: "new-password" },
      action: "Set password",
      send: async (value) => {
        if (location.pathname === "/set-password") {
          arrive(main, await api.enter("/auth/password/set", { token, password: value }));
          return;
        }
        await api.request("POST", "/auth/password/reset", { body: { token, password: value } });
        tell(main, "The password is set", "Log in with it.");
      },
    });
    return true;
  }
  return false;
}
