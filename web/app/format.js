// Values in words.

const dates = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const times = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const numbers = new Intl.NumberFormat();

export const number = (value) => numbers.format(value);
export const time = (value) => times.format(new Date(value));
export const day = (value) => dates.format(new Date(`${value}T12:00:00`));

function money({ amount, currency }) {
  const format = new Intl.NumberFormat(undefined, { style: "currency", currency });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
}

/** A field's value as text; "" if it has none. `kind` is the catalogue's. */
export function value(kind, it) {
  if (it === null || it === undefined) return "";
  switch (kind) {
    case "money":
      return money(it);
    case "boolean":
      return it ? "Yes" : "No";
    case "date":
      return day(it);
    case "time":
      return time(it);
    case "integer":
      return number(it);
    case "choice":
    case "member":
    case "link":
      return it.label;
    case "choices":
      return it.map((one) => one.label).join(", ");
    case "custom":
      return Object.entries(it).map(([key, one]) => `${key}: ${one}`).join("\n");
    default:
      return String(it);
  }
}
