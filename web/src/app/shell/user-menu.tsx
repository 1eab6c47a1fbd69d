import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { IconLogout, IconUserCircle } from '@tabler/icons-react';
import { answer, api } from '@/lib/api/client';
import { session } from '@/lib/api/session';
import { texts } from '@/lib/i18n';
import { useMe } from '@/lib/meta';
import { queryClient } from '@/lib/query';
import { recents } from '@/lib/recents';
import { type Scheme, useScheme } from '@/ui/appearance';
import { UnstyledButton } from '@/ui/button';
import { SegmentedControl } from '@/ui/inputs';
import { Menu } from '@/ui/overlays';
import { toast } from '@/ui/toast';
import { type Density, useDensity } from './density';
import classes from './user-menu.module.css';

const t = texts('shell');

/** Oneself: who one is, how it looks, the way out. */
export function UserMenu() {
  const me = useMe();
  const navigate = useNavigate();
  const { scheme, set } = useScheme();
  const [density, setDensity] = useDensity();
  const leave = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/auth/logout')),
    onSuccess: async () => {
      session.closed();
      recents.forget();
      queryClient.clear();
      await navigate({ to: '/login' });
    },
    onError: toast.failed,
  });
  const name = me.display_name ?? me.email ?? '';
  return (
    <Menu width={260} position="bottom-end" closeOnItemClick={false}>
      <Menu.Target>
        <UnstyledButton className={classes.avatar} aria-label={t('userMenu', { name })} data-initials={initials(name)} />
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <strong>{name}</strong>
          <span>{me.email}</span>
          <span>{me.roles.map((role) => role.name).join(', ')}</span>
        </div>
        <Menu.Divider />
        <div className={classes.choice}>
          <span id="scheme-label">{t('scheme')}</span>
          <SegmentedControl aria-labelledby="scheme-label" size="xs" value={scheme} onChange={(value) => set(value as Scheme)} data={[{ value: 'auto', label: t('schemeAuto') }, { value: 'light', label: t('schemeLight') }, { value: 'dark', label: t('schemeDark') }]} />
        </div>
        <div className={classes.choice}>
          <span id="density-label">{t('density')}</span>
          <SegmentedControl aria-labelledby="density-label" size="xs" value={density} onChange={(value) => setDensity(value as Density)} data={[{ value: 'compact', label: t('densityCompact') }, { value: 'comfortable', label: t('densityComfortable') }]} />
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<IconUserCircle size={16} aria-hidden />} closeMenuOnClick onClick={() => void navigate({ to: '/settings' })}>
          {t('profileAndSecurity')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => leave.mutate()}>
          {t('logOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters.map((word) => [...(word ?? '')][0] ?? '').join('').toUpperCase();
}
