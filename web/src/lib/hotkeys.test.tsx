import { render } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { useShortcuts } from './hotkeys';

function Keys({ keys, run }: { keys: string; run: () => void }) {
  useShortcuts([{ keys, label: keys, run }]);
  return <input aria-label="field" />;
}

const press = (target: EventTarget, init: KeyboardEventInit) =>
  target.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }));

describe('shortcuts', () => {
  it('work each where one part of the page has several, about the page or a record', () => {
    const ran: string[] = [];
    const Several = () => {
      useShortcuts([
        { keys: 'a', label: 'A', run: () => ran.push('a') },
        { keys: 'b', label: 'B', run: () => ran.push('b') },
        { keys: 'c', label: 'C', about: 'record', run: () => ran.push('c') },
        { keys: 'd', label: 'D', run: () => ran.push('d') },
      ]);
      return null;
    };
    render(<Several />);
    for (const key of ['a', 'b', 'c', 'd']) press(document.body, { key });
    expect(ran).toEqual(['a', 'b', 'c', 'd']);
  });

  it('run on two keys in turn, and on nothing in between', () => {
    const run = vi.fn();
    render(<Keys keys="g c" run={run} />);
    press(document.body, { key: 'c' });
    press(document.body, { key: 'g' });
    expect(run).not.toHaveBeenCalled();
    press(document.body, { key: 'c' });
    expect(run).toHaveBeenCalledOnce();
  });

  it('leave whoever types alone, unless they hold the modifier', () => {
    const plain = vi.fn();
    const modified = vi.fn();
    const { container } = render(
      <>
        <Keys keys="?" run={plain} />
        <Keys keys="mod+K" run={modified} />
      </>,
    );
    const field = container.querySelector('input');
    if (!field) throw new Error('no field');
    press(field, { key: '?' });
    press(field, { key: 'k', ctrlKey: true });
    expect(plain).not.toHaveBeenCalled();
    expect(modified).toHaveBeenCalledOnce();
  });

  it('belong to what was put on the page last, and go with it', () => {
    const below = vi.fn();
    const above = vi.fn();
    render(<Keys keys="x" run={below} />);
    const { unmount } = render(<Keys keys="x" run={above} />);
    press(document.body, { key: 'x' });
    unmount();
    press(document.body, { key: 'x' });
    expect(above).toHaveBeenCalledOnce();
    expect(below).toHaveBeenCalledOnce();
  });
});
