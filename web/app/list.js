// The list of a record type: search, filter, sort, page by page.

import * as api from "./api.js";
import { field, fill, h, select } from "./dom.js";
import { number, value } from "./format.js";
import * as form from "./form.js";
import * as notice from "./notice.js";
import { go, moment, to, where } from "./state.js";

/** The columns shown, where the type has such a field. */
const COLUMNS = { contacts: ["company_name", "email", "phone", "status", "assigned_to"], companies: ["industry", "email", "phone", "country", "assigned_to"] };
const LIMIT = 50;

/** Asks for a page; where the past has to be built first, waits and tells how far it is. */
async function page(type, body, signal, building) {
  for (;;) {
    const answer = await api.request("POST", `/${type.plural}/search`, { body, signal });
    if (answer.status !== 202) return answer.body;
    await api.job(answer.body.job.id, building, signal);
  }
}

export async function show(main, meta, type, signal) {
  const { params } = where();
  const past = moment();
  const columns = (COLUMNS[type.plural] ?? []).map((name) => type.fields.find((one) => one.name === name)).filter(Boolean);
  const statuses = meta.picklists.find((one) => one.name === "status")?.values ?? [];
  const hasStatus = type.fields.some((one) => one.name === "status");
  const place = (name, value) => go(to(type.plural, "", { ...Object.fromEntries(params), [name]: value }));

  const search = h("input", { type: "search", name: "q", value: params.get("q") ?? "", autocomplete: "off", maxlength: 200, placeholder: "Name, company, e-mail, phone" });
  const sorts = [["-updated_at", "Last changed"], ["-created_at", "Newest"], ...type.fields.filter((one) => one.sortable).map((one) => [one.name, one.label])];
  const count = h("span", { class: "quiet" });
  const rows = h("tbody");
  const more = h("div", { class: "row" });
  const table = h("table", {}, h("thead", {}, h("tr", {}, ["Name", ...columns.map((one) => one.label)].map((label) => h("th", { scope: "col" }, label)))), rows);

  fill(
    main,
    h("div", { class: "row between" }, h("div", { class: "row" }, h("h1", {}, type.label_plural), count), !past && h("button", { type: "button", class: "main", onclick: () => create(main, meta, type) }, `New ${type.label.toLowerCase()}`)),
    h(
      "form",
      { class: "tools", role: "search", onsubmit: (event) => { event.preventDefault(); place("q", search.value.trim()); } },
      field("Search", search, { wide: true }),
      hasStatus ? field("Status", select([["", "Any status"], ...statuses.filter((one) => !one.archived).map((one) => [one.id, one.label])], params.get("status") ?? "", { onchange: (event) => place("status", event.target.value) })) : null,
      field("Sort by", select(sorts, params.get("sort") ?? "-updated_at", { onchange: (event) => place("sort", event.target.value) })),
    ),
    h("div", { class: "scroll" }, table),
    more,
  );

  const body = { limit: LIMIT, sort: params.get("sort") ?? "-updated_at" };
  if (params.get("q")) body.q = params.get("q");
  if (params.get("status")) body.filter = { all: [{ field: "status", op: "eq", value: params.get("status") }] };
  if (past) body.as_of = past;

  const row = (one) => {
    const cells = columns.map((column) => h("td", { class: column.kind, "data-label": column.label }, value(column.kind, one[column.name])));
    return h("tr", {}, h("td", {}, h("a", { href: to(type.plural, one.id) }, one.label), one.deleted && h("span", { class: "pill gone" }, "Deleted")), cells);
  };
  const building = (part) => fill(more, h("div", { class: "card" }, h("p", {}, "Building the view of that day…"), h("progress", part === null ? {} : { value: part, max: 1 })));

  const next = async (cursor) => {
    fill(more, h("p", { class: "quiet" }, "Loading…"));
    const answer = await page(type, cursor ? { ...body, cursor } : body, signal, building);
    rows.append(...answer.items.map(row));
    if (answer.total) count.textContent = answer.total.exact ? number(answer.total.value) : `more than ${number(answer.total.value)}`;
    if (rows.children.length === 0) fill(more, h("p", { class: "quiet" }, params.get("q") || params.get("status") ? "Nothing matches." : "Nothing here yet."));
    else fill(more, answer.next_cursor && h("button", { type: "button", onclick: () => next(answer.next_cursor).catch(notice.tell) }, "Show more"));
  };
  await next(null);
}

function create(main, meta, type) {
  form.show(main, meta, type, {
    title: `New ${type.label.toLowerCase()}`,
    send: (values) => api.request("POST", `/${type.plural}`, { body: values }),
    saved: (record) => go(to(type.plural, record.id)),
    cancelled: () => dispatchEvent(new HashChangeEvent("hashchange")),
  });
}
