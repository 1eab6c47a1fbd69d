/** People who work elsewhere: by the API, without a browser. */
import { randomUUID } from 'node:crypto';
import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from '../../src/api/schema';
import { ADDRESS, hindsight } from './server';

type Schemas = components['schemas'];
type Role = 'owner' | 'admin' | 'manager' | 'sales' | 'analyst' | 'auditor';

/** Somebody with an account: for logging in on a page, and for acting by the API meanwhile. */
export interface Person {
  email: string;
  password: string;
  name: string;
  /** As who they belong to their organization. */
  member: string;
  api: Client<paths>;
}

/** Names an attempt of its own. */
export const once = () => ({ 'Idempotency-Key': randomUUID() });
const unique = (name: string) => `${name.toLowerCase().replace(/\W+/g, '.')}.${randomUUID().slice(0, 8)}`;

/** What was answered; throws if it was refused. */
export async function taken<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${JSON.stringify(error)}`);
  return data as T;
}

const tokenOf = (link: string) => new URLSearchParams(new URL(link).hash.slice(1)).get('token') ?? '';
const stranger = () => createClient<paths>({ baseUrl: ADDRESS });
const withToken = (token: string) => createClient<paths>({ baseUrl: ADDRESS, headers: { Authorization: `Bearer ${token}` } });

/** Logs in anew, in a session of its own. */
export async function enter(email: string, password: string): Promise<Client<paths>> {
  const granted = await taken(stranger().POST('/api/v1/auth/login', { body: { email, password } }));
  if (!('access_token' in granted)) throw new Error('a second factor is asked for');
  return withToken(granted.access_token);
}

async function known(name: string, email: string, password: string): Promise<Person> {
  const api = await enter(email, password);
  const { member } = await taken(api.GET('/api/v1/users/me'));
  return { email, password, name, member, api };
}

/** An organization with its owner, made by the operator. */
export async function found(organization: string, name: string, ...more: string[]): Promise<Person> {
  const email = `${unique(name)}@example.com`;
  const printed = await hindsight('user', 'create', email, '--name', name, '--organization', organization, ...more);
  return known(name, email, /^password\s+(\S+)$/m.exec(printed)?.[1] ?? '');
}

/** Lets a colleague join with a built-in role; by the link that members without an address are handed. */
export async function join(owner: Person, name: string, role: Role): Promise<Person> {
  const roles = await taken(owner.api.GET('/api/v1/roles'));
  const id = roles.items.find((each) => each.builtin === role)?.id ?? '';
  const username = unique(name).replaceAll('-', '');
  const made = await taken(owner.api.POST('/api/v1/members', { body: { display_name: name, username, profile: 'staff', roles: [id] }, headers: once() }));
  const password = await choosePassword(made.link.url);
  return known(name, username, password);
}

/** Follows a link that was handed over, and chooses a password by it. */
async function choosePassword(url: string): Promise<string> {
  const password = `quiet otter ${randomUUID().slice(0, 8)}`;
  await taken(stranger().POST('/api/v1/auth/password/set', { body: { token: tokenOf(url), password } }));
  return password;
}

/** Adds a contact; it is nobody's unless it is somebody's in particular. */
export async function addContact(by: Person, values: Schemas['NewContact']): Promise<Schemas['Contact']> {
  return taken(by.api.POST('/api/v1/contacts', { body: values, headers: once() }));
}

/** Changes a contact, whatever version it has. */
export async function changeContact(by: Person, id: string, body: Schemas['ContactChanges']): Promise<Schemas['Contact']> {
  return taken(by.api.PATCH('/api/v1/contacts/{id}', { params: { path: { id } }, body, headers: once() }));
}
