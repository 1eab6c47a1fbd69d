import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { moment } from '@/lib/format';
import { texts } from '@/lib/i18n';
import { useMeta } from '@/lib/meta';
import { recordQuery } from '@/lib/records/queries';
import { IconButton } from '@/ui/button';
import classes from './audit.module.css';
import type { AuditEntry } from './audit-queries';
import { Details } from './details';
import type { AuditSearch } from './search';
import { partsOf, templateOf } from './sentence';

const t = texts('audit');

const timeOf = (iso: string) => new Intl.DateTimeFormat(navigator.language, { timeStyle: 'short' }).format(new Date(iso));

interface Props {
  entry: AuditEntry;
  open: boolean;
  set: (changes: Partial<AuditSearch>) => void;
}

/** One thing that happened: a sentence, and its details in place. */
export function Entry({ entry, open, set }: Props) {
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <li className={classes.entry}>
      <div className={classes.line}>
        <IconButton label={t('details', { when: moment(entry.recorded_at) })} aria-expanded={open} onClick={() => set({ open: open ? undefined : entry.position })}>
          <Chevron size={16} />
        </IconButton>
        <time className={classes.time} dateTime={entry.recorded_at}>
          {timeOf(entry.recorded_at)}
        </time>
        <span className={classes.sentence}>
          <Sentence entry={entry} />
        </span>
      </div>
      {open && <Details entry={entry} set={set} />}
    </li>
  );
}

export function useActorName(entry: Pick<AuditEntry, 'actor_id' | 'actor_kind'>): string {
  const { members } = useMeta();
  if (!entry.actor_id) return t('system');
  const name = members.find((member) => member.id === entry.actor_id)?.display_name || t('somebody');
  return entry.actor_kind === 'api_key' ? t('apiKeyOf', { name }) : name;
}

/** Who did what to which thing. */
export function Sentence({ entry }: { entry: AuditEntry }) {
  const { record_types: types } = useMeta();
  const actor = useActorName(entry);
  return partsOf(templateOf(entry.type, types)).map((part, index) => {
    if (part.slot === 'actor') {
      return (
        <span key={index} className={classes.actor}>
          {actor}
        </span>
      );
    }
    return part.slot === 'thing' ? <Thing key={index} entry={entry} /> : <span key={index}>{part.word}</span>;
  });
}

/** What it was done to, by the name that it has now, leading to it as it was then. */
function Thing({ entry }: { entry: AuditEntry }) {
  const { record_types: types, members } = useMeta();
  const type = types.find((each) => each.name === entry.record_type);
  if (type) return <RecordName entry={entry} plural={type.plural} fallback={t('a', { thing: type.label.toLowerCase() })} />;
  if (entry.record_type === 'member') {
    const name = members.find((member) => member.id === entry.record_id)?.display_name || t('somebody');
    return (
      <Link to="/settings/members/$member" params={{ member: entry.record_id }} className={classes.link ?? ''}>
        {name}
      </Link>
    );
  }
  return <span>{t('aRecord')}</span>;
}

/** The trail knows only ids; the name follows, and the sentence reads well before it has. */
function RecordName({ entry, plural, fallback }: { entry: AuditEntry; plural: string; fallback: string }) {
  const { data: record } = useQuery({ ...recordQuery(plural, entry.record_id), staleTime: 60_000 });
  return (
    <Link to="/$plural/$id" params={{ plural, id: entry.record_id }} search={{ version: entry.version }} preload={false} className={classes.link ?? ''}>
      {record?.label || fallback}
    </Link>
  );
}
