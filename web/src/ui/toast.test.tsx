import { act, render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { Problem } from '@/lib/api/problem';
import { UiProvider } from './provider';
import { toast } from './toast';

it('tells of what is done politely, and of what failed at once', async () => {
  render(<UiProvider>Page</UiProvider>);
  act(() => {
    toast.done('Saved.');
    toast.undoable('Deleted.', () => undefined);
    toast.failed(Problem.offline());
  });
  const said = (role: string) => screen.getAllByRole(role).map((each) => each.textContent ?? '');
  await screen.findByText('Saved.');
  expect(said('status')).toEqual(expect.arrayContaining([expect.stringContaining('Saved.'), expect.stringContaining('Deleted.')]));
  expect(said('alert')).toEqual([expect.stringContaining('The server cannot be reached')]);
});
