import type { Field } from '@/lib/meta';

/** How an input is named: by a label above it, or, where the label stands beside it, for those who listen. */
export function named(field: Field, inline: boolean | undefined): { label: string } | { 'aria-label': string } {
  return inline ? { 'aria-label': field.label } : { label: field.label };
}
