import { beforeEach, describe, expect, it } from 'vitest';
import { type Recent, recents } from './recents';

const record = (id: string, label = id): Recent => ({ kind: 'record', plural: 'contacts', id, label });
const labels = (member: string) => recents.of(member).map(({ label }) => label);

beforeEach(() => sessionStorage.clear());

describe('what one was on lately', () => {
  it('has the latest first, each thing once, by the name that it had last', () => {
    for (const each of [record('a'), record('b'), record('a', 'A')]) recents.remember('me', each);
    expect(labels('me')).toEqual(['A', 'b']);
  });

  it('tells lists and records apart', () => {
    recents.remember('me', { kind: 'list', plural: 'contacts', id: '', label: 'Contacts' });
    recents.remember('me', { kind: 'list', plural: 'companies', id: '', label: 'Companies' });
    recents.remember('me', record('a'));
    expect(labels('me')).toEqual(['a', 'Companies', 'Contacts']);
  });

  it('is never another member’s', () => {
    recents.remember('me', record('a'));
    expect(recents.of('other')).toEqual([]);
  });

  it('keeps a few', () => {
    for (let at = 0; at < 20; at += 1) recents.remember('me', record(String(at)));
    expect(labels('me')).toHaveLength(8);
    expect(labels('me')[0]).toBe('19');
  });

  it('is forgotten as a whole, and survives what it cannot read', () => {
    recents.remember('me', record('a'));
    recents.forget();
    expect(recents.of('me')).toEqual([]);
    sessionStorage.setItem('hindsight-recents:me', '[1, {"kind": "record"}]');
    expect(recents.of('me')).toEqual([]);
  });
});
