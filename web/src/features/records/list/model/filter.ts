import * as z from 'zod/mini';

/** One question about one field; `value` is what the operator takes, nothing for some. */
export interface Condition {
  field: string;
  op: string;
  value?: unknown;
}

/** Conditions of which all or any must hold. */
export type Group = { all: Node[] } | { any: Node[] };
export type Node = Condition | Group;
export type Joint = 'all' | 'any';

const DEPTH = 5;

const condition: z.ZodMiniType<Condition> = z.strictObject({
  field: z.string().check(z.maxLength(100)),
  op: z.string().check(z.maxLength(30)),
  value: z.optional(z.unknown()),
});

function nodeOf(depth: number): z.ZodMiniType<Node> {
  return depth <= 1 ? condition : z.union([condition, groupOf(depth)]);
}

function groupOf(depth: number): z.ZodMiniType<Group> {
  const nodes = z.array(nodeOf(depth - 1)).check(z.maxLength(50));
  return z.union([z.strictObject({ all: nodes }), z.strictObject({ any: nodes })]);
}

/** A filter as the address of a list carries it, in the words of the API. */
export const filterShape: z.ZodMiniType<Group> = groupOf(DEPTH);

export const NOTHING: Group = { all: [] };

export function isGroup(node: Node): node is Group {
  return 'all' in node || 'any' in node;
}

export const jointOf = (group: Group): Joint => ('all' in group ? 'all' : 'any');
export const nodesOf = (group: Group): Node[] => ('all' in group ? group.all : group.any);
export const group = (joint: Joint, nodes: Node[]): Group => (joint === 'all' ? { all: nodes } : { any: nodes });

/** The filter that an API filter stands for: a group, though it be one condition. */
export function asGroup(node: unknown): Group {
  const read = z.union([condition, filterShape]).safeParse(node);
  if (!read.success) return NOTHING;
  return isGroup(read.data) ? read.data : { all: [read.data] };
}

/** How many conditions there are, in all groups. */
export function countOf(node: Node): number {
  return isGroup(node) ? nodesOf(node).reduce((sum, each) => sum + countOf(each), 0) : 1;
}

/** Operators that take no value. */
const WITHOUT_VALUE = new Set(['empty', 'not_empty']);
export const takesValue = (op: string): boolean => !WITHOUT_VALUE.has(op);

/** Whether a condition says enough to be asked. */
export function isComplete({ op, value }: Condition): boolean {
  if (!takesValue(op)) return true;
  if (op === 'between') return Array.isArray(value) && value.length === 2 && value.every(isSaid);
  return isSaid(value);
}

function isSaid(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== '';
}

/** The filter without what is unfinished and without groups that say nothing. */
export function finished(filter: Group): Group {
  return group(
    jointOf(filter),
    nodesOf(filter).flatMap((node): Node[] => {
      if (!isGroup(node)) return isComplete(node) ? [node] : [];
      const inner = finished(node);
      return nodesOf(inner).length > 0 ? [inner] : [];
    }),
  );
}

/** What to send: nothing for a filter that asks nothing. */
export function toSend(filter: Group): Group | undefined {
  return countOf(filter) === 0 ? undefined : filter;
}

/** Where a node stands: its index in each group from the outermost. */
export type Path = readonly number[];

/** The filter with another node at a place; without the one there if it is `null`. */
export function replaced(filter: Group, path: Path, node: Node | null): Group {
  const [index, ...rest] = path;
  const nodes = nodesOf(filter);
  if (index === undefined) return node && isGroup(node) ? node : filter;
  const next = nodes.flatMap((each, at): Node[] => {
    if (at !== index) return [each];
    if (rest.length > 0) return isGroup(each) ? [replaced(each, rest, node)] : [each];
    return node ? [node] : [];
  });
  return group(jointOf(filter), next);
}

/** The filter with one more node at the end of the group at a place. */
export function appended(filter: Group, path: Path, node: Node): Group {
  const [index, ...rest] = path;
  const nodes = nodesOf(filter);
  if (index === undefined) return group(jointOf(filter), [...nodes, node]);
  return group(
    jointOf(filter),
    nodes.map((each, at) => (at === index && isGroup(each) ? appended(each, rest, node) : each)),
  );
}

export type ValueShape = 'one' | 'many' | 'range' | 'days';

/** How many values, and of what, an operator of a field of that kind takes. */
export function shapeOf(op: string, kind: string): ValueShape {
  if (op === 'in' || (op === 'eq' && kind === 'choices')) return 'many';
  if (op === 'between') return 'range';
  if (op === 'within_last' || op === 'not_within_last') return 'days';
  return 'one';
}

/** The value that may stay when the operator becomes another: only one of the same shape. */
export function valueFor(op: string, before: Condition, kind: string): unknown {
  if (!takesValue(op) || !takesValue(before.op)) return undefined;
  const [was, is] = [shapeOf(before.op, kind), shapeOf(op, kind)];
  if (was === is) return before.value;
  if (was === 'one' && is === 'many' && isSaid(before.value)) return [before.value];
  if (was === 'many' && is === 'one' && Array.isArray(before.value)) return before.value[0];
  return undefined;
}
