import { IconCopy, IconHistory, IconRestore, IconTrash } from '@tabler/icons-react';
import { ago, moment } from '@/lib/format';
import { whyFrozen } from '@/lib/frozen';
import { useShortcuts } from '@/lib/hotkeys';
import { texts } from '@/lib/i18n';
import { isReference } from '../fields/draft';
import { ExplainedButton, IconButton } from '@/ui/button';
import { Alert } from '@/ui/feedback';
import { Title } from '@/ui/text';
import { useActs } from './acts';
import { useScene } from './context';
import classes from './record.module.css';
import { ShownValue } from './shown-value';
import { isBlank } from './values';

const t = texts('record');
const common = texts('common');
/** Kinds of fields that say at a glance whom or what one has before oneself. */
const TELLING: ReadonlySet<string> = new Set(['member', 'link', 'email', 'phone']);
/** So many of them. */
const FACTS = 5;

/** The name of the record, what one must know at a glance, and what can be done with it as a whole. */
export function RecordHeader({ layout }: { layout: 'page' | 'panel' }) {
  const { type, record, past, frozen } = useScene();
  const acts = useActs(type.plural);
  const deleteLabel = t('deleteIt', { type: type.label.toLowerCase() });
  const mayDelete = !past && !frozen && record.allowed?.delete === true;
  useShortcuts([
    { keys: 'y', label: t('copyLink'), about: 'record', run: () => void acts.copyLink(record) },
    ...(mayDelete ? [{ keys: '#', label: deleteLabel, about: 'record' as const, run: () => acts.remove(record) }] : []),
  ]);
  return (
    <header className={classes.header}>
      <div className={classes.headline}>
        <Title order={layout === 'page' ? 1 : 2} className={classes.title ?? ''}>
          {record.label || t('nameless', { type: type.label })}
        </Title>
        <div className={classes.actions}>
          <IconButton label={t('copyLink')} shortcut="Y" onClick={() => void acts.copyLink(record)}>
            <IconCopy size={16} aria-hidden />
          </IconButton>
          {!past && record.allowed?.delete && (
            <IconButton label={deleteLabel} shortcut="#" why={whyFrozen(frozen)} disabled={acts.pending} onClick={() => acts.remove(record)}>
              <IconTrash size={16} aria-hidden />
            </IconButton>
          )}
        </div>
      </div>
      <Facts />
      <StateNotice />
    </header>
  );
}

function Facts() {
  const { type, record } = useScene();
  const leading = type.fields.filter((field) => field.name === 'status');
  const fields = [...leading, ...type.fields.filter((field) => TELLING.has(field.kind))];
  const facts = fields.filter((field) => !isBlank(record[field.name])).slice(0, FACTS);
  const by = record['updated_by'];
  const at = record['updated_at'];
  return (
    <dl className={classes.facts}>
      {facts.map((field) => (
        <div key={field.name}>
          <dt>{field.label}</dt>
          <dd>
            <ShownValue type={type} path={field.name} label={field.label} value={record[field.name]} />
          </dd>
        </div>
      ))}
      {typeof at === 'string' && (
        <div>
          <dt>{t('lastChanged')}</dt>
          <dd>
            <time dateTime={at} title={moment(at)}>
              {ago(at)}
            </time>
            {isReference(by) && by.label && ` · ${by.label}`}
          </dd>
        </div>
      )}
    </dl>
  );
}

/** Says why nothing can be changed, and the way out where there is one. */
function StateNotice() {
  const { type, record, readOnly, past, frozen } = useScene();
  const acts = useActs(type.plural);
  const name = type.label.toLowerCase();
  if (record.deleted) {
    return (
      <Alert variant="light" className={classes.deleted ?? ''} icon={past ? <IconHistory size={18} aria-hidden /> : <IconTrash size={18} aria-hidden />}>
        <span className={classes.notice}>
          <span>{t(past ? 'wasDeleted' : 'isDeleted', { type: name })}</span>
          {!past && record.allowed?.restore && (
            <ExplainedButton variant="default" why={whyFrozen(frozen)} leftSection={<IconRestore size={16} aria-hidden />} loading={acts.pending} onClick={() => acts.restore(record)}>
              {common('restore')}
            </ExplainedButton>
          )}
        </span>
      </Alert>
    );
  }
  if (readOnly !== 'notAllowed') return null;
  return <p className={classes.readOnly}>{t('readOnly', { type: name })}</p>;
}
