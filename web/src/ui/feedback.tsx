import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconLock, IconMoodEmpty, IconSearchOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Problem } from '@/lib/api/problem';
import { textOf, texts } from '@/lib/i18n';
import classes from './feedback.module.css';

export { Alert, Loader, Progress, Skeleton } from '@mantine/core';

const t = texts('common');

/** What a failure means to a person: what happened, what was kept, what to do. */
export function explain(error: unknown): string {
  if (!(error instanceof Problem)) return textOf('problems', 'unexpected') ?? '';
  return textOf('problems', error.code) ?? error.message;
}

interface ProblemNoticeProps {
  error: unknown;
  retry?: () => void;
  title?: string;
  /** What to say instead of what the code says everywhere. */
  words?: string | undefined;
}

/** A failure, said where it happened, with a way to try again. */
export function ProblemNotice({ error, retry, title, words }: ProblemNoticeProps) {
  const id = error instanceof Problem ? error.requestId : '';
  return (
    <Alert role="alert" variant="light" icon={<IconAlertTriangle size={18} />} classNames={{ root: classes.notice ?? '', message: classes.message ?? '' }} title={title}>
      <Stack gap="xs">
        <span>{words ?? explain(error)}</span>
        {error instanceof Problem && error.faults.length > 0 && (
          <ul className={classes.faults}>
            {error.faults.map((fault) => (
              <li key={`${fault.pointer} ${fault.code}`}>{fault.message}</li>
            ))}
          </ul>
        )}
        <Group gap="sm">
          {retry && (
            <Button variant="default" onClick={retry}>
              {t('tryAgain')}
            </Button>
          )}
          {id && <Text className={classes.request}>{t('requestId', { id })}</Text>}
        </Group>
      </Stack>
    </Alert>
  );
}

const PICTURES = { nothing: IconMoodEmpty, noMatch: IconSearchOff, notAllowed: IconLock } as const;

interface EmptyStateProps {
  kind: keyof typeof PICTURES;
  title: string;
  /** There is nothing else on the page: the title is its heading. */
  page?: boolean;
  children?: ReactNode;
}

/** Says why there is nothing: nothing yet, no match, or not allowed; and what to do about it. */
export function EmptyState({ kind, title, page = false, children }: EmptyStateProps) {
  const Picture = PICTURES[kind];
  return (
    <Stack align="center" gap="sm" className={classes.empty}>
      <Picture size={32} stroke={1.5} aria-hidden />
      <Text component={page ? 'h1' : 'p'} fw={600}>
        {title}
      </Text>
      {children && <div className={classes.advice}>{children}</div>}
    </Stack>
  );
}

export type Tone = 'neutral' | 'ok' | 'warn' | 'danger' | 'accent';

/** A state in a word; the colour only repeats it. */
export function Tag({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`${classes.tag} ${classes[tone]}`}>{children}</span>;
}
