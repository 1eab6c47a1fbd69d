import { expect, it } from 'vitest';
import { EventParser } from './parse';

it('puts events together from pieces cut anywhere', () => {
  const text = ': hello\n\nid: 7\nevent: change\ndata: {"a":1}\n\nevent: reset\ndata: {}\n\n';
  for (let at = 0; at <= text.length; at += 1) {
    const parser = new EventParser();
    const found = [...parser.push(text.slice(0, at)), ...parser.push(text.slice(at))];
    expect(found).toEqual([
      { event: 'change', id: '7', data: '{"a":1}' },
      { event: 'reset', id: null, data: '{}' },
    ]);
  }
});
