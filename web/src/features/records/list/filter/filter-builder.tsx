import { IconPlus, IconX } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { texts } from '@/lib/i18n';
import type { Field } from '@/lib/meta';
import { Button, IconButton } from '@/ui/button';
import { Select } from '@/ui/inputs';
import { Group as Line } from '@/ui/layout';
import { appended, type Condition, countOf, finished, type Group, group, isGroup, jointOf, nodesOf, type Path, replaced } from '../model/filter';
import { ConditionRow } from './condition-row';
import { firstOperator } from './fields';
import classes from './filter.module.css';

const t = texts('list');
const common = texts('common');
/** The server takes five levels, of which conditions are one; more than three nobody reads. */
const GROUPS = 3;

interface FilterBuilderProps {
  fields: readonly Field[];
  filter: Group;
  onApply: (filter: Group) => void;
  onClose: () => void;
}

const blank = (fields: readonly Field[]): Condition => {
  const first = fields.find((field) => field.kind === 'choice') ?? fields[0];
  return { field: first?.name ?? '', op: first ? firstOperator(first) : 'eq' };
};

/** Builds a filter; it is asked when it is applied, so that nothing half-said is. */
export function FilterBuilder({ fields, filter, onApply, onClose }: FilterBuilderProps) {
  const [draft, setDraft] = useState<Group>(() => (countOf(filter) === 0 ? group('all', [blank(fields)]) : filter));
  const left = countOf(draft) - countOf(finished(draft));
  const apply = (event: FormEvent) => {
    event.preventDefault();
    onApply(finished(draft));
  };
  return (
    <form className={classes.builder} onSubmit={apply} aria-label={t('filter')}>
      {countOf(draft) === 0 && <p className={classes.none}>{t('noConditions')}</p>}
      <GroupEditor fields={fields} root={draft} path={[]} node={draft} onRoot={setDraft} />
      <Line gap="sm" mt={8}>
        <Button type="submit">{common('apply')}</Button>
        <Button variant="default" onClick={() => onApply(group('all', []))}>
          {common('clear')}
        </Button>
        <Button variant="subtle" onClick={onClose}>
          {common('close')}
        </Button>
        {left > 0 && <span className={classes.none}>{t('unfinished', { count: left })}</span>}
      </Line>
    </form>
  );
}

interface GroupEditorProps {
  fields: readonly Field[];
  root: Group;
  path: Path;
  node: Group;
  onRoot: (root: Group) => void;
}

function GroupEditor({ fields, root, path, node, onRoot }: GroupEditorProps) {
  const nodes = nodesOf(node);
  const joint = jointOf(node);
  const atRoot = path.length === 0;
  return (
    <div role="group" aria-label={atRoot ? t('match') : t('groupOf')} className={atRoot ? classes.root : classes.group}>
      <Line gap="sm" wrap="nowrap">
        <span className={classes.match}>{t('match')}</span>
        <Select
          aria-label={t('match')}
          className={classes.joint ?? ''}
          data={[
            { value: 'all', label: t('matchAll') },
            { value: 'any', label: t('matchAny') },
          ]}
          value={joint}
          onChange={(next) => onRoot(replaced(root, path, group(next === 'any' ? 'any' : 'all', nodes)))}
          allowDeselect={false}
        />
        {!atRoot && (
          <IconButton label={t('removeGroup')} onClick={() => onRoot(replaced(root, path, null))}>
            <IconX size={16} />
          </IconButton>
        )}
      </Line>
      {nodes.map((each, index) => {
        const place = [...path, index];
        // A node has no name of its own; its place and field tell it apart from its neighbours.
        return isGroup(each) ? (
          <GroupEditor key={`${index} group`} fields={fields} root={root} path={place} node={each} onRoot={onRoot} />
        ) : (
          <ConditionRow
            key={`${index} ${each.field} ${nodes.length}`}
            fields={fields}
            condition={each}
            autoFocus={false}
            onChange={(condition) => onRoot(replaced(root, place, condition))}
            onRemove={() => onRoot(replaced(root, place, null))}
          />
        );
      })}
      <Line gap="sm">
        <Button variant="subtle" leftSection={<IconPlus size={14} />} onClick={() => onRoot(appended(root, path, blank(fields)))}>
          {t('addCondition')}
        </Button>
        {path.length + 1 < GROUPS && (
          <Button variant="subtle" leftSection={<IconPlus size={14} />} onClick={() => onRoot(appended(root, path, group(joint === 'all' ? 'any' : 'all', [blank(fields)])))}>
            {t('addGroup')}
          </Button>
        )}
      </Line>
    </div>
  );
}
