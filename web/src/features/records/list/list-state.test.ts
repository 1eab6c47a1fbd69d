import { describe, expect, it } from 'vitest';
import { contentFrom, contentOf, differing, viewIn } from './list-state';
import type { View } from './views/queries';

const view = { q: 'ada', filter: { all: [{ field: 'city', op: 'eq', value: 'Bern' }] }, sort: 'name', columns: [{ field: 'city', width: 160 }] } as unknown as View;

describe('the address of a list', () => {
  it('carries only what differs from a plain list', () => {
    const plain = contentOf(undefined);
    expect(differing(plain, plain)).toEqual({});
    expect(differing({ ...plain, q: 'ada' }, plain)).toEqual({ q: 'ada' });
  });

  it('shows a view as it is saved', () => {
    const content = contentFrom({ view: 'x' }, contentOf(view));
    expect(content).toEqual({ q: 'ada', filter: view.filter, sort: 'name', columns: 'city:160' });
    expect(differing(content, contentOf(view))).toEqual({});
  });

  it('says that there are no words and no filter though the view has some', () => {
    const base = contentOf(view);
    const cleared = differing({ ...base, q: '', filter: { all: [] } }, base);
    expect(cleared).toEqual({ q: '', filter: { all: [] } });
    expect(contentFrom({ view: 'x', ...cleared }, base)).toMatchObject({ q: '', filter: { all: [] }, sort: 'name' });
  });
});

describe('the view of an address', () => {
  const usual = '0192f0c1-5a2b-7000-8000-000000000001';

  it('is the one to begin with only where nothing else is asked for', () => {
    expect(viewIn({}, usual)).toBe(usual);
    expect(viewIn({ open: 'x' }, usual)).toBe(usual);
    expect(viewIn({ q: 'ada' }, usual)).toBeUndefined();
    expect(viewIn({ view: 'other' }, usual)).toBe('other');
    expect(viewIn({}, null)).toBeUndefined();
  });

  it('is none for whoever wants to see everything', () => {
    expect(viewIn({ view: 'all' }, usual)).toBeUndefined();
  });
});
