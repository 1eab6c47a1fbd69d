import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { moment } from '@/lib/format';
import { textOf, texts } from '@/lib/i18n';
import { useMeta } from '@/lib/meta';
import type { HistoryEntry } from '@/lib/records/types';
import { Button } from '@/ui/button';
import { ProblemNotice, Skeleton } from '@/ui/feedback';
import classes from './audit.module.css';
import { actionQuery, valuesQuery, type AuditEntry } from './audit-queries';
import { Sentence, useActorName } from './entry';
import type { AuditSearch } from './search';
import { valueWords } from './value-words';

const t = texts('audit');

/** What changed from what to what, what else the act caused, and the entry as it is stored. */
export function Details({ entry, set }: { entry: AuditEntry; set: (changes: Partial<AuditSearch>) => void }) {
  const { record_types: types } = useMeta();
  const type = types.find((each) => each.name === entry.record_type);
  const actor = useActorName(entry);
  return (
    <div className={classes.details}>
      {type ? <Recorded entry={entry} plural={type.plural} /> : <p className={classes.muted}>{t('noValues')}</p>}
      <Act entry={entry} />
      <div className={classes.links}>
        {type && (
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
            {t('actorOnly', { name: actor })}
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

/** The values, from the record's own history. */
function Recorded({ entry, plural }: { entry: AuditEntry; plural: string }) {
  const values = useQuery(valuesQuery(entry, plural));
  if (values.isPending) return <Skeleton height={48} />;
  if (values.isError) return <ProblemNotice error={values.error} retry={() => void values.refetch()} />;
  if (!values.data) return <p className={classes.muted}>{t('valuesGone')}</p>;
  return <Values of={values.data} />;
}

function Values({ of }: { of: HistoryEntry }) {
  const facts: [string, string][] = [];
  if (of.note) facts.push([t('note'), of.note]);
  if (of.reason) facts.push([t('reason'), of.reason]);
  if (of.source) facts.push([t('source'), t('sourceRow', { file: of.source.file_name, row: of.source.row })]);
  facts.push([t('channel'), textOf('audit', `channel_${of.channel}`) ?? of.channel]);
  return (
    <dl className={classes.changes}>
      {of.changes.map((change) => (
        <div key={change.field} style={{ display: 'contents' }}>
          <dt>{change.label}</dt>
          <dd>
            <del className={classes.was}>{valueWords(change.from)}</del> → {valueWords(change.to)}
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
