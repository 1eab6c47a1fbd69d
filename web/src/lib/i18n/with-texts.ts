import { type Message, type Namespace, register } from './index';

/**
 * Loads a page together with the texts that only it and its like need, so that the entry need not
 * carry them.
 */
export function withTexts<P>(page: () => Promise<P>, texts: () => Promise<Partial<Record<Namespace, Record<string, Message>>>>): () => Promise<P> {
  return async () => {
    const [loaded, known] = await Promise.all([page(), texts()]);
    register(known);
    return loaded;
  };
}
