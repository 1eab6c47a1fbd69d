import { parts } from '@/lib/records/parts';
import { Skeleton } from '@/ui/feedback';
import { lazyPart } from '@/ui/lazy-part';

parts.set('contact', {
  module: 'portal',
  Part: lazyPart(() => import('@/features/clients/portal-account'), 'PortalAccount', { waiting: () => <Skeleton height={112} mt="md" /> }),
});
