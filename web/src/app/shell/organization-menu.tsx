import { useMutation, useQuery } from '@tanstack/react-query';
import { IconBuildingSkyscraper, IconCheck, IconPlus, IconSelector } from '@tabler/icons-react';
import { useState } from 'react';
import { profilesQuery, switchProfile } from '@/lib/api/profiles';
import { texts } from '@/lib/i18n';
import { useMeta } from '@/lib/meta';
import { UnstyledButton } from '@/ui/button';
import { lazyDialog } from '@/ui/lazy-part';
import { Menu } from '@/ui/overlays';
import { toast } from '@/ui/toast';
import classes from './organization-menu.module.css';

const t = texts('shell');

const NewOrganization = lazyDialog(() => import('./new-organization'), 'NewOrganization');

/** The organization one is in, and the way to the others. */
export function OrganizationMenu() {
  const { organization } = useMeta();
  const [opened, setOpened] = useState(false);
  const [founding, setFounding] = useState(false);
  const profiles = useQuery({ ...profilesQuery, enabled: opened });
  const change = useMutation({ mutationFn: switchProfile, onSuccess: () => location.assign('/'), onError: toast.failed });
  return (
    <>
      <Menu opened={opened} onChange={setOpened} width={248} position="bottom-start">
        <Menu.Target>
          <UnstyledButton className={classes.button} aria-label={t('organizationMenu', { name: organization.name ?? '' })}>
            <span className={classes.name}>{organization.name}</span>
            <IconSelector size={16} aria-hidden />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('yourOrganizations')}</Menu.Label>
          {profiles.data?.items
            .filter((profile) => profile.active && !profile.closed)
            .map((profile) => (
              <Menu.Item key={profile.member} disabled={profile.current} onClick={() => change.mutate(profile.member)} leftSection={<IconBuildingSkyscraper size={16} aria-hidden />} rightSection={profile.current ? <IconCheck size={16} aria-label={t('current')} /> : null}>
                {profile.name}
                <div className={classes.profile}>{t('asProfile', { name: profile.display_name ?? '', profile: profileLabel(profile.profile) })}</div>
              </Menu.Item>
            ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setFounding(true)}>
            {t('newOrganization')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {founding && <NewOrganization close={() => setFounding(false)} founded={(member) => change.mutate(member)} />}
    </>
  );
}

function profileLabel(profile: string): string {
  switch (profile) {
    case 'client':
      return t('profileClient');
    case 'vendor':
      return t('profileVendor');
    default:
      return t('profileStaff');
  }
}
