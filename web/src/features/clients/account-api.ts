import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { answer, api, attempt } from '@/lib/api/client';
import { hasCode } from '@/lib/api/problem';
import { keys } from '@/lib/records/queries';
import type { AnyRecord } from '@/lib/records/types';

export type Account = components['schemas']['ContactAccount'];
export type ClientLink = components['schemas']['ClientLink'];

/** What can be done to the account of a contact. */
export type Act = 'offer' | 'reset' | 'takeAway';

/** How the account of a contact stands; a record that was only just read tells it. */
export const accountQuery = ({ id, account }: AnyRecord) =>
  queryOptions({
    queryKey: [...keys.accounts, id],
    queryFn: async ({ signal }): Promise<Account | null> =>
      (await answer(api.GET('/api/v1/contacts/{id}', { signal, params: { path: { id } } }))).account ?? null,
    ...(account === undefined ? {} : { initialData: account as Account | null }),
  });

function carryOut(act: Act, id: string): Promise<ClientLink | undefined> {
  const at = { params: { path: { id }, header: attempt() } };
  switch (act) {
    case 'offer':
      return answer(api.POST('/api/v1/contacts/{id}/account', at));
    case 'reset':
      return answer(api.POST('/api/v1/contacts/{id}/account/reset', at));
    case 'takeAway':
      return answer(api.DELETE('/api/v1/contacts/{id}/account', at));
  }
}

/** Acts on the account of a contact, and shows how it stands since. */
export function useAccountAct(id: string) {
  const client = useQueryClient();
  const look = () => client.invalidateQueries({ queryKey: [...keys.accounts, id] });
  return useMutation({
    mutationFn: async (act: Act) => {
      const link = await carryOut(act, id);
      await look();
      return link ?? null;
    },
    onError: (error) => {
      // Somebody else was quicker.
      if (hasCode(error, 'account_exists', 'no_account', 'not_found')) void look();
    },
  });
}
