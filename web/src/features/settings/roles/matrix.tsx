import { texts } from '@/lib/i18n';
import { width } from '@/lib/rights/diff';
import type { Catalogue, Grants, Permission, Reach, Resource } from '@/lib/rights/types';
import { Checkbox, NativeSelect } from '@/ui/inputs';
import { Table } from '@/ui/table';
import classes from './matrix.module.css';
import { reachWord } from './words';

const t = texts('settings');
const REACHES: Reach[] = ['all', 'team', 'own'];

interface MatrixProps {
  catalogue: Catalogue;
  grants: Grants;
  /** What is saved; cells that differ are marked. */
  before: Grants;
  readOnly: boolean;
  set: (permission: string, reach: Reach | undefined) => void;
}

const verb = (permission: Permission) => permission.name.slice(permission.name.indexOf(':') + 1);

/** The actions that records know, in the order of the catalogue. */
function columnsOf(resources: Resource[]): { verb: string; label: string }[] {
  const columns = new Map<string, string>();
  for (const resource of resources) {
    for (const permission of resource.permissions) {
      if (!columns.has(verb(permission))) columns.set(verb(permission), permission.label);
    }
  }
  return [...columns].map(([name, label]) => ({ verb: name, label }));
}

/** What may be done with records of each type, and with whose. */
export function RecordRights({ catalogue, ...cell }: MatrixProps) {
  const resources = catalogue.resources.filter((resource) => resource.record_type);
  const columns = columnsOf(resources);
  const head = (
    <>
      <th scope="col">{t('resource')}</th>
      {columns.map((column) => (
        <th key={column.verb} scope="col">
          {column.label}
        </th>
      ))}
    </>
  );
  return (
    <div className={classes.matrix}>
      <Table label={t('rightsRecords')} head={head}>
        {resources.map((resource) => (
          <tr key={resource.name}>
            <th scope="row" className={classes.resource}>
              {resource.label}
            </th>
            {columns.map((column) => {
              const permission = resource.permissions.find((each) => verb(each) === column.verb);
              return (
                <td key={column.verb} data-label={column.label}>
                  {permission && <Cell permission={permission} resource={resource} {...cell} />}
                </td>
              );
            })}
          </tr>
        ))}
      </Table>
    </div>
  );
}

/** What may be done beside records: with people, settings, programs. */
export function OtherRights({ catalogue, ...cell }: MatrixProps) {
  const resources = catalogue.resources.filter((resource) => !resource.record_type);
  return (
    <dl className={classes.others}>
      {resources.map((resource) => (
        <div key={resource.name} className={classes.other}>
          <dt>{resource.label}</dt>
          <dd>
            {resource.permissions.map((permission) => (
              <Cell key={permission.name} permission={permission} resource={resource} named {...cell} />
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface CellProps extends Omit<MatrixProps, 'catalogue'> {
  permission: Permission;
  resource: Resource;
  /** Whether the action's name stands beside it. */
  named?: boolean;
}

function Cell({ permission, resource, grants, before, readOnly, set, named = false }: CellProps) {
  const reach = grants[permission.name];
  const changed = reach !== before[permission.name];
  const name = `${resource.label}: ${permission.label}`;
  const marked = changed ? `${name} (${t('unsaved')})` : name;
  const tooWide = (wanted: Reach) => width(wanted) > width(permission.held as Reach | null);
  if (!permission.takes_reach) {
    return (
      <Checkbox
        className={changed ? (classes.changed ?? '') : ''}
        label={named ? permission.label : undefined}
        aria-label={marked}
        title={permission.help}
        checked={reach !== undefined}
        disabled={readOnly || (reach === undefined && tooWide('all'))}
        onChange={(event) => set(permission.name, event.currentTarget.checked ? 'all' : undefined)}
      />
    );
  }
  return (
    <NativeSelect
      className={changed ? `${classes.changed} ${classes.reach}` : (classes.reach ?? '')}
      label={named ? permission.label : undefined}
      aria-label={marked}
      title={permission.help}
      disabled={readOnly}
      value={reach ?? ''}
      onChange={(event) => set(permission.name, (event.currentTarget.value || undefined) as Reach | undefined)}
      data={[
        ...REACHES.map((each) => ({ value: each, label: reachWord(each), disabled: each !== reach && tooWide(each) })),
        { value: '', label: reachWord(undefined) },
      ]}
    />
  );
}
