import { IconKeyboard, IconMenu2, IconSearch } from '@tabler/icons-react';
import { spoken } from '@/lib/hotkeys';
import { texts } from '@/lib/i18n';
import { IconButton, UnstyledButton } from '@/ui/button';
import { Kbd } from '@/ui/text';
import { Activity } from './activity';
import { AsOf } from './as-of';
import classes from './header.module.css';
import { UserMenu } from './user-menu';

const t = texts('shell');

interface HeaderProps {
  openPalette: () => void;
  openMenu: () => void;
  openShortcuts: () => void;
}

/** Search, the moment that is shown, what is going on, oneself. */
export function Header({ openPalette, openMenu, openShortcuts }: HeaderProps) {
  return (
    <header className={classes.header}>
      <IconButton label={t('openMenu')} className={classes.burger} onClick={openMenu}>
        <IconMenu2 size={18} />
      </IconButton>
      <UnstyledButton className={classes.search} onClick={openPalette} aria-keyshortcuts="Control+K Meta+K">
        <IconSearch size={16} aria-hidden />
        <span className={classes.hint}>{t('searchHint')}</span>
        <Kbd className={classes.keys} aria-hidden>{spoken('mod+K')}</Kbd>
      </UnstyledButton>
      <div className={classes.right}>
        <AsOf />
        <Activity />
        <IconButton label={t('shortcuts')} shortcut="?" className={classes.wideOnly} onClick={openShortcuts}>
          <IconKeyboard size={18} />
        </IconButton>
        <UserMenu />
      </div>
    </header>
  );
}
