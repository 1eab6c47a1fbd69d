import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type Action, ownActionsQuery, touchedQuery } from '@/lib/actions/api';
import { foretold } from '@/lib/actions/words';
import { ago, moment, number } from '@/lib/format';
import { useFrozen, whyFrozen } from '@/lib/frozen';
import { texts } from '@/lib/i18n';
import { useMeta } from '@/lib/meta';
import { Button, ExplainedButton } from '@/ui/button';
import { EmptyState, ProblemNotice, Skeleton, Tag } from '@/ui/feedback';
import classes from './actions.module.css';
import { type Stage, useUndo } from './use-undo';

const t = texts('shell');
const common = texts('common');
/** So many of the things that an action touched are named. */
const NAMED = 3;

/** What one did lately, and the way back from each. */
export function RecentActions({ onNavigate }: { onNavigate: () => void }) {
  const actions = useQuery(ownActionsQuery);
  const { stageOf, undo, confirm, leave } = useUndo();
  if (actions.isPending) return <Skeleton height={240} />;
  if (actions.isError) return <ProblemNotice error={actions.error} retry={() => void actions.refetch()} />;
  if (actions.data.length === 0) return <EmptyState kind="nothing" title={t('noActions')}>{t('noActionsAdvice')}</EmptyState>;
  return (
    <ul className={classes.list}>
      {actions.data.map((action) => (
        <Item key={action.id} action={action} stage={stageOf(action.id)} onNavigate={onNavigate} onUndo={() => void undo(action)} onConfirm={() => void confirm(action)} onLeave={() => leave(action)} />
      ))}
    </ul>
  );
}

interface ItemProps {
  action: Action;
  stage: Stage | undefined;
  onNavigate: () => void;
  onUndo: () => void;
  onConfirm: () => void;
  onLeave: () => void;
}

function Item({ action, stage, onNavigate, onUndo, onConfirm, onLeave }: ItemProps) {
  const frozen = whyFrozen(useFrozen());
  const { possible, why } = action.undo;
  return (
    <li className={classes.item}>
      <div className={classes.line}>
        <div className={classes.what}>
          <span>{action.label}</span>
          <Touched action={action} onNavigate={onNavigate} />
          <time className={classes.when} dateTime={action.began_at} title={moment(action.began_at)}>
            {ago(action.began_at)}
          </time>
        </div>
        {action.undone_by ? (
          <Tag>{t('undone')}</Tag>
        ) : (
          stage?.at !== 'asking' && (
            <ExplainedButton variant="default" why={frozen ?? (possible ? undefined : (why ?? t('undoNever')))} loading={stage !== undefined} onClick={onUndo} aria-label={t('undoThis', { action: action.label })}>
              {common('undo')}
            </ExplainedButton>
          )
        )}
      </div>
      {stage?.at === 'asking' && <Question sentences={foretold(stage.preview.counts)} possible={stage.preview.counts.reverted > 0} onConfirm={onConfirm} onLeave={onLeave} />}
    </li>
  );
}

/** What the undo comes to, before it is done. */
function Question({ sentences, possible, onConfirm, onLeave }: { sentences: string[]; possible: boolean; onConfirm: () => void; onLeave: () => void }) {
  return (
    <div className={classes.question} role="group" aria-label={t('undoPreview')}>
      <p role="status">{sentences.join(' ')}</p>
      <div className={classes.answers}>
        {possible && (
          <Button autoFocus onClick={onConfirm}>
            {common('undo')}
          </Button>
        )}
        <Button variant="default" autoFocus={!possible} onClick={onLeave}>
          {possible ? common('cancel') : common('close')}
        </Button>
      </div>
    </div>
  );
}

/** The first of the things that an action touched, each leading to it. */
function Touched({ action, onNavigate }: { action: Action; onNavigate: () => void }) {
  const { record_types: types } = useMeta();
  const known = types.filter((type) => action.types.includes(type.name));
  const { data } = useQuery({ ...touchedQuery(action.id), enabled: known.length > 0 });
  const links = (data?.records ?? []).flatMap((record) => {
    const plural = types.find((type) => type.name === record.type)?.plural;
    return plural ? [{ ...record, plural }] : [];
  });
  if (known.length === 0) return null;
  const named = links.slice(0, NAMED);
  const more = action.records - named.length;
  return (
    <span className={classes.touched}>
      {named.map(({ id, plural, label }) => (
        <Link key={id} to="/$plural/$id" params={{ plural, id }} className={classes.link ?? ''} onClick={onNavigate}>
          {label || t('nameless')}
        </Link>
      ))}
      {data && named.length > 0 && more > 0 && <span>{t('andMore', { count: number(more) })}</span>}
    </span>
  );
}
