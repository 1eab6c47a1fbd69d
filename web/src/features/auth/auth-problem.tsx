import { useState } from 'react';
import { hasCode, Problem } from '@/lib/api/problem';
import { texts } from '@/lib/i18n';
import { ProblemNotice } from '@/ui/feedback';

const t = texts('auth');

/** Why one does not get in. What is said at the fields is not said twice. */
export function AuthProblem({ error, atFields = [] }: { error: unknown; atFields?: readonly string[] }) {
  if (!(error instanceof Problem)) return <ProblemNotice error={error} />;
  const elsewhere = error.faults.filter((fault) => !atFields.includes(fault.pointer.split('/')[1] ?? ''));
  if (error.faults.length > 0 && elsewhere.length === 0) return null;
  if (error.retryAfter !== null && hasCode(error, 'too_many_attempts')) return <Throttled key={error.requestId} error={error} seconds={error.retryAfter} />;
  // Nobody has a role here yet: the server says better what is not permitted.
  const words = hasCode(error, 'not_permitted', 'version_conflict') ? error.message : undefined;
  return <ProblemNotice error={error} words={words} />;
}

function Throttled({ error, seconds }: { error: Problem; seconds: number }) {
  const [again] = useState(() => new Date(Date.now() + seconds * 1000));
  const at = new Intl.DateTimeFormat(navigator.language, { timeStyle: 'medium' }).format(again);
  return <ProblemNotice error={error} words={t('throttled', { at })} />;
}
