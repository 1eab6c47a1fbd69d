import { texts } from '@/lib/i18n';
import { useMe, type Me } from '@/lib/meta';

const t = texts('settings');

export interface Place {
  to:
    | '/settings/profile' | '/settings/security' | '/settings/api-keys'
    | '/settings/organization' | '/settings/modules' | '/settings/lists'
    | '/settings/members' | '/settings/invitations' | '/settings/teams' | '/settings/roles'
    | '/settings/instance';
  label: string;
  about: string;
  /** The permission without which it makes no sense. */
  needs?: string;
}

export interface Area {
  label: string;
  places: Place[];
}

const areas = (): Area[] => [
  {
    label: t('areaYou'),
    places: [
      { to: '/settings/profile', label: t('profile'), about: t('profileAbout') },
      { to: '/settings/security', label: t('security'), about: t('securityAbout') },
      { to: '/settings/api-keys', label: t('apiKeys'), about: t('apiKeysAbout') },
    ],
  },
  {
    label: t('areaOrganization'),
    places: [
      { to: '/settings/organization', label: t('organization'), about: t('organizationAbout'), needs: 'organization:read' },
      { to: '/settings/modules', label: t('modules'), about: t('modulesAbout'), needs: 'organization:read' },
      { to: '/settings/lists', label: t('lists'), about: t('listsAbout') },
    ],
  },
  {
    label: t('areaPeople'),
    places: [
      { to: '/settings/members', label: t('members'), about: t('membersAbout'), needs: 'members:read' },
      { to: '/settings/invitations', label: t('invitations'), about: t('invitationsAbout'), needs: 'invitations:read' },
      { to: '/settings/teams', label: t('teams'), about: t('teamsAbout'), needs: 'teams:read' },
      { to: '/settings/roles', label: t('roles'), about: t('rolesAbout'), needs: 'roles:read' },
    ],
  },
  { label: t('areaInstance'), places: [{ to: '/settings/instance', label: t('instance'), about: t('instanceAbout') }] },
];

function mayOpen(me: Me, place: Place): boolean {
  if (place.to === '/settings/instance') return me.administrator;
  return !place.needs || place.needs in me.permissions;
}

/** The pages of the settings that the caller can do something with. */
export function useAreas(): Area[] {
  const me = useMe();
  return areas()
    .map((area) => ({ ...area, places: area.places.filter((place) => mayOpen(me, place)) }))
    .filter((area) => area.places.length > 0);
}

/** Whether the caller may open what stands at an address of the settings. The server decides anyway. */
export function useMayOpen(pathname: string): boolean {
  const me = useMe();
  const place = areas()
    .flatMap((area) => area.places)
    .find(({ to }) => pathname === to || pathname.startsWith(`${to}/`));
  return !place || mayOpen(me, place);
}
