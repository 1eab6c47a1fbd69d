import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { hasCode } from '@/lib/api/problem';
import { useAsOf } from '@/lib/as-of';
import { useFrozen } from '@/lib/frozen';
import { texts } from '@/lib/i18n';
import { type RecordType, useMe } from '@/lib/meta';
import { recents } from '@/lib/recents';
import { recordQuery } from '@/lib/records/queries';
import type { AnyRecord } from '@/lib/records/types';
import { useTitle } from '@/ui/page';
import { toast } from '@/ui/toast';
import { ConflictDialog } from './conflict-dialog';
import { type ReadOnly, type RecordScene, SceneContext } from './context';
import { LeaveGuard } from './leave-guard';
import { RecordBody } from './record-body';
import { RecordHeader } from './record-header';
import { Absent, Loading } from './record-states';
import classes from './record.module.css';
import { useSaving } from './saving';
import { attemptsToBringBack } from './bring-back';
import { type Difference, differences, type Path } from './values';
import { VersionBanner } from './version-banner';

const t = texts('record');

interface RecordViewProps {
  type: RecordType;
  id: string;
  /** The version to show instead of the newest, and what to compare it with. */
  version?: number | undefined;
  against?: 'now' | number | undefined;
  layout: 'page' | 'panel';
}

/** A record of any type: now, at a version, or at a moment. Give it a key of its own for each record. */
export function RecordView(props: RecordViewProps) {
  const { type, id, version } = props;
  const asOf = useAsOf();
  const present = useQuery(recordQuery(type.plural, id));
  const newest = present.data?.version;
  const at = asOf ? { asOf } : version !== undefined && version !== newest ? { version } : {};
  const shown = useQuery({ ...recordQuery(type.plural, id, at), placeholderData: version === undefined ? undefined : keepPreviousData });
  useTitle(shown.data?.label ?? '');

  // What was there before it was taken from one's sight is not there any more.
  const gone = hasCode(shown.error, 'not_found', 'not_permitted');
  if (shown.data && !gone) return <Loaded {...props} record={shown.data} present={present.data} asOf={asOf} />;
  if (shown.error) {
    return <Absent type={type} error={shown.error} present={present.data} asOf={asOf} version={version} retry={() => void shown.refetch()} />;
  }
  return <Loading />;
}

function readOnlyOf(type: RecordType, record: AnyRecord, past: boolean, viewing: boolean): ReadOnly | null {
  if (past) return 'past';
  if (record.deleted) return 'deleted';
  if (!record.allowed?.edit || !type.may['update']) return 'notAllowed';
  return viewing ? 'viewing' : null;
}

/** The record that the shown version is compared with. */
function useOther({ type, id, version, against }: RecordViewProps, record: AnyRecord, present: AnyRecord | undefined) {
  const comparing = version !== undefined && version !== present?.version;
  const other = against === 'now' || !comparing ? present?.version : (against ?? record.version - 1);
  const older = useQuery({
    ...recordQuery(type.plural, id, other === undefined ? {} : { version: other }),
    enabled: comparing && other !== undefined && other > 0 && other !== present?.version,
  });
  if (!comparing) return undefined;
  return other === present?.version ? present : older.data;
}

const mapped = (all: readonly Difference[]): ReadonlyMap<Path, Difference> => new Map(all.map((each) => [each.path, each]));

function Loaded(props: RecordViewProps & { record: AnyRecord; present: AnyRecord | undefined; asOf: string | undefined }) {
  const { type, id, version, against, layout, record, present, asOf } = props;
  const past = asOf !== undefined || (version !== undefined && version !== present?.version);
  const other = useOther(props, record, present);
  const frozen = useFrozen();
  const client = useQueryClient();
  const saving = useSaving(type.plural, id);
  const dirty = useRef(new Set<Path>());
  const [hasDirty, setHasDirty] = useState(false);
  const { member } = useMe();
  useEffect(() => recents.remember(member, { kind: 'record', plural: type.plural, id, label: record.label }), [member, type.plural, id, record.label]);

  const setDirty = useCallback((path: Path, is: boolean) => {
    if (is) dirty.current.add(path);
    else dirty.current.delete(path);
    setHasDirty(dirty.current.size > 0);
  }, []);

  const bringBack = async (toVersion: number, paths: readonly Path[]) => {
    if (!present) return;
    const bring = async (on: AnyRecord, from: AnyRecord): Promise<AnyRecord | null> => {
      let since: AnyRecord | null = on;
      for (const { revert, edits } of attemptsToBringBack(type.fields, on, from, paths)) {
        if (since) since = await saving.save({ edits, version: since.version, ...(revert ? { toVersion: from.version } : {}) });
      }
      return since;
    };
    try {
      const from = await client.fetchQuery(recordQuery(type.plural, id, { version: toVersion }));
      const since = await bring(present, from);
      if (since) toast.undoable(t('broughtBack', { version: toVersion }), () => void bring(since, present));
    } catch (error) {
      toast.failed(error);
    }
  };

  const scene: RecordScene = {
    type,
    record,
    present,
    readOnly: readOnlyOf(type, record, past, frozen === 'viewing'),
    frozen,
    past,
    differing: useMemo(() => mapped(other ? differences(type.fields, record, other).map((each) => ({ ...each, from: each.to, to: each.from })) : []), [other, record, type]),
    comparedWith: against === 'now' ? t('nowIs') : against === undefined ? t('before') : t('versionIs', { version: against }),
    restorable: useMemo(() => mapped(past && !asOf && present ? differences(type.fields, present, record) : []), [asOf, past, present, record, type]),
    saving,
    setDirty,
    bringBack: (toVersion, paths) => void bringBack(toVersion, paths),
  };

  return (
    <SceneContext value={scene}>
      <article className={layout === 'page' ? classes.page : classes.inPanel} aria-label={record.label}>
        <RecordHeader layout={layout} />
        {past && !asOf && <VersionBanner against={against} />}
        <RecordBody layout={layout} />
        <ConflictDialog />
        <LeaveGuard dirty={hasDirty} isDirty={() => dirty.current.size > 0} />
      </article>
    </SceneContext>
  );
}
