/** Moments that people ask for, in the time zone of their browser. */
export function presets(now: Date): { key: 'yesterday' | 'monthStart' | 'quarterStart' | 'yearStart'; at: Date }[] {
  const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate()];
  return [
    // How it stood when the day was over.
    { key: 'yesterday', at: new Date(year, month, day) },
    { key: 'monthStart', at: new Date(year, month, 1) },
    { key: 'quarterStart', at: new Date(year, month - (month % 3), 1) },
    { key: 'yearStart', at: new Date(year, 0, 1) },
  ];
}

/** A moment as a `datetime-local` field has it. */
export function inputValue(at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
