import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { NAME } from '../model/columns';

const COLUMN = 'column';

interface Dragging {
  /** Where what is dragged would go; `null` when it is not here (any more). */
  onEdge: (edge: 'before' | 'after' | null) => void;
  onDrop: (name: string, after: boolean) => void;
}

const isColumn = (data: Record<string | symbol, unknown>): boolean => typeof data[COLUMN] === 'string';

/** Makes the header of a column one that can be dragged and dropped beside; the menu of columns does the same by keys. */
export function dragColumn(cell: HTMLElement, name: string, { onEdge, onDrop }: Dragging): () => void {
  // Nothing stands before the column of names.
  const isAfter = (x: number) => {
    const { left, width } = cell.getBoundingClientRect();
    return name === NAME || x > left + width / 2;
  };
  return combine(
    draggable({
      element: cell,
      getInitialData: () => ({ [COLUMN]: name }),
      // The edge drags the width.
      canDrag: ({ input }) => name !== NAME && !document.elementFromPoint(input.clientX, input.clientY)?.closest('[data-handle]'),
    }),
    dropTargetForElements({
      element: cell,
      canDrop: ({ source }) => isColumn(source.data) && source.data[COLUMN] !== name,
      onDrag: ({ location }) => onEdge(isAfter(location.current.input.clientX) ? 'after' : 'before'),
      onDragLeave: () => onEdge(null),
      onDrop: ({ source, location }) => {
        onEdge(null);
        onDrop(String(source.data[COLUMN]), isAfter(location.current.input.clientX));
      },
    }),
  );
}
