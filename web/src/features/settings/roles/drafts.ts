import { useState } from 'react';
import type { Role, RoleDraft } from '@/lib/rights/types';
import { draftOf } from './role-api';

/** What somebody has begun to change in a role: the role that they saw, and what they made of it. */
interface Begun {
  base: Role;
  draft: RoleDraft;
}

/** Kept beside the pages, so that looking something up elsewhere loses nothing. */
const begun = new Map<string, Begun>();

/** The unsaved state of a role. It outlives the page, and ends by saving or discarding. */
export function useDraft(role: Role) {
  const [state, setState] = useState<Begun>(() => begun.get(role.id) ?? { base: role, draft: draftOf(role) });
  const keep = (next: Begun, unsaved: boolean) => {
    if (unsaved) begun.set(role.id, next);
    else begun.delete(role.id);
    setState(next);
  };
  return {
    base: state.base,
    draft: state.draft,
    change: (draft: RoleDraft) => keep({ base: state.base, draft }, true),
    /** Compares with the role as it is by now; what was changed stays. */
    rebase: (now: Role) => keep({ base: now, draft: state.draft }, true),
    /** Shows a role as it is, with nothing changed. */
    reset: (now: Role) => keep({ base: now, draft: draftOf(now) }, false),
  };
}
