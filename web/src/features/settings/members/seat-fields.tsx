import { useQuery } from '@tanstack/react-query';
import { texts } from '@/lib/i18n';
import { useMay } from '@/lib/meta';
import { MultiSelect, NativeSelect } from '@/ui/inputs';
import { rolesQuery, teamsQuery } from '../shared/queries';

const t = texts('settings');

/** What somebody new becomes here. */
export interface Seat {
  roles: string[];
  /** A team to be in from the start; empty is none. */
  team: string;
}

export const NO_SEAT: Seat = { roles: [], team: '' };

interface Props {
  seat: Seat;
  set: (seat: Seat) => void;
  error: string | undefined;
}

/** Roles, and a team for whoever may put people into one. Roles wider than one's own are not offered. */
export function SeatFields({ seat, set, error }: Props) {
  const { data: roles } = useQuery({ ...rolesQuery, enabled: useMay('roles:read') });
  const { data: teams } = useQuery({ ...teamsQuery, enabled: useMay('teams:update') });
  const offered = roles?.items.filter((role) => !role.deleted && role.allowed.assign && role.builtin !== 'client') ?? [];
  const present = teams?.items.filter((team) => !team.deleted) ?? [];
  return (
    <>
      <MultiSelect label={t('roles')} description={t('seatRolesHint')} data={offered.map((role) => ({ value: role.id, label: role.name }))} value={seat.roles} error={error} onChange={(chosen) => set({ ...seat, roles: chosen })} />
      {present.length > 0 && (
        <NativeSelect label={t('seatTeam')} value={seat.team} onChange={(event) => set({ ...seat, team: event.currentTarget.value })} data={[{ value: '', label: t('seatNoTeam') }, ...present.map((team) => ({ value: team.id, label: team.name }))]} />
      )}
    </>
  );
}
