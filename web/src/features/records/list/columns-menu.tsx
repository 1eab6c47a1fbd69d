import { IconArrowDown, IconArrowUp, IconColumns3, IconMinus, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { texts } from '@/lib/i18n';
import type { RecordType } from '@/lib/meta';
import { Button, IconButton } from '@/ui/button';
import { Checkbox, TextInput } from '@/ui/inputs';
import { Popover } from '@/ui/overlays';
import classes from './columns-menu.module.css';
import { columnsOf, moved, NAME, type Placed, type ShownColumn, widened } from './model/columns';

const t = texts('list');
const STEP = 24;

interface ColumnsMenuProps {
  type: RecordType;
  shown: readonly ShownColumn[];
  placed: readonly Placed[];
  onPlaced: (placed: Placed[] | null) => void;
}

/** Which columns there are, in which order, how wide: all by buttons, without dragging. */
export function ColumnsMenu({ type, shown, placed, onPlaced }: ColumnsMenuProps) {
  const [words, setWords] = useState('');
  const others = columnsOf(type).filter((column) => !shown.some((each) => each.name === column.name));
  const found = others.filter((column) => column.label.toLowerCase().includes(words.trim().toLowerCase()));
  return (
    <Popover width={340} position="bottom-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns3 size={16} />}>
          {t('columns')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes.menu} aria-label={t('columns')}>
        <p className={classes.advice}>{t('columnsAdvice')}</p>
        <ul className={classes.list}>
          {shown.map((column, index) => (
            <li key={column.name} className={classes.item}>
              <Checkbox
                className={classes.label ?? ''}
                label={column.label}
                checked
                disabled={column.name === NAME}
                onChange={() => onPlaced(placed.filter((each) => each.name !== column.name))}
              />
              <IconButton label={t('narrower', { column: column.label })} onClick={() => onPlaced(widened(placed, column.name, column.width - STEP))}>
                <IconMinus size={14} />
              </IconButton>
              <IconButton label={t('wider', { column: column.label })} onClick={() => onPlaced(widened(placed, column.name, column.width + STEP))}>
                <IconPlus size={14} />
              </IconButton>
              <IconButton
                label={t('moveUp', { column: column.label })}
                disabled={index <= 1}
                onClick={() => onPlaced(moved(placed, column.name, -1))}
              >
                <IconArrowUp size={14} />
              </IconButton>
              <IconButton
                label={t('moveDown', { column: column.label })}
                disabled={index === 0 || index === shown.length - 1}
                onClick={() => onPlaced(moved(placed, column.name, 1))}
              >
                <IconArrowDown size={14} />
              </IconButton>
            </li>
          ))}
        </ul>
        <TextInput aria-label={t('findColumn')} placeholder={t('findColumn')} value={words} onChange={(event) => setWords(event.currentTarget.value)} />
        <ul className={classes.list}>
          {found.map((column) => (
            <li key={column.name} className={classes.item}>
              <Checkbox className={classes.label ?? ''} label={column.label} checked={false} onChange={() => onPlaced([...placed, { name: column.name }])} />
            </li>
          ))}
        </ul>
        <Button variant="subtle" onClick={() => onPlaced(null)}>
          {t('usualColumns')}
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
