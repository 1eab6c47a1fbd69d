import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { moment } from '@/lib/format';
import { textOf, texts } from '@/lib/i18n';
import { useMeta } from '@/lib/meta';
import type { HistoryEntry } from '@/lib/records/types';
import { valueWords } from '@/lib/value-words';
import { Button } from '@/ui/button';
import classes from './audit.module.css';
import { actionQuery, type AuditEntry } from './audit-queries';
import { actorName, Sentence } from './entry';
import type { AuditSearch } from './search';

const t = texts('audit');

interface Props {
  entry: AuditEntry;
  set: (changes: Partial<AuditSearch>) => void;
}

/** What changed from what to what, what else the act caused, and the entry as the API tells it. */
export function Details({ entry, set }: Props) {
  const { record_types: types } = useMeta();
  const type = types.find((each) => each.name === entry.record_type);
  return (
    <div className={classes.details}>
      {entry.history ? <Values of={entry.history} /> : <p className={classes.muted}>{t('notYours')}</p>}
      <Act entry={entry} />
      <Cause entry={entry} set={set} />
      <div className={classes.links}>
        {type && entry.history && (
          <Link to="/$plural/$id" params={{ plural: type.plural, id: entry.record_id }} search={{ version: entry.version }} className={classes.link ?? ''}>
            {t('atVersion', { version: entry.version })}
          </Link>
        )}
        <Button variant="subtle" onClick={() => set({ record: entry.record_id, thing: entry.record_type })}>
          {t('recordOnly')}
        </Button>
        <Button variant="subtle" onClick={() => set({ action: entry.action_id })}>
          {t('actOnly')}
        </Button>
        {entry.actor_id && (
          <Button variant="subtle" onClick={() => set({ actor: entry.actor_id ?? undefined })}>
            {t('actorOnly', { name: actorName(entry) })}
          </Button>
        )}
      </div>
      <details className={classes.raw}>
        <summary>{t('raw')}</summary>
        <pre tabIndex={0}>{JSON.stringify(entry, null, 2)}</pre>
      </details>
    </div>
  );
}

function Values({ of }: { of: HistoryEntry }) {
  const facts: [string, string][] = [];
  if (of.note) facts.push([t('note'), of.note]);
  if (of.reason) facts.push([t('reason'), of.reason]);
  if (of.source) facts.push([t('source'), t('sourceRow', { file: of.source.file_name, row: of.source.row })]);
  facts.push([t('channel'), textOf('audit', `channel_${of.channel}`) ?? of.channel]);
  const told = of.changes.filter((change) => change.from !== null || change.to !== null);
  return (
    <>
      <p className={classes.summary}>{of.summary}</p>
      <dl className={classes.changes}>
        {told.map((change) => (
          <div key={change.field} style={{ display: 'contents' }}>
            <dt>{change.label}</dt>
            <dd>
              {change.from !== null && (
                <>
                  <del className={classes.was}>{valueWords(change.from)}</del> →{' '}
                </>
              )}
              {valueWords(change.to)}
            </dd>
          </div>
        ))}
        {facts.map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {of.erased && <p className={classes.muted}>{t('erased')}</p>}
    </>
  );
}

/** What it came from: of an undo the act that it takes back, else a thing. */
function Cause({ entry, set }: Props) {
  const cause = entry.caused_by;
  if (!cause) return null;
  const undo = entry.action_kind === 'undo';
  return (
    <p className={classes.cause}>
      {t('causedBy')}:{' '}
      <Button variant="subtle" onClick={() => set(undo ? { action: cause } : { record: cause, thing: undefined, event: undefined })}>
        {t(undo ? 'causeUndo' : 'causeThing')}
      </Button>
    </p>
  );
}

/** The chain: everything that the same act caused. */
function Act({ entry }: { entry: AuditEntry }) {
  const act = useQuery(actionQuery(entry.action_id));
  if (!act.data) return null;
  const others = act.data.items.filter((other) => other.position !== entry.position);
  if (others.length === 0) return <p className={classes.muted}>{t('aloneInAct')}</p>;
  return (
    <section aria-label={t('sameAct')}>
      <p className={classes.muted}>{t('sameAct')}</p>
      <ol className={classes.act}>
        {others.map((other) => (
          <li key={other.position}>
            <Sentence entry={other} /> · <time dateTime={other.recorded_at}>{moment(other.recorded_at)}</time>
          </li>
        ))}
      </ol>
    </section>
  );
}
