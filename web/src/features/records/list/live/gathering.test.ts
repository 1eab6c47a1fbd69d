import { expect, it } from 'vitest';
import { Gathering } from './gathering';

const changed = (id: string, own = false) => ({ kind: 'changed', id, own }) as const;

it('tells each record once, and nothing twice', () => {
  const gathering = new Gathering();
  gathering.add(changed('a'));
  gathering.add(changed('a'));
  gathering.add(changed('b'));
  expect([...(gathering.take()?.ids ?? [])]).toEqual(['a', 'b']);
  expect(gathering.take()).toBeNull();
});

it('waits for nobody after one’s own, and longer while there is a lot', () => {
  const gathering = new Gathering();
  gathering.add(changed('a'));
  const usual = gathering.pause();
  gathering.add(changed('b', true));
  expect(gathering.pause()).toBe(0);
  gathering.take();
  for (let at = 0; at < 60; at += 1) gathering.add(changed(`${at}`));
  expect(gathering.pause()).toBeGreaterThan(usual);
  gathering.take();
  gathering.add(changed('a'));
  expect(gathering.pause()).toBeGreaterThan(usual);
});

it('never holds more than it can look at', () => {
  const gathering = new Gathering();
  for (let at = 0; at < 5_000; at += 1) gathering.add(changed(`${at}`));
  const heard = gathering.take();
  expect(heard?.much).toBe(true);
  expect(heard?.ids.size).toBe(1_000);
});
