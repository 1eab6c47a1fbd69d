import { Outlet, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useAsOf } from '@/lib/as-of';
import { useShortcuts } from '@/lib/hotkeys';
import { texts } from '@/lib/i18n';
import { useLive } from '@/lib/live/use-live';
import { useMeta } from '@/lib/meta';
import { OfflineBanner } from '@/ui/offline';
import { Drawer } from '@/ui/overlays';
import { toast } from '@/ui/toast';
import { Header } from './header';
import { PastBanner } from './past-banner';
import { SessionDialog } from './session-dialog';
import classes from './shell.module.css';
import { Sidebar } from './sidebar';
import { ViewAsBanner } from './view-as-banner';

const t = texts('shell');
const common = texts('common');

// Not needed to show the page.
const loadPalette = () => import('./palette');
const ReauthenticateDialog = lazy(async () => ({ default: (await import('@/features/auth/reauthenticate-dialog')).ReauthenticateDialog }));
const Palette = lazy(async () => ({ default: (await loadPalette()).Palette }));
const CheatSheet = lazy(async () => ({ default: (await import('./cheat-sheet')).CheatSheet }));

/** What stands around every page of the staff: navigation, header, and the page itself. */
export function Shell() {
  const [palette, setPalette] = useState(false);
  const [sheet, setSheet] = useState(false);
  const [menu, setMenu] = useState(false);
  const asOf = useAsOf();
  useLive();
  useNavigation();
  // Waiting for nothing when it is asked for.
  useEffect(() => void loadPalette(), []);
  useShortcuts([
    { keys: 'mod+K', label: t('openPalette'), run: () => setPalette(true) },
    { keys: '?', label: t('shortcuts'), run: () => setSheet(true) },
    { keys: 'mod+Z', label: common('undo'), run: () => void toast.undoLatest() },
  ]);
  return (
    <div className={classes.shell} data-past={asOf !== undefined || undefined}>
      <a className="skip-link" href="#main">
        {common('skipToContent')}
      </a>
      <aside className={classes.side}>
        <Sidebar />
      </aside>
      <Drawer opened={menu} onClose={() => setMenu(false)} size={260} title={common('appName')} closeButtonProps={{ 'aria-label': common('close') }}>
        <Sidebar onNavigate={() => setMenu(false)} />
      </Drawer>
      <div className={classes.column}>
        <Header openPalette={() => setPalette(true)} openMenu={() => setMenu(true)} openShortcuts={() => setSheet(true)} />
        <OfflineBanner />
        <PastBanner />
        <ViewAsBanner />
        <main id="main" tabIndex={-1} className={classes.main}>
          <Suspense>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <Suspense>
        {palette && <Palette close={() => setPalette(false)} />}
        {sheet && <CheatSheet close={() => setSheet(false)} />}
      </Suspense>
      <SessionDialog />
      <Suspense>
        <ReauthenticateDialog />
      </Suspense>
    </div>
  );
}

/** `g` and the first letter of where to go. */
function useNavigation(): void {
  const navigate = useNavigate();
  const { record_types: types } = useMeta();
  const taken = new Set<string>(['s', 'a']);
  const lists = types
    .filter((type) => type.may['read'])
    .flatMap((type) => {
      const letter = [...type.plural].find((candidate) => !taken.has(candidate));
      if (letter === undefined) return [];
      taken.add(letter);
      return [{ keys: `g ${letter}`, label: t('goTo', { where: type.label_plural }), run: () => void navigate({ to: '/$plural', params: { plural: type.plural } }) }];
    });
  useShortcuts([
    ...lists,
    { keys: 'g s', label: t('goTo', { where: t('settings') }), run: () => void navigate({ to: '/settings' }) },
  ]);
}
