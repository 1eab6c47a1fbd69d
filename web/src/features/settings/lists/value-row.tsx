import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { number } from '@/lib/format';
import { texts } from '@/lib/i18n';
import { useMeta } from '@/lib/meta';
import { recordsWithValue } from '@/lib/records/links';
import { Button } from '@/ui/button';
import { Tag } from '@/ui/feedback';
import { Group } from '@/ui/layout';
import classes from '../settings.module.css';
import { OneField } from '../shared/one-field';
import { useAct } from '../shared/use-act';
import { archiveValue, LISTS_SHOWN_IN, renameValue, unarchiveValue, type PicklistValue } from './list-api';

const t = texts('settings');
const common = texts('common');

interface Props {
  list: string;
  value: PicklistValue;
  may: { rename: boolean; archive: boolean };
}

/** A value with how many records have it, and what can be done with it. */
export function ValueRow({ list, value, may }: Props) {
  const [renaming, setRenaming] = useState(false);
  const act = useAct();
  const { id, label, archived } = value;
  const toggle = () =>
    void act.run({
      call: () => (archived ? unarchiveValue(list, id) : archiveValue(list, id)),
      done: archived ? t('valueUnarchived', { label }) : t('valueArchived', { label }),
      undo: () => (archived ? archiveValue(list, id) : unarchiveValue(list, id)),
      refresh: LISTS_SHOWN_IN,
    });
  if (renaming) {
    return (
      <li className={classes.row}>
        <OneField
          label={t('valueLabel')}
          value={label}
          member="label"
          cancel={() => setRenaming(false)}
          act={(typed) => ({
            call: () => renameValue(list, id, typed),
            done: t('renamedTo', { name: typed }),
            undo: () => renameValue(list, id, label),
            refresh: LISTS_SHOWN_IN,
            after: () => setRenaming(false),
          })}
        />
      </li>
    );
  }
  return (
    <li className={classes.row}>
      <div className={classes.what}>
        <div className={classes.name}>
          {label}
          {archived && <Tag>{t('archived')}</Tag>}
        </div>
        <Counts list={list} value={value} />
      </div>
      <Group gap="sm">
        {may.rename && (
          <Button variant="default" onClick={() => setRenaming(true)} aria-label={t('renameNamed', { name: label })}>
            {common('rename')}
          </Button>
        )}
        {(archived ? may.rename : may.archive) && (
          <Button variant="default" loading={act.busy} onClick={toggle} aria-label={archived ? t('unarchiveNamed', { name: label }) : t('archiveNamed', { name: label })}>
            {archived ? t('unarchive') : t('archive')}
          </Button>
        )}
      </Group>
    </li>
  );
}

/** How many records of each type have it, each number leading to exactly those. */
function Counts({ list, value }: { list: string; value: PicklistValue }) {
  const { record_types: types } = useMeta();
  const counts = Object.entries(value.records ?? {}).filter(([, count]) => count > 0);
  if (counts.length === 0) return <div className={classes.small}>{t('valueUnused')}</div>;
  return (
    <div className={classes.small}>
      {counts.map(([plural, count], index) => {
        const type = types.find((each) => each.plural === plural);
        const words = `${number(count)} ${type ? (count === 1 ? type.label : type.label_plural) : plural}`;
        const href = type && recordsWithValue(type, list, value.id);
        return (
          <span key={plural}>
            {index > 0 && ' · '}
            {href ? (
              <Link to={href} className={classes.link2 ?? ''}>
                {words}
              </Link>
            ) : (
              words
            )}
          </span>
        );
      })}
    </div>
  );
}
