/** Values as people read them, in the language and time zone of their browser. */
import type { components } from '@/api/schema';

export type Money = components['schemas']['Money'];

const language = () => navigator.language;

/** A day, from `YYYY-MM-DD`. */
export function day(iso: string): string {
  const [year, month, date] = iso.split('-').map(Number);
  // A day has no time zone: it must not move with one.
  const at = new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, date ?? 1));
  return new Intl.DateTimeFormat(language(), { dateStyle: 'medium', timeZone: 'UTC' }).format(at);
}

/** A moment, from RFC 3339, to the minute. */
export function moment(iso: string): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
}

/** The day of a moment. */
export function dayOf(iso: string): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: 'medium' }).format(new Date(iso));
}

/** The time of day of a moment, to the minute. */
export function timeOf(iso: string): string {
  return new Intl.DateTimeFormat(language(), { timeStyle: 'short' }).format(new Date(iso));
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** How long ago, such as "3 days ago". */
export function ago(iso: string, now: number = Date.now()): string {
  const seconds = (new Date(iso).getTime() - now) / 1000;
  const format = new Intl.RelativeTimeFormat(language(), { numeric: 'auto' });
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return format.format(Math.round(seconds / length), unit);
  }
  return format.format(0, 'minute');
}

export function number(value: number): string {
  return new Intl.NumberFormat(language()).format(value);
}

/** How many digits the minor unit of a currency has. */
export function minorDigits(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}

/** Money from minor units. The amount is shifted as text, so that no float ever holds it. */
export function money({ amount, currency }: Money): string {
  return new Intl.NumberFormat(language(), { style: 'currency', currency }).format(
    decimal(amount, minorDigits(currency)),
  );
}

function decimal(amount: number, digits: number): Intl.StringNumericLiteral {
  const text = String(Math.abs(amount)).padStart(digits + 1, '0');
  const sign = amount < 0 ? '-' : '';
  const whole = text.slice(0, text.length - digits);
  const fraction = digits > 0 ? `.${text.slice(-digits)}` : '';
  return `${sign}${whole}${fraction}` as Intl.StringNumericLiteral;
}

/** Money in minor units from what somebody typed, with `.` or `,` before the fraction. */
export function minorUnits(typed: string, currency: string): number | null {
  const digits = minorDigits(currency);
  const match = /^(\d{1,3}(?:[ '’.,]\d{3})*|\d+)(?:[.,](\d*))?$/.exec(typed.trim());
  if (!match) return null;
  const fraction = match[2] ?? '';
  if (fraction.length > digits) return null;
  const whole = (match[1] ?? '').replace(/\D/g, '');
  const amount = Number(`${whole}${fraction.padEnd(digits, '0')}`);
  return Number.isSafeInteger(amount) ? amount : null;
}
