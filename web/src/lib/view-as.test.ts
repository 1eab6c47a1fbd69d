import { beforeEach, expect, it, vi } from 'vitest';

beforeEach(() => {
  sessionStorage.clear();
  vi.resetModules();
});

it('is kept over a reload of the tab, and ends where it began', async () => {
  const assign = vi.spyOn(location, 'assign').mockImplementation(() => undefined);
  const first = await import('./view-as');
  expect(first.viewAs.role()).toBeNull();
  first.viewAs.start({ id: 'r1', name: 'Sales' });
  expect(assign).toHaveBeenLastCalledWith('/home');

  vi.resetModules();
  const reloaded = await import('./view-as');
  expect(reloaded.viewAs.role()).toEqual({ id: 'r1', name: 'Sales' });
  reloaded.viewAs.stop();
  expect(assign).toHaveBeenLastCalledWith('/settings/roles/r1');

  vi.resetModules();
  expect((await import('./view-as')).viewAs.role()).toBeNull();
});

it('takes what is unreadable for nothing', async () => {
  sessionStorage.setItem('hindsight-view-as', '{');
  expect((await import('./view-as')).viewAs.role()).toBeNull();
});
