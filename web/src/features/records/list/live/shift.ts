/** By how many places rows moved that stood one below the other from `first` on; 0 if none is left. */
export function shiftOf(ids: readonly string[], first: number, rows: readonly { id: string }[]): number {
  for (const [at, id] of ids.entries()) {
    const before = first + at;
    const now = rows[before]?.id === id ? before : rows.findIndex((row) => row.id === id);
    if (now >= 0) return now - before;
  }
  return 0;
}
