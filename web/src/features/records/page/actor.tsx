import { texts } from '@/lib/i18n';
import { useMe, useMeta } from '@/lib/meta';
import type { HistoryEntry } from '@/lib/records/types';

const t = texts('record');

/** Who did it, and for whom if not for themselves. */
export function ActorName({ entry }: { entry: HistoryEntry }) {
  const me = useMe();
  const { members } = useMeta();
  const { actor, on_behalf_of: behalf } = entry;
  const name = actor.name || t('someoneErased');
  const whom = behalf && behalf !== actor.id ? members.find((member) => member.id === behalf)?.display_name : undefined;
  const shown = actor.kind === 'user' && actor.id === me.member ? t('you') : name;
  return (
    <>
      <strong>{actor.kind === 'api_key' ? t('apiKey', { name }) : actor.kind === 'system' ? t('system') : shown}</strong>
      {whom && ` ${t('onBehalfOf', { name: whom })}`}
    </>
  );
}
