import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { IconLogout, IconUserCircle } from '@tabler/icons-react';
import { answer, api } from '@/lib/api/client';
import { session } from '@/lib/api/session';
import { sameMoment } from '@/lib/as-of';
import { texts } from '@/lib/i18n';
import { useMe } from '@/lib/meta';
import { queryClient } from '@/lib/query';
import { recents } from '@/lib/recents';
import { type Scheme, useScheme } from '@/ui/appearance';
import { UnstyledButton } from '@/ui/button';
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
        <Choice label={t('scheme')} value={scheme} set={(value) => set(value as Scheme)} of={{ auto: t('schemeAuto'), light: t('schemeLight'), dark: t('schemeDark') }} />
        <Choice label={t('density')} value={density} set={(value) => setDensity(value as Density)} of={{ compact: t('densityCompact'), comfortable: t('densityComfortable') }} />
        <Menu.Divider />
        <Menu.Item leftSection={<IconUserCircle size={16} aria-hidden />} closeMenuOnClick onClick={() => void navigate({ to: '/settings', search: sameMoment })}>
          {t('profileAndSecurity')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => leave.mutate()}>
          {t('logOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  set: (value: string) => void;
  of: Record<string, string>;
}

/** One of a few, in a menu: reached by the arrow keys, as all in it. */
function Choice({ label, value, set, of }: ChoiceProps) {
  return (
    <div role="group" aria-label={label}>
      <Menu.Label aria-hidden>{label}</Menu.Label>
      <Menu.RadioGroup value={value} onChange={set}>
        <div className={classes.choice}>
          {Object.entries(of).map(([each, name]) => (
            <Menu.RadioItem key={each} value={each} className={classes.option ?? ''}>
              {name}
            </Menu.RadioItem>
          ))}
        </div>
      </Menu.RadioGroup>
    </div>
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters.map((word) => [...(word ?? '')][0] ?? '').join('').toUpperCase();
}
