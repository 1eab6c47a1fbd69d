import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ago } from '@/lib/format';
import { texts } from '@/lib/i18n';
import { historyQuery } from '@/lib/records/queries';
import { Button } from '@/ui/button';
import { Radio } from '@/ui/inputs';
import { Group, Stack } from '@/ui/layout';
import { Modal } from '@/ui/overlays';
import { ActorName } from './actor';
import { type Choice, type Conflict, resolved } from './conflicts';
import { useScene } from './context';
import classes from './conflict.module.css';
import type { Clash } from './saving';
import { ShownValue } from './shown-value';
import type { Path } from './values';

const t = texts('record');

/** Mine, theirs and the original of each value that two people changed, to choose from. */
export function ConflictDialog() {
  const { saving } = useScene();
  return (
    <Modal opened={saving.clash !== null} onClose={saving.leaveClash} size="lg" title={t('conflictTitle')}>
      {saving.clash && <Conflicts key={saving.clash.meanwhile.version} clash={saving.clash} />}
    </Modal>
  );
}

function Conflicts({ clash }: { clash: Clash }) {
  const { saving } = useScene();
  const [choices, setChoices] = useState<Record<Path, Choice>>({});
  const open = clash.conflicts.some(({ path }) => choices[path] === undefined);

  const apply = () => {
    saving.leaveClash();
    for (const { path } of clash.attempt.edits) saving.drop(path);
    const edits = [...resolved(clash.conflicts, choices), ...clash.free];
    if (edits.length > 0) void saving.save({ ...clash.attempt, edits, version: clash.meanwhile.version });
  };

  return (
    <Stack gap="md">
      <p className={classes.lead}>
        <Who clash={clash} /> {t('conflictLead')}
      </p>
      {clash.conflicts.map((conflict) => (
        <Sides
          key={conflict.path}
          conflict={conflict}
          choice={choices[conflict.path]}
          choose={(choice) => setChoices((before) => ({ ...before, [conflict.path]: choice }))}
        />
      ))}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={saving.leaveClash}>
          {t('backToEditing')}
        </Button>
        <Button onClick={apply} disabled={open}>
          {t('applyChoice')}
        </Button>
      </Group>
    </Stack>
  );
}

/** Who changed it meanwhile, and when, as soon as the history tells. */
function Who({ clash }: { clash: Clash }) {
  const { type, record } = useScene();
  const history = useInfiniteQuery(historyQuery(type.plural, record.id));
  const paths = clash.conflicts.map((conflict) => conflict.path.split('/')[0]);
  const entry = history.data?.pages
    .flatMap((page) => page.items)
    .find((each) => each.version > clash.attempt.version && each.changes.some((change) => paths.includes(change.field)));
  if (!entry) return <strong>{t('someoneElse')}</strong>;
  return (
    <>
      <ActorName entry={entry} /> ({ago(entry.recorded_at)})
    </>
  );
}

function Sides({ conflict, choice, choose }: { conflict: Conflict; choice: Choice | undefined; choose: (choice: Choice) => void }) {
  const { type } = useScene();
  const { path, label } = conflict;
  const shown = (value: unknown) => <ShownValue type={type} path={path} label={label} value={value} />;
  return (
    <fieldset className={classes.conflict}>
      <legend>{label}</legend>
      <dl className={classes.original}>
        <dt>{t('original')}</dt>
        <dd>{shown(conflict.original)}</dd>
      </dl>
      <Radio.Group value={choice ?? null} onChange={(value) => choose(value === 'theirs' ? 'theirs' : 'mine')} label={label} labelProps={{ className: 'visually-hidden' }}>
        <div className={classes.sides}>
          <Radio.Card value="mine" data-autofocus className={classes.side ?? ''} aria-label={t('takeMine', { field: label })}>
            <span className={classes.which}>
              <Radio.Indicator /> {t('mine')}
            </span>
            <span className={classes.said}>{shown(conflict.mine)}</span>
          </Radio.Card>
          <Radio.Card value="theirs" className={classes.side ?? ''} aria-label={t('takeTheirs', { field: label })}>
            <span className={classes.which}>
              <Radio.Indicator /> {t('theirs')}
            </span>
            <span className={classes.said}>{shown(conflict.theirs)}</span>
          </Radio.Card>
        </div>
      </Radio.Group>
    </fieldset>
  );
}
