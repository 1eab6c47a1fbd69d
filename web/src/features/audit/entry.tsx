import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { sameMoment } from '@/lib/as-of';
import { moment } from '@/lib/format';
import { texts } from '@/lib/i18n';
import { useMeta } from '@/lib/meta';
import { IconButton } from '@/ui/button';
import classes from './audit.module.css';
import type { AuditEntry } from './audit-queries';
import { Details } from './details';
import type { AuditSearch } from './search';
import { partsOf, templateOf, thingOf } from './sentence';

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

export function actorName(entry: Pick<AuditEntry, 'actor_id' | 'actor_kind' | 'actor_name'>): string {
  if (!entry.actor_id) return t('system');
  const name = entry.actor_name || t('somebody');
  return entry.actor_kind === 'api_key' ? t('apiKeyOf', { name }) : name;
}

/** Who did what to which thing. */
export function Sentence({ entry }: { entry: AuditEntry }) {
  const { record_types: types } = useMeta();
  return partsOf(templateOf(entry.type, types)).map((part, index) => {
    if (part.slot === 'actor') {
      return (
        <span key={index} className={classes.actor}>
          {actorName(entry)}
        </span>
      );
    }
    return part.slot === 'thing' ? <Thing key={index} entry={entry} /> : <span key={index}>{part.word}</span>;
  });
}

/** What it was done to, by the name that it has now; a record leads to what it was then. */
function Thing({ entry }: { entry: AuditEntry }) {
  const { record_types: types } = useMeta();
  const type = types.find((each) => each.name === entry.record_type);
  const name = thingOf(entry, type);
  const style = classes.link ?? '';
  if (!entry.history) return <span>{name}</span>;
  if (type) {
    return (
      <Link to="/$plural/$id" params={{ plural: type.plural, id: entry.record_id }} search={{ version: entry.version }} preload={false} className={style}>
        {name}
      </Link>
    );
  }
  if (entry.record_type === 'member') {
    return (
      <Link to="/settings/members/$member" params={{ member: entry.record_id }} search={sameMoment} className={style}>
        {name}
      </Link>
    );
  }
  if (entry.record_type === 'role' && entry.part_id && !entry.deleted) {
    return (
      <Link to="/settings/roles/$role" params={{ role: entry.part_id }} search={sameMoment} className={style}>
        {name}
      </Link>
    );
  }
  return <span>{name}</span>;
}
