import { useState } from 'react';
import { Problem } from '@/lib/api/problem';

export interface FieldSpec<N extends string> {
  name: N;
  label: string;
  kind?: 'text' | 'email' | 'tel' | 'password';
  /** What password managers and browsers know it as. */
  autoComplete: string;
  hint?: string;
  initial?: string;
  /** What to say if nothing is entered; it may stay empty if this is absent. */
  missing?: string;
}

export type Values<N extends string> = Record<N, string>;

/** What one types into a form, and what is wrong with it. What the server said goes when it is changed. */
export function useFields<N extends string>(specs: readonly FieldSpec<N>[], error: unknown) {
  const [values, setValues] = useState(() => Object.fromEntries(specs.map((spec) => [spec.name, spec.initial ?? ''])) as Values<N>);
  const [tried, setTried] = useState(false);
  const [changedSince, setChangedSince] = useState<{ error: unknown; names: readonly N[] }>({ error: null, names: [] });

  const missing = specs.filter((spec) => spec.missing !== undefined && values[spec.name].trim() === '');

  function faultOf(spec: FieldSpec<N>): string | undefined {
    if (tried && missing.includes(spec)) return spec.missing;
    if (!(error instanceof Problem)) return undefined;
    if (changedSince.error === error && changedSince.names.includes(spec.name)) return undefined;
    return error.faultOf(spec.name);
  }

  function change(name: N, value: string): void {
    setValues((before) => ({ ...before, [name]: value }));
    setChangedSince((before) => ({ error, names: before.error === error ? [...before.names, name] : [name] }));
  }

  /** Notes that somebody wants to send it; the name of the first field that keeps them from it. */
  function attempt(): N | null {
    setTried(true);
    return missing[0]?.name ?? null;
  }

  return { values, faultOf, change, attempt };
}

/** The first field that the server finds fault with. */
export function firstFault<N extends string>(specs: readonly FieldSpec<N>[], error: unknown): N | null {
  return specs.find((spec) => error instanceof Problem && error.faultOf(spec.name) !== undefined)?.name ?? null;
}
