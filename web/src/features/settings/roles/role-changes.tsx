import { useQuery } from '@tanstack/react-query';
import { hasCode } from '@/lib/api/problem';
import { texts } from '@/lib/i18n';
import { useMay, useMeta } from '@/lib/meta';
import { permissionLabel } from '@/lib/rights/catalogue';
import { fieldChanges, grantChanges, type FieldRightChange, type GrantChange } from '@/lib/rights/diff';
import type { Catalogue, Role, RoleDraft } from '@/lib/rights/types';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/feedback';
import { Group } from '@/ui/layout';
import { staffQuery } from '../shared/queries';
import { useAct } from '../shared/use-act';
import classes from './matrix.module.css';
import { draftOf, ROLES_SHOWN_IN, saveRole } from './role-api';
import { accessWord, reachWord } from './words';

const t = texts('settings');
const common = texts('common');

interface Props {
  base: Role;
  draft: RoleDraft;
  /** The role as it is by now. */
  now: Role;
  catalogue: Catalogue;
  rebase: (now: Role) => void;
  reset: (now: Role) => void;
}

/** What saving would change, and for how many; nothing is saved before it was shown here. */
export function RoleChanges({ base, draft, now, catalogue, rebase, reset }: Props) {
  const act = useAct();
  const before = draftOf(base);
  const { data: staff } = useQuery({ ...staffQuery, enabled: useMay('members:read') });
  const affected = staff?.items.filter((member) => member.roles.some((role) => role.id === base.id)).length;
  const grants = grantChanges(before.permissions, draft.permissions);
  const fields = fieldChanges(before.fields, draft.fields);
  const renamed = before.name !== draft.name;
  const described = before.description !== draft.description;
  const save = () =>
    void act.run(
      {
        call: () => saveRole(base.id, base.version, before, draft),
        done: t('roleSaved', { name: draft.name }),
        undo: (saved) => saveRole(base.id, saved?.version ?? base.version, draft, before),
        refresh: ROLES_SHOWN_IN,
        after: (saved) => saved && reset(saved),
      },
      { inPlace: true },
    );
  return (
    <section className={classes.bar} aria-label={t('roleUnsaved')}>
      {act.error && <ProblemNotice error={act.error} {...(hasCode(act.error, 'version_conflict') ? { retry: () => rebase(now) } : {})} />}
      <strong>{t('roleUnsaved')}</strong>{' '}
      {affected !== undefined && <span>{t(staff?.next_cursor ? 'roleAffectsMore' : 'roleAffects', { count: affected })}</span>}
      <ul className={classes.diff} aria-live="polite">
        {renamed && <li>{t('diffName', { from: before.name, to: draft.name })}</li>}
        {described && <li>{t('diffDescription')}</li>}
        {grants.map((change) => (
          <Grant key={change.permission} change={change} catalogue={catalogue} />
        ))}
        {fields.map((change) => (
          <FieldRight key={`${change.recordType}.${change.field}`} change={change} />
        ))}
      </ul>
      <Group gap="sm">
        <Button loading={act.busy} disabled={!draft.name.trim()} onClick={save}>
          {t('roleSave')}
        </Button>
        <Button variant="default" onClick={() => reset(now)}>
          {common('discard')}
        </Button>
      </Group>
    </section>
  );
}

function Grant({ change, catalogue }: { change: GrantChange; catalogue: Catalogue }) {
  const { resource, action } = permissionLabel(catalogue, change.permission);
  const found = catalogue.resources.flatMap((each) => each.permissions).find((each) => each.name === change.permission);
  const values = { resource, action, from: reachWord(change.from), to: reachWord(change.to) };
  const wider = change.kind === 'added' || change.kind === 'widened';
  const word = {
    added: found?.takes_reach ? t('diffAdded', values) : t('diffAddedPlain', values),
    removed: t('diffRemoved', values),
    widened: t('diffWidened', values),
    narrowed: t('diffNarrowed', values),
  }[change.kind];
  return (
    <li>
      <span className={wider ? classes.wider : classes.narrower}>{wider ? t('diffMore') : t('diffLess')}</span> {word}
    </li>
  );
}

function FieldRight({ change }: { change: FieldRightChange }) {
  const { record_types: types } = useMeta();
  const type = types.find((each) => each.name === change.recordType);
  const field = type?.fields.find((each) => each.name === change.field)?.label ?? change.field;
  return <li>{t('diffField', { type: type?.label ?? change.recordType, field, from: accessWord(change.from), to: accessWord(change.to) })}</li>;
}
