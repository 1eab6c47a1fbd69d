import type { ReactNode } from 'react';
import { textOf, texts } from '@/lib/i18n';
import { type Field, useMeta } from '@/lib/meta';
import { Button } from '@/ui/button';
import { whyFrozen } from '@/lib/frozen';
import { parts } from '@/lib/records/parts';
import { useLocalStorage } from '@/ui/hooks';
import { CustomValues } from './custom-values';
import { useScene } from './context';
import { FieldRow } from './field-row';
import classes from './record.module.css';
import { CUSTOM, isBlank } from './values';

const t = texts('record');

/** Fields by their sections, in the order of the catalogue. */
function bySection(fields: readonly Field[]): [string, Field[]][] {
  const sections = new Map<string, Field[]>();
  for (const field of fields) sections.set(field.section, [...(sections.get(field.section) ?? []), field]);
  return [...sections];
}

const titleOf = (section: string): string =>
  textOf('fields', `section_${section}`) ?? section.charAt(0).toUpperCase() + section.slice(1).replaceAll('_', ' ');

/** The values of the record, by section; those that say nothing only if one asks for them. */
export function FieldSections() {
  const { type, record, differing, saving } = useScene();
  const [showEmpty, setShowEmpty] = useLocalStorage({ key: 'hindsight-show-empty', defaultValue: false, getInitialValueInEffect: false });
  const says = (field: Field) => !isBlank(record[field.name]) || differing.has(field.name) || saving.slots[field.name] !== undefined;
  const plain = type.fields.filter((field) => field.kind !== CUSTOM);
  const empty = plain.filter((field) => !says(field)).length;
  const custom = type.fields.find((field) => field.kind === CUSTOM);
  const shown = showEmpty ? plain : plain.filter(says);
  return (
    <>
      {bySection(shown).map(([section, fields]) => (
        <FieldSection key={section} title={titleOf(section)}>
          {fields.map((field) => (
            <FieldRow key={field.name} path={field.name} field={field} />
          ))}
        </FieldSection>
      ))}
      {empty > 0 && (
        <Button variant="subtle" className={classes.unfold ?? ''} aria-pressed={showEmpty} onClick={() => setShowEmpty(!showEmpty)}>
          {showEmpty ? t('hideEmpty') : t('showEmpty', { count: empty })}
        </Button>
      )}
      {custom && <CustomValues field={custom} title={titleOf(custom.section)} />}
      <OwnPart />
    </>
  );
}

/** What this type of records has beside its fields, where the organization uses that. */
function OwnPart() {
  const { type, record, present, past, frozen } = useScene();
  const { modules } = useMeta();
  const own = parts.get(type.name);
  if (!own || !modules.includes(own.module)) return null;
  return <own.Part key={record.id} record={present ?? record} plural={type.plural} frozen={whyFrozen(past ? 'past' : frozen)} />;
}

export function FieldSection({ title, children, below }: { title: string; children: ReactNode; below?: ReactNode }) {
  return (
    <section className={classes.section} aria-label={title}>
      <h2 className={classes.sectionTitle}>{title}</h2>
      <dl className={classes.rows}>{children}</dl>
      {below}
    </section>
  );
}
