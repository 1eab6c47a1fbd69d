import { IconHistory } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { moment } from '@/lib/format';
import { whyFrozen } from '@/lib/frozen';
import { texts } from '@/lib/i18n';
import { Button, ExplainedButton } from '@/ui/button';
import { Select } from '@/ui/inputs';
import { isReference } from '../fields/draft';
import { useScene } from './context';
import classes from './version.module.css';

const t = texts('record');

/** Says that an earlier version is shown, what it is compared with, and the ways out. */
export function VersionBanner({ against }: { against: 'now' | number | undefined }) {
  const { record, present, differing, restorable, bringBack, frozen } = useScene();
  const navigate = useNavigate();
  const newest = present?.version ?? record.version;
  const go = (search: { version?: number; against?: 'now' | number }) =>
    void navigate({
      to: '.',
      search: (before: Record<string, unknown>) => ({ ...before, version: record.version, against, ...search }),
    });
  const versions = Array.from({ length: newest - 1 }, (_, at) => newest - 1 - at).filter((each) => each !== record.version);
  const by = record['updated_by'];
  const at = record['updated_at'];
  return (
    <div className={classes.banner} role="status">
      <p className={classes.which}>
        <IconHistory size={16} aria-hidden />
        <strong>{t('showingVersion', { version: record.version, newest })}</strong>
        {typeof at === 'string' && <span>{moment(at)}</span>}
        {isReference(by) && by.label && <span>{by.label}</span>}
        <span>{t('readOnlyPast')}</span>
      </p>
      <div className={classes.controls}>
        <Select
          aria-label={t('compareWith')}
          className={classes.against ?? ''}
          data={[
            ...(record.version > 1 ? [{ value: 'before', label: t('againstBefore') }] : []),
            { value: 'now', label: t('againstNow') },
            ...versions.map((version) => ({ value: String(version), label: t('againstVersion', { version }) })),
          ]}
          value={against === undefined ? (record.version > 1 ? 'before' : null) : String(against)}
          placeholder={t('compareWith')}
          onChange={(value) => go({ against: value === 'now' ? 'now' : value === 'before' || value === null ? undefined : Number(value) } as { against?: 'now' | number })}
          allowDeselect={false}
          maxDropdownHeight={260}
        />
        <span>{t('fieldsDiffer', { count: differing.size })}</span>
        {present?.allowed?.edit && restorable.size > 0 && (
          <ExplainedButton variant="default" why={whyFrozen(frozen)} onClick={() => bringBack(record.version, [...restorable.keys()])}>
            {t('restoreVersion')}
          </ExplainedButton>
        )}
        <Button onClick={() => go({ version: undefined, against: undefined } as { version?: number })}>{t('backToNow')}</Button>
      </div>
    </div>
  );
}
