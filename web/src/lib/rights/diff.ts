import type { FieldAccess, Grants, Reach, Restrictions } from './types';

const WIDTH: Record<Reach, number> = { own: 1, team: 2, all: 3 };

/** How wide a reach is; none is the narrowest. */
export const width = (reach: Reach | undefined | null): number => (reach ? WIDTH[reach] : 0);

export interface GrantChange {
  permission: string;
  from: Reach | undefined;
  to: Reach | undefined;
  kind: 'added' | 'removed' | 'widened' | 'narrowed';
}

function kindOf(from: Reach | undefined, to: Reach | undefined): GrantChange['kind'] {
  if (!from) return 'added';
  if (!to) return 'removed';
  return width(to) > width(from) ? 'widened' : 'narrowed';
}

/** What other grants allow more or less, by name. */
export function grantChanges(before: Grants, after: Grants): GrantChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((permission) => {
    const from = before[permission];
    const to = after[permission];
    return from === to ? [] : [{ permission, from, to, kind: kindOf(from, to) }];
  });
}

export interface FieldRightChange {
  recordType: string;
  field: string;
  from: FieldAccess;
  to: FieldAccess;
}

/** What may be done with a field; everything, where nothing is said. */
export function accessTo(fields: Restrictions, recordType: string, field: string): FieldAccess {
  return fields[recordType]?.[field] ?? 'full';
}

/** Which fields are restricted otherwise. */
export function fieldChanges(before: Restrictions, after: Restrictions): FieldRightChange[] {
  const types = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return types.flatMap((recordType) => {
    const fields = new Set([...Object.keys(before[recordType] ?? {}), ...Object.keys(after[recordType] ?? {})]);
    return [...fields].sort().flatMap((field) => {
      const from = accessTo(before, recordType, field);
      const to = accessTo(after, recordType, field);
      return from === to ? [] : [{ recordType, field, from, to }];
    });
  });
}

function without<V>(all: Readonly<Record<string, V>>, name: string): Record<string, V> {
  return Object.fromEntries(Object.entries(all).filter(([each]) => each !== name));
}

/** The grants with another reach of one permission, or without it. */
export function granting(grants: Grants, permission: string, reach: Reach | undefined): Grants {
  const others = without(grants, permission);
  return reach ? { ...others, [permission]: reach } : others;
}

/** The restrictions with another access to one field. What is not restricted is not named. */
export function restricting(fields: Restrictions, recordType: string, field: string, access: FieldAccess): Restrictions {
  const others = without(fields[recordType] ?? {}, field);
  const restricted = access === 'full' ? others : { ...others, [field]: access };
  const types = without(fields, recordType);
  return Object.keys(restricted).length > 0 ? { ...types, [recordType]: restricted } : types;
}

/** The union of what several roles grant: the widest reach of each. */
export function together(all: readonly Grants[]): Grants {
  const sum: Record<string, Reach> = {};
  for (const grants of all) {
    for (const [permission, reach] of Object.entries(grants)) {
      if (width(reach) > width(sum[permission])) sum[permission] = reach;
    }
  }
  return sum;
}
