import { texts } from '@/lib/i18n';
import { NativeSelect, TextInput } from '@/ui/inputs';
import { type Detail, languageName } from './details';

const t = texts('portal');

/** What browsers fill in by themselves. */
const KNOWN_AS: Partial<Record<Detail, string>> = {
  full_name: 'name',
  first_name: 'given-name',
  last_name: 'family-name',
  phone: 'tel',
  mobile: 'tel',
  street: 'street-address',
  postal_code: 'postal-code',
  city: 'address-level2',
  state: 'address-level1',
  country: 'country-name',
};

/** Languages to choose from; whatever stands there already is one, too. */
const LANGUAGES = ['ar', 'cs', 'da', 'de', 'de-CH', 'el', 'en', 'en-GB', 'en-US', 'es', 'fi', 'fr', 'fr-CH', 'he', 'hi', 'hu', 'it', 'it-CH', 'ja', 'ko', 'nl', 'no', 'pl', 'pt', 'pt-BR', 'ro', 'rm', 'ru', 'sk', 'sl', 'sv', 'tr', 'uk', 'zh'];

interface Props {
  name: Detail;
  value: string;
  hint: string | undefined;
  fault: string | undefined;
  change: (value: string) => void;
}

export function DetailField({ name, value, hint, fault, change }: Props) {
  const shared = { name, label: t(name), value, description: hint, error: fault, onChange: (event: { currentTarget: { value: string } }) => change(event.currentTarget.value) };
  if (name === 'language') {
    const codes = value && !LANGUAGES.includes(value) ? [...LANGUAGES, value] : LANGUAGES;
    const choices = codes.map((code) => ({ value: code, label: languageName(code) })).sort((one, other) => one.label.localeCompare(other.label));
    return <NativeSelect {...shared} data={[{ value: '', label: t('noLanguage') }, ...choices]} />;
  }
  return <TextInput {...shared} type={name === 'phone' || name === 'mobile' ? 'tel' : 'text'} autoComplete={KNOWN_AS[name] ?? 'off'} />;
}
