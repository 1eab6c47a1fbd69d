import { Link, type LinkProps } from '@tanstack/react-router';
import { IconAddressBook, IconBuilding, IconHistory, IconSettings, IconTable, IconTrash, type TablerIcon } from '@tabler/icons-react';
import { texts } from '@/lib/i18n';
import { useMay, useMeta } from '@/lib/meta';
import { OrganizationMenu } from './organization-menu';
import classes from './sidebar.module.css';

const t = texts('shell');

const PICTURES: Record<string, TablerIcon> = { contact: IconAddressBook, company: IconBuilding };

/** Where one can go. */
export function Sidebar({ onNavigate }: { onNavigate?: () => void }) {
  const meta = useMeta();
  const audit = useMay('audit:read');
  return (
    <nav aria-label={t('mainNavigation')} className={classes.nav}>
      <OrganizationMenu />
      {meta.record_types
        .filter((type) => type.may['read'])
        .map((type) => (
          <Entry key={type.plural} picture={PICTURES[type.name] ?? IconTable} label={type.label_plural} onNavigate={onNavigate} to="/$plural" params={{ plural: type.plural }} />
        ))}
      <div className={classes.gap} />
      {audit && <Entry picture={IconHistory} label={t('audit')} onNavigate={onNavigate} to="/audit" />}
      <Entry picture={IconTrash} label={t('recycleBin')} onNavigate={onNavigate} to="/recycle-bin" />
      <Entry picture={IconSettings} label={t('settings')} onNavigate={onNavigate} to="/settings" />
    </nav>
  );
}

interface EntryProps extends Pick<LinkProps, 'to' | 'params'> {
  picture: TablerIcon;
  label: string;
  onNavigate: (() => void) | undefined;
}

function Entry({ picture: Picture, label, onNavigate, ...link }: EntryProps) {
  return (
    <Link {...link} className={classes.entry} search={(before) => (before.as_of ? { as_of: before.as_of } : {})} onClick={onNavigate}>
      <Picture size={18} stroke={1.6} aria-hidden />
      {label}
    </Link>
  );
}
