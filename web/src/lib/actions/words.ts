import type { UndoCounts } from './api';
import { texts } from '@/lib/i18n';

const t = texts('shell');

/** Whether to say what an undo comes to before it is done: it touches several things, or not all of it goes back. */
export function asksFirst({ reverted, partly, kept, refused, hidden }: UndoCounts): boolean {
  return reverted !== 1 || partly + kept + refused + hidden > 0;
}

/** What an undo would come to, in sentences; the first says how much goes back. */
export function foretold(counts: UndoCounts): string[] {
  const rest = (['partly', 'kept', 'unchanged', 'refused', 'hidden'] as const).filter((each) => counts[each] > 0);
  const first = counts.reverted > 0 ? t('undoReverts', { count: counts.reverted }) : t('undoNothing');
  return [first, ...rest.map((each) => t(`undo_${each}`, { count: counts[each] }))];
}

/** What an undo came to, in a line. */
export function told({ reverted, kept, refused, hidden }: UndoCounts): string {
  const left = kept + refused + hidden;
  return left > 0 ? `${t('undoneSo', { count: reverted })} ${t('undoneLeft', { count: left })}` : t('undoneSo', { count: reverted });
}
