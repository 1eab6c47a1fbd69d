import { useState } from 'react';
import { useShortcuts } from '@/lib/hotkeys';
import { texts } from '@/lib/i18n';
import type { Field, RecordType } from '@/lib/meta';
import { ExplainedButton } from '@/ui/button';
import { lazyDialog } from '@/ui/lazy-part';
import type { Selection } from '../model/selection';
import { type Act, type Matching, selectOf } from './act';
import type { Asking } from './bulk-dialog';
import type { Bulk } from './use-bulk';

const t = texts('list');
const BulkDialog = lazyDialog(() => import('./bulk-dialog'), 'BulkDialog');

interface BulkActsProps {
  type: RecordType;
  bulk: Bulk;
  selection: Selection;
  matching: Matching;
  /** Why nothing can be changed, if that is so. */
  frozen: string | undefined;
  /** What was selected is not what it was: gone, or no longer what matches. */
  onSettled: () => void;
}

/** Fields that several records can be given the same value in. */
const settable = (type: RecordType): Field[] => type.fields.filter((field) => !field.read_only && field.kind !== 'custom' && field.kind !== 'choices');

/** What can be done with the selected records. */
export function BulkActs({ type, bulk, selection, matching, frozen, onSettled }: BulkActsProps) {
  const [asking, setAsking] = useState<Asking | null>(null);
  const reason = (may: boolean) => (may ? frozen : t('bulkMayNot'));
  const edit = reason(type.may['update'] === true);
  const tags = type.fields.find((field) => field.kind === 'choices' && field.list === 'tag' && !field.read_only);
  const assigned = type.fields.find((field) => field.name === 'assigned_to' && !field.read_only);

  const run = (act: Act) => {
    setAsking(null);
    void bulk.run(selectOf(selection, matching), act).then((whole) => {
      if (selection.all || (act.do === 'delete' && whole)) onSettled();
    });
  };

  const remove = reason(type.may['delete'] === true);
  const idle = bulk.running === null;
  const command = (keys: string, label: string, asked: Asking) => ({ keys, label, about: 'selection' as const, run: () => setAsking(asked) });
  useShortcuts([
    ...(idle && assigned && !reason(type.may['assign'] === true) ? [command('a', t('bulkAssign'), 'assign')] : []),
    ...(idle && tags && !edit ? [command('t', t('bulkTags'), 'tags')] : []),
    ...(idle && !edit ? [command('f', t('bulkSet'), 'set')] : []),
    ...(idle && !remove ? [command('Delete', texts('common')('delete'), 'delete')] : []),
  ]);
  if (!idle) return null;
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
      <ExplainedButton variant="default" why={remove} onClick={() => setAsking('delete')}>
        {texts('common')('delete')}
      </ExplainedButton>
      {asking && <BulkDialog key={asking} asking={asking} type={type} select={selectOf(selection, matching)} fields={fields} onRun={run} onClose={() => setAsking(null)} />}
    </>
  );
}
