import { textOf, texts } from '@/lib/i18n';
import type { RecordType } from '@/lib/meta';
import type { AuditEntry } from './audit-queries';

const t = texts('audit');

/**
 * What happened, as a sentence with `{actor}` and `{thing}` still in it. Records share their events,
 * whatever their type; an event of a later version is told in words that fit every one.
 */
export function templateOf(event: string, types: readonly RecordType[]): string {
  const [thing = '', what = ''] = event.split('.');
  const record = types.some((type) => type.name === thing);
  const known = textOf('audit', record ? `record_${what}` : `event_${thing}_${what}`);
  return known ?? t('event_unknown', { what: what.replace(/_/g, ' ') });
}

/** The parts of a sentence in order: words, and the names of what stands in between. */
export function partsOf(template: string): { word?: string; slot?: 'actor' | 'thing' }[] {
  return template.split(/(\{actor\}|\{thing\})/).filter(Boolean).map((part) => {
    if (part === '{actor}') return { slot: 'actor' as const };
    return part === '{thing}' ? { slot: 'thing' as const } : { word: part };
  });
}

/** What a thing is called in a sentence: by its name, if it has one that the reader may see. */
export function thingOf(entry: Pick<AuditEntry, 'record_type' | 'label' | 'deleted'>, type: RecordType | undefined): string {
  const { record_type: kind, label } = entry;
  if (!label) {
    if (type) return t('a', { thing: type.label.toLowerCase() });
    return textOf('audit', `unnamed_${kind}`) ?? (kind === 'member' ? t('somebody') : t('aRecord'));
  }
  const name = textOf('audit', `named_${kind}`)?.replace('{name}', label) ?? label;
  // A member who left keeps their name; that they left is told by what happened.
  return entry.deleted && kind !== 'member' ? t('deleted', { name }) : name;
}

/** What an event is called where one chooses among them: its sentence without who and what. */
export function eventName(event: string, types: readonly RecordType[]): string {
  const name = templateOf(event, types).replace(/\{actor\}/g, '').replace(/\{thing\}/g, thingOf({ record_type: event.split('.')[0] ?? '', label: null, deleted: false }, undefined)).trim();
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Kinds of things beside records that an organization's log tells of. */
export const OTHER_THINGS = ['member', 'invitation', 'role', 'team', 'picklist', 'view', 'organization', 'api_key', 'import', 'bulk', 'undo', 'mail', 'access'] as const;

const RECORD_EVENTS = ['created', 'details_changed', 'tags_changed', 'assigned', 'status_changed', 'deleted', 'restored'];
const OTHER_EVENTS: Record<(typeof OTHER_THINGS)[number], string[]> = {
  member: ['joined', 'added', 'roles_changed', 'reach_changed', 'renamed', 'deactivated', 'reactivated', 'removed', 'password_link_made', 'password_set', 'default_view_chosen'],
  role: ['created', 'renamed', 'permissions_changed', 'fields_changed', 'deleted', 'restored'],
  team: ['created', 'renamed', 'members_changed', 'deleted', 'restored'],
  picklist: ['value_added', 'value_renamed', 'value_archived', 'value_unarchived'],
  organization: [
    'founded', 'renamed', 'owners_changed', 'settings_changed', 'modules_changed', 'maintenance_started', 'maintenance_ended',
    'registration_opened', 'registration_closed', 'registration_key_replaced', 'closed', 'reopened',
  ],
  import: ['started', 'completed'],
  bulk: ['started', 'records_selected', 'selection_fixed', 'completed'],
  undo: ['started'],
  invitation: ['created', 'resent', 'withdrawn', 'accepted'],
  view: ['created', 'renamed', 'narrowed', 'arranged', 'shared', 'unshared', 'deleted', 'restored'],
  api_key: ['created', 'used', 'revoked'],
  access: ['denied', 'key_denied'],
  mail: ['queued', 'sending_started', 'sent', 'failed'],
};

/** The events of a kind of thing, for choosing one. */
export function eventsOf(thing: string, types: readonly RecordType[]): string[] {
  const whats = types.some((type) => type.name === thing) ? RECORD_EVENTS : (OTHER_EVENTS[thing as keyof typeof OTHER_EVENTS] ?? []);
  return whats.map((what) => `${thing}.${what}`);
}

export function thingName(thing: string, types: readonly RecordType[]): string {
  return types.find((type) => type.name === thing)?.label ?? textOf('audit', `thing_${thing}`) ?? thing.replace(/_/g, ' ');
}
