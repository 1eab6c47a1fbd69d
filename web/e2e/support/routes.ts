/** Every address that the interface has, read from where its routers say so. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const SOURCE = resolve(import.meta.dirname, '../../src');
const ROUTE = /const (\w+) = createRoute\(\{\s*getParentRoute: \(\) => (\w+),\s*(path|id): '([^']+)'/g;

interface Declared {
  parent: string;
  /** What it adds to its parent's address; nothing if it only holds pages together. */
  part: string;
}

function declared(): Map<string, Declared> {
  const folder = join(SOURCE, 'app/routes');
  const found = new Map<string, Declared>();
  for (const file of readdirSync(folder)) {
    const text = readFileSync(join(folder, file), 'utf8');
    const begun = text.match(/= createRoute\(/g)?.length ?? 0;
    const read = [...text.matchAll(ROUTE)];
    // A route that is written otherwise must not be missed in silence.
    if (read.length !== begun) throw new Error(`${file} declares ${begun} routes, of which ${read.length} are understood`);
    for (const [, name = '', parent = '', kind, value = ''] of read) {
      // Two files may call a route alike.
      const key = found.has(name) ? `${file} ${name}` : name;
      found.set(key, { parent, part: kind === 'path' ? value : '' });
    }
  }
  return found;
}

/** The path of a route, with its parameters by name, such as `/settings/roles/$role`, and for whom it is. */
export interface Route {
  path: string;
  who: 'strangers' | 'staff' | 'clients';
}

export function allRoutes(): Route[] {
  const routes = declared();
  const whole = ({ parent, part }: Declared): string => {
    const above = routes.get(parent);
    return `${above ? whole(above) : ''}${part === '/' ? '' : part}`;
  };
  const inside = ({ parent }: Declared): boolean => {
    const above = routes.get(parent);
    return parent === 'staffRoute' || (above !== undefined && inside(above));
  };
  const found: Route[] = [...routes.values()].map((route) => ({ path: whole(route) || '/', who: inside(route) ? 'staff' : 'strangers' }));
  const pages = /PAGES = (\{[^}]+\})/.exec(readFileSync(join(SOURCE, 'portal/path.tsx'), 'utf8'))?.[1] ?? '';
  for (const [, path = ''] of pages.matchAll(/'(\/[^']*)'/g)) found.push({ path, who: 'clients' });
  // Layouts have the address of their first page.
  return found.filter(({ path }, at) => found.findIndex((each) => each.path === path) === at);
}
