import { IconDots } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useAsOf } from '@/lib/as-of';
import { moment, timeOf } from '@/lib/format';
import { texts } from '@/lib/i18n';
import { Button, IconButton } from '@/ui/button';
import { Menu } from '@/ui/overlays';
import { ActorName } from './actor';
import { useScene } from './context';
import type { Happening, Turn } from './sentences';
import { Source } from './source';
import { TurnText } from './turn-text';
import classes from './timeline.module.css';

const t = texts('record');
/** How many changed values a sentence tells before it asks for patience. */
const FEW = 4;

/** One gesture: who did what, when, why, from where, and what can be done about it. */
export function HappeningItem({ happening }: { happening: Happening }) {
  const { record, past } = useScene();
  const asOf = useAsOf();
  const { entry, notes, version } = happening;
  const current = past && record.version >= happening.before + 1 && record.version <= version;
  const item = useRef<HTMLLIElement>(null);

  useEffect(() => {
    const box = item.current?.closest('aside');
    if (!current || !item.current || !box) return;
    // Within the history only: the page itself stays where it is.
    const [at, shown] = [item.current.getBoundingClientRect(), box.getBoundingClientRect()];
    if (at.top < shown.top) box.scrollTop -= shown.top - at.top;
    else if (at.bottom > shown.bottom) box.scrollTop += at.bottom - shown.bottom;
  }, [current]);

  return (
    <li ref={item} className={`${classes.item} ${current ? classes.current : ''}`} aria-current={current || undefined}>
      <div className={classes.body}>
        <Sentence happening={happening} />
        {notes.map((note) => (
          <p key={note} className={classes.note}>
            {note}
          </p>
        ))}
        <Source entry={entry} />
        {happening.erased && <p className={classes.quiet}>{t('erased')}</p>}
        <p className={classes.quiet}>
          <time dateTime={entry.recorded_at} title={moment(entry.recorded_at)}>
            {timeOf(entry.recorded_at)}
          </time>
          {entry.channel === 'cli' && ` · ${t('channel_cli')}`} · <VersionLink version={version} />
        </p>
      </div>
      {!asOf && <ItemMenu happening={happening} />}
    </li>
  );
}

function VersionLink({ version }: { version: number }) {
  const { type, record } = useScene();
  // At a moment of the past the whole page stays there.
  if (useAsOf()) return <>{t('versionN', { version })}</>;
  return (
    <Link to="/$plural/$id" params={{ plural: type.plural, id: record.id }} search={{ version }} className={classes.version ?? ''}>
      {t('versionN', { version })}
    </Link>
  );
}

function Sentence({ happening }: { happening: Happening }) {
  const { deed, turns, entry } = happening;
  const [all, setAll] = useState(false);
  const { type } = useScene();
  const who = <ActorName entry={entry} />;
  const name = type.label.toLowerCase();
  if (deed === 'other') return <div className={classes.sentence}>{who}: {entry.summary}</div>;
  if (deed === 'deleted') return <div className={classes.sentence}>{who} {t('deletedIt', { type: name })}</div>;
  if (deed === 'restored') return <div className={classes.sentence}>{who} {t('restoredIt', { type: name })}</div>;
  const verb = deed === 'created' ? t('createdIt', { type: name }) : null;
  const [only] = turns;
  if (!verb && only && turns.length === 1) {
    return (
      <div className={classes.sentence}>
        {who} <TurnText turn={only} inSentence />
      </div>
    );
  }
  const shown: readonly Turn[] = all ? turns : turns.slice(0, deed === 'created' ? 0 : FEW);
  const hidden = turns.length - shown.length;
  return (
    <>
      <div className={classes.sentence}>
        {who} {verb ?? t('changedFields', { count: turns.length })}
      </div>
      {shown.length > 0 && (
        <ul className={classes.turns}>
          {shown.map((turn) => (
            <li key={turn.path}>
              <TurnText turn={turn} />
            </li>
          ))}
        </ul>
      )}
      {(hidden > 0 || all) && (
        <Button variant="subtle" size="compact-sm" className={classes.unfold ?? ''} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t('showLess') : t(deed === 'created' ? 'showFirst' : 'showMore', { count: hidden })}
        </Button>
      )}
    </>
  );
}

/** What can be done from a place in the history. */
function ItemMenu({ happening }: { happening: Happening }) {
  const { type, record, present, past, frozen, bringBack } = useScene();
  const { version, before, deed, turns } = happening;
  const newest = present?.version ?? record.version;
  const mayRestore = present?.allowed?.edit === true && !past && !frozen;
  const params = { plural: type.plural, id: record.id };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <IconButton label={t('itemActions', { version })}>
          <IconDots size={16} aria-hidden />
        </IconButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item renderRoot={(props) => <Link {...props} to="/$plural/$id" params={params} search={{ version }} />}>{t('showVersion', { version })}</Menu.Item>
        {version < newest && (
          <Menu.Item renderRoot={(props) => <Link {...props} to="/$plural/$id" params={params} search={{ version, against: 'now' as const }} />}>
            {t('compareWithNow')}
          </Menu.Item>
        )}
        {mayRestore && deed === 'changed' && before > 0 && turns.length > 0 && (
          <>
            <Menu.Divider />
            <Menu.Label>{t('bringBackBefore')}</Menu.Label>
            {turns.map((each) => (
              <Menu.Item key={each.path} onClick={() => bringBack(before, [each.path])}>
                {each.label}
              </Menu.Item>
            ))}
            {turns.length > 1 && <Menu.Item onClick={() => bringBack(before, turns.map((each) => each.path))}>{t('allOfThese')}</Menu.Item>}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
