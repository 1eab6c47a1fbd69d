import { IconWifiOff } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import { texts } from '@/lib/i18n';
import classes from './offline.module.css';

const t = texts('common');

function subscribe(told: () => void): () => void {
  window.addEventListener('online', told);
  window.addEventListener('offline', told);
  return () => {
    window.removeEventListener('online', told);
    window.removeEventListener('offline', told);
  };
}

/** Says that the browser has no connection, as long as that is so. */
export function OfflineBanner() {
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  return (
    <div role="status">
      {!online && (
        <p className={classes.banner}>
          <IconWifiOff size={18} aria-hidden />
          {t('offline')}
        </p>
      )}
    </div>
  );
}
