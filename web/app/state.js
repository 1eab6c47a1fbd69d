// Where one is: the address after `#` is the only state, so that links, reload and Back work.

/** `#/contacts/<id>?as_of=…` as its parts. */
export function where() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const [plural = "", id = ""] = path.split("/");
  return { plural: plural || "contacts", id, params: new URLSearchParams(query ?? "") };
}

/** The address of a place; the moment looked at goes along. */
export function to(plural, id = "", params = {}) {
  const all = new URLSearchParams();
  const asOf = where().params.get("as_of");
  if (asOf) all.set("as_of", asOf);
  for (const [name, value] of Object.entries(params)) {
    if (value) all.set(name, value);
    else all.delete(name);
  }
  const query = all.toString();
  return `#/${plural}${id ? `/${id}` : ""}${query ? `?${query}` : ""}`;
}

export function go(address) {
  location.hash = address;
}

/** The moment looked at, as the API wants it; null is now. */
export function moment() {
  const date = where().params.get("as_of");
  if (!date) return null;
  // All of that day, in the reader's own time zone; today means now.
  const end = new Date(`${date}T23:59:59.999`);
  return new Date(Math.min(end.getTime(), Date.now() - 1000)).toISOString();
}

/** A day in the form of date inputs, in the reader's own time zone. */
export function isoDay(date) {
  const part = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${part(date.getMonth() + 1)}-${part(date.getDate())}`;
}
