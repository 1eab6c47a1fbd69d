import { afterEach, expect, it } from 'vitest';
import { typeAhead } from './type-ahead';

afterEach(() => {
  document.body.replaceChildren();
  window.dispatchEvent(new Event('focusin'));
  typeAhead.take();
});

function field(): HTMLInputElement {
  const made = document.createElement('input');
  document.body.append(made);
  return made;
}

/** Presses a key where the focus is; tells whether the page got it. */
function press(key: string, more: KeyboardEventInit = {}): boolean {
  return (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
}

it('keeps what is typed until the field has the focus, and then leaves the keys alone', () => {
  field().focus();
  typeAhead.begin();
  const got = [...'Zöe 🦦x'].map((key) => press(key));
  expect(got).not.toContain(true);
  press('Backspace');
  field().focus();
  expect(press('y')).toBe(true);
  expect(typeAhead.take()).toBe('Zöe 🦦');
  expect(typeAhead.take()).toBe('');
});

it('keeps Enter from the page below, and lets commands and other keys pass', () => {
  typeAhead.begin();
  expect(press('Enter')).toBe(false);
  expect(press('Escape')).toBe(true);
  expect(press('Tab')).toBe(true);
  expect(press('k', { ctrlKey: true })).toBe(true);
  expect(typeAhead.take()).toBe('');
});

it('forgets what was typed for a field that never came', () => {
  typeAhead.begin();
  press('a');
  field().focus();
  typeAhead.begin();
  press('b');
  expect(typeAhead.take()).toBe('b');
});
