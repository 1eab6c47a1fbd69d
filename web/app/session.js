// Logging in and signing up.

import * as api from "./api.js";
import { field, fill, h } from "./dom.js";

/** Shows the form; `entered` is called when somebody is in. */
export function show(main, entered, { signingUp = false, problem = null } = {}) {
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
          await api.enter(signingUp ? "/auth/signup" : "/auth/login", values);
          entered();
        } catch (problem) {
          show(main, entered, { signingUp, problem });
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
    input("email", "E-mail", { type: "email", autocomplete: "username", maxlength: 254 }),
    input("password", "Password", { type: "password", autocomplete: signingUp ? "new-password" : "current-password", maxlength: 128 }, signingUp ? "At least 8 characters." : ""),
    h(
      "div",
      { class: "row between" },
      submit,
      h("button", { type: "button", class: "link", onclick: () => show(main, entered, { signingUp: !signingUp }) }, signingUp ? "I have an account" : "Create an organization"),
    ),
  );
  fill(main, form);
}
