import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ago, moment } from '@/lib/format';
import { textOf, texts } from '@/lib/i18n';
import { useAsOf } from '@/lib/as-of';
import { historyQuery, provenanceQuery } from '@/lib/records/queries';
import type { HistoryEntry } from '@/lib/records/types';
import { explain, Skeleton } from '@/ui/feedback';
import { ActorName } from './actor';
import { useScene } from './context';
import { Source } from './source';
import classes from './record.module.css';
import { ShownValue } from './shown-value';
import { customKey, CUSTOM, type Difference, expanded, type Path } from './values';

const t = texts('record');

/** The change of that value in an entry of the history. */
function changeIn(entry: HistoryEntry, path: Path): Difference | undefined {
  return entry.changes.flatMap(expanded).find((change) => change.path === path);
}

/** The entry that set what is shown: as the server says of now, out of the history for the past. */
function useOrigin(path: Path): { entry: HistoryEntry | undefined; loading: boolean; error: unknown } {
  const { type, record, past } = useScene();
  const asOf = useAsOf();
  const now = useQuery({ ...provenanceQuery(type.plural, record.id), enabled: !past });
  const then = useInfiniteQuery({ ...historyQuery(type.plural, record.id, asOf), enabled: past || customKey(path) !== null });
  const told = (then.data?.pages ?? []).flatMap((page) => page.items);
  const inHistory = told.find((entry) => entry.version <= record.version && changeIn(entry, path));
  if (past || customKey(path) !== null) {
    const whole = now.data?.fields[CUSTOM];
    // The server tells of the custom values as a whole; of a single one only its own change does.
    const entry = inHistory ?? (whole && changeIn(whole, path) ? whole : undefined);
    return { entry, loading: then.isLoading, error: then.error };
  }
  return { entry: now.data?.fields[path], loading: now.isLoading, error: now.error };
}

/** Who set a value, when, how and from where, and what it was before. */
export function OriginCard({ path, label }: { path: Path; label: string }) {
  const { type } = useScene();
  const { entry, loading, error } = useOrigin(path);
  if (loading) return <Skeleton height={52} role="status" aria-label={t('originLoading')} />;
  if (error) return <p className={classes.origins}>{explain(error)}</p>;
  if (!entry) return <p className={classes.origins}>{t('originUnknown')}</p>;
  const change = changeIn(entry, path);
  const how = textOf('record', `how_${entry.action.kind}`);
  return (
    <div className={classes.origins}>
      <p>
        {t('setBy')} <ActorName entry={entry} /> · <time dateTime={entry.recorded_at}>{ago(entry.recorded_at)}</time>
      </p>
      <p className={classes.quiet}>
        {moment(entry.recorded_at)}
        {how && ` · ${how}`}
        {entry.channel === 'cli' && ` · ${t('channel_cli')}`} · {t('versionN', { version: entry.version })}
      </p>
      <Source entry={entry} />
      {change && entry.type.split('.')[1] !== 'created' && (
        <div className={classes.was}>
          {t('before')} <ShownValue type={type} path={path} label={label} value={change.from} />
        </div>
      )}
      {[entry.reason, entry.note].filter(Boolean).map((note) => (
        <p key={note} className={classes.note}>
          {note}
        </p>
      ))}
      {entry.erased && <p className={classes.quiet}>{t('erased')}</p>}
    </div>
  );
}
