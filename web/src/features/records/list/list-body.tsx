import { IconArrowUp } from '@tabler/icons-react';
import { texts } from '@/lib/i18n';
import type { RecordType } from '@/lib/meta';
import type { Job } from '@/lib/records/types';
import { Button } from '@/ui/button';
import { EmptyState, ProblemNotice, Progress } from '@/ui/feedback';
import { Stack } from '@/ui/layout';
import { hasCode } from '@/lib/api/problem';
import { Cards } from './cards';
import type { useEdits } from './edits';
import { Grid } from './grid/grid';
import type { Sight } from './live/sight';
import type { Waiting } from './live/use-live-rows';
import classes from './list-page.module.css';
import type { ShownColumn } from './model/columns';
import type { Selection } from './model/selection';
import type { Rows } from './rows';

const t = texts('list');

export interface ListBodyProps {
  type: RecordType;
  columns: readonly ShownColumn[];
  loaded: Rows;
  /** A phone: cards in the place of rows. */
  narrow: boolean;
  /** Whether the list is searched or filtered. */
  narrowed: boolean;
  onClear: () => void;
  past: boolean;
  /** Nothing can be changed: it is the past, or a role's view. */
  frozen: boolean;
  sort: string;
  onSort: (field: string, keepOthers: boolean) => void;
  onWidth: (name: string, width: number) => void;
  onMove: (name: string, beside: string, after: boolean) => void;
  selection: Selection;
  onSelection: (selection: Selection) => void;
  opened: string | undefined;
  onOpen: (id: string) => void;
  onOpenPage: (id: string) => void;
  changes: ReturnType<typeof useEdits>;
  sight: Sight;
  /** What the list asks, in a word. */
  question: string;
  waiting: Waiting | null;
  onShowWaiting: () => void;
}

/** The rows, or why there are none. */
export function ListBody(props: ListBodyProps) {
  const { type, loaded, narrow, frozen } = props;
  if (loaded.job) return <Building job={loaded.job} retry={loaded.retry} />;
  const nothing = !loaded.first && !loaded.stale && loaded.rows.length === 0;
  if (loaded.error && loaded.rows.length === 0) return <Failed error={loaded.error} retry={loaded.retry} type={type} />;
  if (nothing) return <Nothing {...props} />;
  return (
    <>
      <News waiting={props.waiting} onShow={props.onShowWaiting} />
      {narrow ? <Cards {...props} /> : <Grid {...props} readOnly={frozen} />}
      {loaded.error && (
        <div className={classes.problem}>
          <ProblemNotice error={loaded.error} retry={loaded.retry} />
        </div>
      )}
    </>
  );
}

/** Says that there are rows which one does not see yet; in one line, which moves nothing when it comes. */
function News({ waiting, onShow }: { waiting: Waiting | null; onShow: () => void }) {
  return (
    <div className={classes.news} role="status">
      {waiting && (
        <Button size="compact-sm" variant="filled" leftSection={<IconArrowUp size={14} aria-hidden />} onClick={onShow}>
          {waiting.anew ? t('muchNew') : t('newRows', { count: waiting.count })}
        </Button>
      )}
    </div>
  );
}

function Failed({ error, retry, type }: { error: Error; retry: () => void; type: RecordType }) {
  if (hasCode(error, 'not_permitted')) {
    return (
      <EmptyState kind="notAllowed" title={t('notAllowed')}>
        {t('notAllowedAdvice', { type: type.label_plural.toLowerCase() })}
      </EmptyState>
    );
  }
  return (
    <div className={classes.problem}>
      <ProblemNotice error={error} retry={retry} />
    </div>
  );
}

function Nothing({ type, narrowed, onClear, past }: ListBodyProps) {
  const plural = type.label_plural.toLowerCase();
  if (narrowed) {
    return (
      <EmptyState kind="noMatch" title={t('noMatch')}>
        <Stack align="center" gap="sm">
          {t('noMatchAdvice')}
          <Button variant="default" onClick={onClear}>
            {t('clearFilters')}
          </Button>
        </Stack>
      </EmptyState>
    );
  }
  if (past) return <EmptyState kind="nothing" title={t('nothingThen', { type: plural })} />;
  return (
    <EmptyState kind="nothing" title={t('nothingYet', { type: plural })}>
      {t('nothingYetAdvice')}
    </EmptyState>
  );
}

/** A moment of the past takes a while the first time that somebody asks for it. */
function Building({ job, retry }: { job: Job; retry: () => void }) {
  if (job.state === 'failed' || job.state === 'cancelled') {
    return (
      <EmptyState kind="nothing" title={t('buildingFailed')}>
        <Stack align="center" gap="sm">
          {job.error}
          <Button variant="default" onClick={retry}>
            {texts('common')('tryAgain')}
          </Button>
        </Stack>
      </EmptyState>
    );
  }
  const done = job.total ? Math.min(100, (job.done / job.total) * 100) : 0;
  return (
    <div className={classes.building} role="status">
      <strong>{t('building')}</strong>
      <p>{t('buildingAdvice')}</p>
      <Progress value={job.total ? done : 100} animated={!job.total} aria-label={t('building')} />
    </div>
  );
}
