import { IconActivity } from '@tabler/icons-react';
import { useState } from 'react';
import { texts } from '@/lib/i18n';
import { IconButton } from '@/ui/button';
import { lazyPart } from '@/ui/lazy-part';
import { Drawer } from '@/ui/overlays';

const t = texts('shell');

// Not needed to show the page.
const ActivityBody = lazyPart(() => import('./activity-body'), 'ActivityBody');

/** What one did lately, and long-running work. */
export function Activity() {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <IconButton label={t('activity')} onClick={() => setOpened(true)}>
        <IconActivity size={18} />
      </IconButton>
      <Drawer opened={opened} onClose={() => setOpened(false)} position="right" title={t('activity')}>
        {opened && <ActivityBody close={() => setOpened(false)} />}
      </Drawer>
    </>
  );
}
