import { day } from '@/lib/format';
import { texts } from '@/lib/i18n';
import type { Changes, Details } from './queries';

const t = texts('portal');

export type Detail = keyof Details;

/** In the order in which people write them. Clients are told of no others. */
export const DETAILS = [
  'full_name', 'first_name', 'last_name', 'title', 'date_of_birth', 'language',
  'email', 'phone', 'mobile',
  'street', 'postal_code', 'city', 'state', 'country',
  'company_name', 'department', 'company_street', 'company_postal_code', 'company_city', 'company_country',
] as const satisfies readonly Detail[];

/** A detail as one reads it. */
export function textOf(name: Detail, value: string | null | undefined): string {
  if (!value) return '';
  if (name === 'date_of_birth') return day(value);
  if (name === 'language') return languageName(value);
  return value;
}

/** What a language is called in the language of the browser. */
export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames(navigator.language, { type: 'language' }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** What is known, with its names. */
export function shownDetails(details: Details): { name: Detail; label: string; text: string }[] {
  return DETAILS.flatMap((name) => {
    const text = textOf(name, details[name]);
    return text ? [{ name, label: t(name), text }] : [];
  });
}

/** What somebody changed of what they saw; what they emptied is cleared. */
export function changesOf(seen: Details, typed: Partial<Record<Detail, string>>): Changes {
  const changed = Object.entries(typed).filter(([name, value]) => value.trim() !== (seen[name as Detail] ?? ''));
  return Object.fromEntries(changed.map(([name, value]) => [name, value.trim() || null]));
}

/** Of what one typed, that which somebody else has changed since one saw it. */
export function conflictsOf(seen: Details, now: Details, typed: Partial<Record<Detail, string>>): Detail[] {
  return (Object.keys(changesOf(seen, typed)) as Detail[]).filter((name) => (seen[name] ?? '') !== (now[name] ?? '') && (now[name] ?? '') !== typed[name]?.trim());
}
