import { useAsOf } from './as-of';
import { texts } from './i18n';
import { useViewAs } from './view-as';

const t = texts('common');

/** Why nothing on the whole page can be changed: it shows the past, or what a role would show. */
export type Frozen = 'past' | 'viewing';

export function useFrozen(): Frozen | null {
  const past = useAsOf() !== undefined;
  const viewing = useViewAs() !== null;
  if (past) return 'past';
  return viewing ? 'viewing' : null;
}

/** The same in a sentence; nothing where things can be changed. */
export function whyFrozen(frozen: Frozen | null): string | undefined {
  switch (frozen) {
    case 'past':
      return t('frozenPast');
    case 'viewing':
      return t('frozenViewing');
    case null:
      return undefined;
  }
}
