/** Names of the parts of a form, and of fields that every record has. */
export const fields = {
  section_personal: 'Person',
  section_company: 'Company',
  section_company_details: 'Company details',
  section_location: 'Address',
  section_company_location: 'Company address',
  section_social: 'Social',
  section_working: 'Working',
  section_custom: 'Custom fields',
  name: 'Name',
  created_at: 'Created',
  created_by: 'Created by',
  updated_at: 'Changed',
  updated_by: 'Changed by',
  deleted_at: 'Deleted',
  notShown: 'Not shown',
} as const;
