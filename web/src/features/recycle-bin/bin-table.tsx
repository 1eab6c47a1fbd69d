import { Link } from '@tanstack/react-router';
import { ago, moment } from '@/lib/format';
import { texts } from '@/lib/i18n';
import type { RecordType, Reference } from '@/lib/meta';
import type { AnyRecord } from '@/lib/records/types';
import { ExplainedButton } from '@/ui/button';
import { Checkbox } from '@/ui/inputs';
import { Table } from '@/ui/table';
import classes from './recycle-bin.module.css';

const t = texts('audit');
const common = texts('common');

interface Props {
  type: RecordType;
  rows: AnyRecord[];
  chosen: ReadonlySet<string>;
  choose: (ids: ReadonlySet<string>) => void;
  /** Why nothing can be changed, if that is so. */
  frozen: string | undefined;
  busy: boolean;
  restore: (id: string) => void;
}

const mayRestore = (row: AnyRecord) => row.allowed?.restore === true;

/** Deleted records. Deleting is the last thing that happened to each, so it says who and when. */
export function BinTable({ type, rows, chosen, choose, frozen, busy, restore }: Props) {
  const readOnly = frozen !== undefined || busy;
  const choosable = rows.filter(mayRestore);
  const all = choosable.length > 0 && choosable.every((row) => chosen.has(row.id));
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    choose(next);
  };
  const head = (
    <>
      <th scope="col">
        <Checkbox aria-label={t('binSelectAll')} checked={all} indeterminate={!all && chosen.size > 0} disabled={readOnly || choosable.length === 0} onChange={() => choose(new Set(all ? [] : choosable.map((row) => row.id)))} />
      </th>
      <th scope="col">{t('binRecord')}</th>
      <th scope="col">{t('binBy')}</th>
      <th scope="col">{t('binWhen')}</th>
      <th scope="col">
        <span className="visually-hidden">{common('restore')}</span>
      </th>
    </>
  );
  return (
    <Table label={type.label_plural} head={head}>
      {rows.map((row) => {
        const at = typeof row['updated_at'] === 'string' ? row['updated_at'] : undefined;
        const why = mayRestore(row) ? frozen : t('binNotYours');
        return (
          <tr key={row.id}>
            <td>
              <Checkbox aria-label={t('binSelect', { name: row.label })} checked={chosen.has(row.id)} disabled={readOnly || why !== undefined} onChange={() => toggle(row.id)} />
            </td>
            <td>
              <Link to="/$plural/$id" params={{ plural: type.plural, id: row.id }} search={{}} className={classes.link ?? ''}>
                {row.label}
              </Link>
            </td>
            <td>{(row['updated_by'] as Reference | null | undefined)?.label ?? ''}</td>
            <td>
              {at && (
                <time dateTime={at} title={moment(at)}>
                  {ago(at)}
                </time>
              )}
            </td>
            <td className={classes.act}>
              <ExplainedButton variant="default" why={why} disabled={busy} onClick={() => restore(row.id)} aria-label={t('binRestoreOne', { name: row.label })}>
                {common('restore')}
              </ExplainedButton>
            </td>
          </tr>
        );
      })}
    </Table>
  );
}
