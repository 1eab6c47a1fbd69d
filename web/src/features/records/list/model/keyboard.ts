/** Where the keyboard is in the grid: row -1 is the header, column 0 the boxes for selecting. */
export interface Spot {
  row: number;
  column: number;
}

export interface Extent {
  rows: number;
  columns: number;
  /** How many rows one sees at once. */
  page: number;
}

export interface Press {
  key: string;
  shift: boolean;
  /** Ctrl, or Cmd on a Mac. */
  mod: boolean;
  alt: boolean;
}

/** What a key asks the grid to do. */
export type Intent =
  | { do: 'move'; to: Spot; extend: boolean }
  | { do: 'edit' }
  | { do: 'open' }
  | { do: 'page' }
  | { do: 'select' }
  | { do: 'extend' }
  | { do: 'selectAll' }
  | { do: 'leave' };

const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value));

/** The cell that is there, nearest to the one asked for. */
export function nearest(spot: Spot, extent: Extent): Spot {
  return { row: clamp(spot.row, -1, Math.max(-1, extent.rows - 1)), column: clamp(spot.column, 0, Math.max(0, extent.columns - 1)) };
}

/** Steps that keys make, by rows and columns. */
function step(press: Press, at: Spot, { rows, columns, page }: Extent): Spot | null {
  switch (press.key) {
    case 'ArrowUp':
      return { row: press.mod ? 0 : at.row - 1, column: at.column };
    case 'ArrowDown':
      return { row: press.mod ? rows - 1 : at.row + 1, column: at.column };
    case 'ArrowLeft':
      return { row: at.row, column: press.mod ? 0 : at.column - 1 };
    case 'ArrowRight':
      return { row: at.row, column: press.mod ? columns - 1 : at.column + 1 };
    case 'PageUp':
      // Up by a page stays in the rows; the header is one more step.
      return { row: at.row <= 0 ? at.row : Math.max(0, at.row - page), column: at.column };
    case 'PageDown':
      return { row: at.row + page, column: at.column };
    case 'Home':
      return { row: press.mod ? 0 : at.row, column: 0 };
    case 'End':
      return { row: press.mod ? rows - 1 : at.row, column: columns - 1 };
    case 'j':
    case 'J':
      return press.mod ? null : { row: at.row + 1, column: at.column };
    case 'k':
    case 'K':
      return press.mod ? null : { row: Math.max(0, at.row - 1), column: at.column };
    default:
      return null;
  }
}

/** What a key means in the grid; `null` if it is none of the grid's. */
export function intentOf(press: Press, at: Spot, extent: Extent): Intent | null {
  if (press.alt) return null;
  const to = step(press, at, extent);
  if (to) {
    const there = nearest(to, extent);
    const still = there.row === at.row && there.column === at.column;
    const across = press.key.startsWith('Arrow') && there.row !== at.row;
    return still ? null : { do: 'move', to: there, extend: press.shift && across && there.row >= 0 };
  }
  if (press.key === 'Escape') return { do: 'leave' };
  if (press.mod && press.key.toLowerCase() === 'a') return { do: 'selectAll' };
  // The header's own buttons answer for the rest.
  if (at.row < 0) return null;
  if (press.key === ' ') return press.shift ? { do: 'extend' } : { do: 'select' };
  if (press.key === 'Enter') return enter(press, at);
  return press.key === 'F2' && at.column > 0 ? { do: 'edit' } : null;
}

/** Enter opens from the name, and edits elsewhere. */
function enter(press: Press, at: Spot): Intent {
  if (press.mod) return { do: 'page' };
  if (at.column === 0) return { do: 'select' };
  return at.column === 1 ? { do: 'open' } : { do: 'edit' };
}

/** The next cell to edit after one, in reading order; `null` after the last. */
export function nextEditable(at: Spot, extent: Extent, editable: (column: number) => boolean, back = false): Spot | null {
  const by = back ? -1 : 1;
  let { row, column } = at;
  for (;;) {
    column += by;
    if (column < 1 || column >= extent.columns) {
      row += by;
      if (row < 0 || row >= extent.rows) return null;
      column = back ? extent.columns : 0;
      if (!Array.from({ length: extent.columns }, (_, index) => index).some((index) => index > 0 && editable(index))) return null;
      continue;
    }
    if (editable(column)) return { row, column };
  }
}
