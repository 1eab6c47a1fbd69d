import { texts } from '@/lib/i18n';
import type { FieldAccess, Reach } from '@/lib/rights/types';

const t = texts('settings');

export function reachWord(reach: Reach | undefined): string {
  switch (reach) {
    case 'all':
      return t('reachAll');
    case 'team':
      return t('reachTeam');
    case 'own':
      return t('reachOwn');
    case undefined:
      return t('reachNone');
  }
}

export function accessWord(access: FieldAccess): string {
  switch (access) {
    case 'full':
      return t('accessFull');
    case 'read_only':
      return t('accessReadOnly');
    case 'hidden':
      return t('accessHidden');
  }
}
