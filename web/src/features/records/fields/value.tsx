import { Link } from '@tanstack/react-router';
import type { MouseEvent } from 'react';
import { useAsOf } from '@/lib/as-of';
import { moment } from '@/lib/format';
import { texts } from '@/lib/i18n';
import { useMeta } from '@/lib/meta';
import { phoneAddress, phoneText } from '@/lib/phone';
import { Tag } from '@/ui/feedback';
import { Tooltip } from '@/ui/overlays';
import { isEmpty, isReference, nearMoment, plainValue, shortUrl, type Shown } from './plain';
import classes from './value.module.css';

const t = texts('fields');

interface FieldValueProps {
  field: Shown;
  value: unknown;
  /** On one line, its links outside of the order of the Tab key: for cells of a grid. */
  compact?: boolean;
}

/** A value of any kind as people read it; nothing at all if there is none. */
export function FieldValue({ field, value, compact = false }: FieldValueProps) {
  if (isEmpty(value)) return null;
  switch (field.kind) {
    case 'email':
      return <Out href={`mailto:${String(value)}`} text={String(value)} compact={compact} />;
    case 'phone':
      return <Out href={phoneAddress(String(value))} text={phoneText(String(value))} compact={compact} />;
    case 'url':
      return <Address url={String(value)} compact={compact} />;
    case 'time':
      return <Moment iso={String(value)} compact={compact} />;
    case 'date':
      return <time dateTime={String(value)}>{plainValue(field, value)}</time>;
    case 'choice':
      return <Tags values={[value]} compact={compact} />;
    case 'choices':
      return <Tags values={Array.isArray(value) ? value : []} compact={compact} />;
    case 'link':
      return <RecordLink type={field.link ?? ''} value={value} compact={compact} />;
    case 'member':
      return isReference(value) && value.label ? <>{value.label}</> : <Unseen />;
    case 'long_text':
      return compact ? <>{String(value)}</> : <span className={classes.long}>{String(value)}</span>;
    default:
      return <>{plainValue(field, value)}</>;
  }
}

/** A click on a link must not be one on the cell or row around it. */
const alone = (event: MouseEvent) => event.stopPropagation();

function Out({ href, text, compact }: { href: string; text: string; compact: boolean }) {
  return (
    <a className={classes.link} href={href} tabIndex={compact ? -1 : undefined} onClick={alone}>
      {text}
    </a>
  );
}

function Address({ url, compact }: { url: string; compact: boolean }) {
  // What was never checked, such as an old import, must not become a script.
  if (!/^https?:\/\//i.test(url)) return <>{url}</>;
  return (
    <a className={classes.link} href={url} target="_blank" rel="noreferrer noopener" tabIndex={compact ? -1 : undefined} onClick={alone}>
      {shortUrl(url)}
    </a>
  );
}

/** A moment relative to now, and exactly on hover or focus. */
function Moment({ iso, compact }: { iso: string; compact: boolean }) {
  // A tooltip each costs too much in thousands of cells.
  if (compact) {
    return (
      <time dateTime={iso} title={moment(iso)}>
        {nearMoment(iso)}
      </time>
    );
  }
  return (
    <Tooltip label={moment(iso)}>
      <time dateTime={iso} aria-label={moment(iso)} tabIndex={0}>
        {nearMoment(iso)}
      </time>
    </Tooltip>
  );
}

function Tags({ values, compact }: { values: unknown[]; compact: boolean }) {
  const labelled = values.filter(isReference);
  return (
    <span className={`${classes.tags} ${compact ? '' : classes.wrap}`}>
      {labelled.map((value) => (
        <Tag key={value.id}>{value.label || t('notShown')}</Tag>
      ))}
    </span>
  );
}

function RecordLink({ type, value, compact }: { type: string; value: unknown; compact: boolean }) {
  const plural = useMeta().record_types.find((known) => known.name === type)?.plural;
  const asOf = useAsOf();
  if (!isReference(value) || !value.label) return <Unseen />;
  if (!plural) return <>{value.label}</>;
  return (
    <Link
      to="/$plural/$id"
      params={{ plural, id: value.id }}
      search={asOf ? { as_of: asOf } : {}}
      className={classes.link ?? ''}
      tabIndex={compact ? -1 : undefined}
      onClick={alone}
    >
      {value.label}
    </Link>
  );
}

/** There is something, but its name is not the reader's to see, or was erased. */
function Unseen() {
  return <span className={classes.muted}>{t('notShown')}</span>;
}
