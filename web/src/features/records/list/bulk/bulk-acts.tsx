import { lazy, Suspense, useState } from 'react';
import { texts } from '@/lib/i18n';
import type { Field, RecordType } from '@/lib/meta';
import type { AnyRecord } from '@/lib/records/types';
import { Button, ExplainedButton } from '@/ui/button';
import { Alert, Progress } from '@/ui/feedback';
import type { Selection } from '../model/selection';
import classes from './bulk.module.css';
import type { Act } from './run';
import { useBulk } from './use-bulk';

const t = texts('list');
const BulkDialog = lazy(async () => ({ default: (await import('./bulk-dialog')).BulkDialog }));

interface BulkActsProps {
  type: RecordType;
  selection: Selection;
  rows: readonly AnyRecord[];
  /** Why nothing can be changed, if that is so. */
  frozen: string | undefined;
  onDeleted: () => void;
}

/** Fields that several records can be given the same value in. */
const settable = (type: RecordType): Field[] => type.fields.filter((field) => !field.read_only && field.kind !== 'custom' && field.kind !== 'choices');

/** What can be done with the selected records. */
export function BulkActs({ type, selection, rows, frozen, onDeleted }: BulkActsProps) {
  const [asking, setAsking] = useState<'set' | 'assign' | 'tags' | null>(null);
  const bulk = useBulk(type.plural);
  const chosen = rows.filter((row) => selection.ids.has(row.id));
  const reason = (may: boolean) => {
    if (!may) return t('bulkMayNot');
    return frozen ?? (selection.all ? t('bulkNotAll') : undefined);
  };
  const edit = reason(type.may['update'] === true);
  const tags = type.fields.find((field) => field.kind === 'choices' && field.list === 'tag' && !field.read_only);
  const assigned = type.fields.find((field) => field.name === 'assigned_to' && !field.read_only);

  const run = (act: Act) => {
    setAsking(null);
    void bulk.run(chosen, act).then((outcome) => {
      if (act.do === 'delete' && outcome.refused.length === 0 && !outcome.stopped) onDeleted();
    });
  };

  if (bulk.running) {
    const { done, total } = bulk.running;
    return (
      <div className={classes.running} role="status">
        <span>{t('bulkProgress', { done, total })}</span>
        <Progress value={(done / Math.max(1, total)) * 100} className={classes.bar ?? ''} aria-label={t('bulkProgress', { done, total })} />
        <Button variant="default" onClick={bulk.stop}>
          {t('bulkStop')}
        </Button>
      </div>
    );
  }
  const fields = asking === 'assign' && assigned ? [assigned] : asking === 'tags' && tags ? [tags] : settable(type);
  return (
    <>
      {assigned && (
        <ExplainedButton variant="default" why={reason(type.may['assign'] === true)} onClick={() => setAsking('assign')}>
          {t('bulkAssign')}
        </ExplainedButton>
      )}
      {tags && (
        <ExplainedButton variant="default" why={edit} onClick={() => setAsking('tags')}>
          {t('bulkTags')}
        </ExplainedButton>
      )}
      <ExplainedButton variant="default" why={edit} onClick={() => setAsking('set')}>
        {t('bulkSet')}
      </ExplainedButton>
      <ExplainedButton variant="default" why={reason(type.may['delete'] === true)} onClick={() => run({ do: 'delete' })}>
        {texts('common')('delete')}
      </ExplainedButton>
      <Suspense>{asking && <BulkDialog key={asking} title={t(asking === 'set' ? 'bulkSet' : asking === 'tags' ? 'bulkTags' : 'bulkAssign')} count={chosen.length} fields={fields} onRun={run} onClose={() => setAsking(null)} />}</Suspense>
      {bulk.refused.length > 0 && (
        <Alert role="alert" className={classes.refused ?? ''} title={t('bulkRefused', { count: bulk.refused.length })} withCloseButton closeButtonLabel={texts('common')('close')} onClose={bulk.dismiss}>
          <ul className={classes.list}>
            {bulk.refused.slice(0, 5).map(({ name, why }, index) => (
              <li key={`${index} ${name}`}>
                {name || t('noName')}: {why}
              </li>
            ))}
          </ul>
        </Alert>
      )}
    </>
  );
}
