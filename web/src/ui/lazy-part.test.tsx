import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { lazyDialog, lazyPart } from './lazy-part';
import { UiProvider } from './provider';

afterEach(() => vi.restoreAllMocks());

/** A connection that is away until it is mended. */
function connection<P>(Part: (props: P) => React.ReactNode) {
  let there = false;
  const load = vi.fn(async () => {
    if (!there) throw new TypeError('Failed to fetch dynamically imported module');
    return { Part };
  });
  return { load, mend: () => (there = true) };
}

const again = () => fireEvent.click(screen.getByRole('button', { name: 'Try again' }));

it('says where it is missing that a part could not be loaded, and loads it when asked again', async () => {
  const { load, mend } = connection(({ name }: { name: string }) => <p>Part of {name}</p>);
  const Part = lazyPart(load, 'Part');
  render(<UiProvider><i>Beside</i> <Part name="Ada" /></UiProvider>);
  expect((await screen.findByRole('alert')).textContent).toContain('This part could not be loaded.');
  expect(screen.getByText('Beside')).toBeTruthy();
  again();
  await waitFor(() => expect(load).toHaveBeenCalledTimes(2));
  expect(await screen.findByRole('alert')).toBeTruthy();
  mend();
  again();
  expect(await screen.findByText('Part of Ada')).toBeTruthy();
  expect(screen.queryByRole('alert')).toBeNull();
});

it('asks for nothing without a connection, since the browser would remember that it failed', async () => {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  const reach = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('Failed to fetch'));
  const { load, mend } = connection(() => <p>Here</p>);
  mend();
  const Part = lazyPart(load, 'Part');
  render(<UiProvider><Part /></UiProvider>);
  expect((await screen.findByRole('alert')).textContent).toContain('The server cannot be reached.');
  expect(load).not.toHaveBeenCalled();
  // The server is on this machine.
  reach.mockResolvedValue(new Response('ok'));
  again();
  expect(await screen.findByText('Here')).toBeTruthy();
});

it('begins anew for who needs a part after it failed for another', async () => {
  const { load, mend } = connection(() => <p>Here</p>);
  const Part = lazyPart(load, 'Part');
  const first = render(<UiProvider><Part /></UiProvider>);
  await screen.findByRole('alert');
  first.unmount();
  mend();
  render(<UiProvider><Part /></UiProvider>);
  expect(await screen.findByText('Here')).toBeTruthy();
});

it('is there at once, and was loaded once, if it was prepared', async () => {
  const { load, mend } = connection(() => <p>Here</p>);
  mend();
  const Part = lazyPart(load, 'Part');
  await Part.prepare();
  render(<UiProvider><Part /></UiProvider>);
  // At once: nobody waits for what is there.
  expect(screen.getByText('Here')).toBeTruthy();
  expect(load).toHaveBeenCalledOnce();
});

it('closes in the place of a dialog that could not be loaded', async () => {
  const close = vi.fn();
  const { load } = connection(({ close: end }: { close: () => void }) => <button onClick={end}>End</button>);
  const Dialog = lazyDialog(load, 'Part');
  render(<UiProvider><Dialog close={close} /></UiProvider>);
  expect(await screen.findByRole('dialog', { name: 'This could not be loaded' })).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Close' }));
  expect(close).toHaveBeenCalledOnce();
});
