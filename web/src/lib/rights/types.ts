import type { components } from '@/api/schema';

type Schemas = components['schemas'];
export type Reach = Schemas['Reach'];
export type FieldAccess = Schemas['FieldAccess'];
export type Role = Schemas['Role'];
export type Catalogue = Schemas['PermissionCatalogue'];
export type Resource = Schemas['PermissionResource'];
export type Permission = Schemas['Permission'];

/** What is granted, by the permission's name. */
export type Grants = Readonly<Record<string, Reach>>;
/** Which fields are restricted, by record type and field. */
export type Restrictions = Readonly<Record<string, Readonly<Record<string, FieldAccess>>>>;

/** What a role says that people edit: everything that is saved together. */
export interface RoleDraft {
  name: string;
  description: string;
  permissions: Grants;
  fields: Restrictions;
}
