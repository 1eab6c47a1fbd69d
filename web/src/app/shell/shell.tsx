import { Outlet, useNavigate } from '@tanstack/react-router';
import { Suspense, useEffect, useState } from 'react';
import { reauthentication, useReauthenticationAsked } from '@/lib/api/reauthentication';
import { sameMoment, useAsOf } from '@/lib/as-of';
import { useShortcuts } from '@/lib/hotkeys';
import { texts } from '@/lib/i18n';
import { useLive } from '@/lib/live/use-live';
import { useMe, useMeta } from '@/lib/meta';
import { recents } from '@/lib/recents';
import { typeAhead } from '@/lib/type-ahead';
import { SessionDialog } from '@/features/auth/session-dialog';
import { lazyDialog } from '@/ui/lazy-part';
import { OfflineBanner } from '@/ui/offline';
import { Drawer } from '@/ui/overlays';
import { toast } from '@/ui/toast';
import { Header } from './header';
import { PastBanner } from './past-banner';
import classes from './shell.module.css';
import { Sidebar } from './sidebar';
import { ViewAsBanner } from './view-as-banner';

const t = texts('shell');
const common = texts('common');

// Not needed to show the page.
const ReauthenticateDialog = lazyDialog(() => import('@/features/auth/reauthenticate-dialog'), 'ReauthenticateDialog');
const Palette = lazyDialog(() => import('./palette'), 'Palette');
const CheatSheet = lazyDialog(() => import('./cheat-sheet'), 'CheatSheet');

/** What stands around every page of the staff: navigation, header, and the page itself. */
export function Shell() {
  const [palette, setPalette] = useState(false);
  const [sheet, setSheet] = useState(false);
  const [menu, setMenu] = useState(false);
  const me = useMe();
  const asOf = useAsOf();
  const openPalette = () => {
    if (!palette) typeAhead.begin();
    setPalette(true);
  };
  useLive();
  useNavigation();
  // Waiting for nothing when it is asked for. What fails here is told then.
  useEffect(() => void Palette.prepare(), []);
  useShortcuts([
    { keys: 'mod+K', label: t('openPalette'), run: openPalette },
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
        <Header openPalette={openPalette} openMenu={() => setMenu(true)} openShortcuts={() => setSheet(true)} />
        <OfflineBanner />
        <PastBanner />
        <ViewAsBanner />
        <main id="main" tabIndex={-1} className={classes.main}>
          <Suspense>
            <Outlet />
          </Suspense>
        </main>
      </div>
      {palette && <Palette close={() => setPalette(false)} />}
      {sheet && <CheatSheet close={() => setSheet(false)} />}
      <SessionDialog me={me} anew={anew} />
      <Reauthenticate />
    </div>
  );
}

/** Begins anew, as whoever is logged in by now. */
function anew(): void {
  recents.forget();
  location.assign('/');
}

/** Asks who sits there whenever a call waits for it. */
function Reauthenticate() {
  return <ReauthenticateDialog opened={useReauthenticationAsked()} onClose={reauthentication.declined} />;
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
      return [{ keys: `g ${letter}`, label: t('goTo', { where: type.label_plural }), run: () => void navigate({ to: '/$plural', params: { plural: type.plural }, search: sameMoment }) }];
    });
  useShortcuts([
    ...lists,
    { keys: 'g s', label: t('goTo', { where: t('settings') }), run: () => void navigate({ to: '/settings', search: sameMoment }) },
  ]);
}
