/** One event of a stream of server-sent events. */
export interface SentEvent {
  event: string;
  id: string | null;
  data: string;
}

/** Cuts text that comes in pieces into events, as the HTML standard says. */
export class EventParser {
  #rest = '';

  /** The events that are complete with this piece. */
  push(piece: string): SentEvent[] {
    const blocks = (this.#rest + piece).split(/\r?\n\r?\n/);
    this.#rest = blocks.pop() ?? '';
    return blocks.map(event).filter((found) => found !== null);
  }
}

function event(block: string): SentEvent | null {
  let name = 'message';
  let id: string | null = null;
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const [, field, value = ''] = /^([^:]+)(?:: ?(.*))?$/.exec(line) ?? [];
    if (field === 'event') name = value;
    else if (field === 'id') id = value;
    else if (field === 'data') data.push(value);
  }
  return data.length === 0 ? null : { event: name, id, data: data.join('\n') };
}
