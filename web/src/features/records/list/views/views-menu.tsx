import { useQuery } from '@tanstack/react-query';
import { IconCheck, IconChevronDown, IconHome, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { useFrozen, whyFrozen } from '@/lib/frozen';
import { texts } from '@/lib/i18n';
import { type RecordType, useMay } from '@/lib/meta';
import { Button } from '@/ui/button';
import { ProblemNotice, Tag } from '@/ui/feedback';
import { lazyDialog } from '@/ui/lazy-part';
import { Menu } from '@/ui/overlays';
import { toast } from '@/ui/toast';
import type { ListState } from '../list-state';
import { usualColumns } from '../model/columns';
import { contentFields, savedColumns } from './content';
import { useViewCommand, type View, viewsQuery } from './queries';

const t = texts('list');
const ViewDialog = lazyDialog(() => import('./view-dialog'), 'ViewDialog');

type Dialog = { of: 'new' } | { of: 'rename'; view: View } | null;

/** The views of a list: which one is shown, whether it was changed, saving and sharing. */
export function ViewsMenu({ type, state }: { type: RecordType; state: ListState }) {
  const [dialog, setDialog] = useState<Dialog>(null);
  const views = useQuery(viewsQuery(type.plural));
  const command = useViewCommand(type.plural);
  const mayShare = useMay('views:share');
  const { view } = state;
  const viewing = useFrozen() === 'viewing';
  const own = views.data?.filter((each) => each.own) ?? [];
  const shared = views.data?.filter((each) => !each.own) ?? [];
  const content = contentFields(state.content, savedColumns(state.content.columns, usualColumns(type)));

  const save = async (saved: View) => {
    try {
      await command.mutateAsync({ do: 'change', id: saved.id, version: saved.version, changes: content });
      state.show(saved.id);
      toast.done(t('viewSaved', { name: saved.name }));
    } catch (error) {
      toast.failed(error);
    }
  };

  const share = async (changed: View, visibility: 'private' | 'shared') => {
    try {
      await command.mutateAsync({ do: 'change', id: changed.id, version: changed.version, changes: { visibility } });
      toast.done(t(visibility === 'shared' ? 'viewShared' : 'viewUnshared', { name: changed.name }));
    } catch (error) {
      toast.failed(error);
    }
  };

  const begin = async (chosen: View, wanted: boolean) => {
    try {
      await command.mutateAsync({ do: wanted ? 'begin' : 'begin no more', id: chosen.id });
      const names = { name: chosen.name, type: type.label_plural.toLowerCase() };
      toast.done(t(wanted ? 'beginsWith' : 'beginsPlain', names));
      // What is seen stays, whatever the list begins with from now on.
      state.show(chosen.id);
    } catch (error) {
      toast.failed(error);
    }
  };

  const remove = async (removed: View) => {
    try {
      await command.mutateAsync({ do: 'remove', id: removed.id, version: removed.version });
      state.show(undefined);
      toast.undoable(t('viewDeleted', { name: removed.name }), () => {
        command.mutateAsync({ do: 'restore', id: removed.id }).then(() => state.show(removed.id), toast.failed);
      });
    } catch (error) {
      toast.failed(error);
    }
  };

  const name = view ? view.name || t('unnamedView') : t('allRecords', { type: type.label_plural.toLowerCase() });
  return (
    <>
      <Menu position="bottom-start" shadow="md" width={280}>
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={14} />} aria-label={t('view', { name })}>
            {name}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Item name={t('allRecords', { type: type.label_plural.toLowerCase() })} current={!view} onShow={() => state.show(undefined)} />
          {views.error && <ProblemNotice error={views.error} retry={() => void views.refetch()} />}
          {own.length > 0 && <Menu.Label>{t('ownViews')}</Menu.Label>}
          {own.map((each) => (
            <Item key={each.id} name={each.name} shared={each.visibility === 'shared'} first={each.default} current={each.id === view?.id} onShow={() => state.show(each.id)} />
          ))}
          {shared.length > 0 && <Menu.Label>{t('sharedViews')}</Menu.Label>}
          {shared.map((each) => (
            <Item key={each.id} name={each.name} by={each.owner?.label} first={each.default} current={each.id === view?.id} onShow={() => state.show(each.id)} />
          ))}
          <Menu.Divider />
          {viewing && <Menu.Label>{whyFrozen('viewing')}</Menu.Label>}
          <Menu.Item disabled={viewing} onClick={() => setDialog({ of: 'new' })}>{t('saveAs')}</Menu.Item>
          {view?.allowed.edit && !viewing && <Menu.Item onClick={() => setDialog({ of: 'rename', view })}>{t('renameView')}</Menu.Item>}
          {view?.own && !viewing && view.allowed.share && view.visibility === 'private' && mayShare && <Menu.Item onClick={() => void share(view, 'shared')}>{t('shareIt')}</Menu.Item>}
          {view?.own && !viewing && view.allowed.share && view.visibility === 'shared' && <Menu.Item onClick={() => void share(view, 'private')}>{t('unshareIt')}</Menu.Item>}
          {view && !viewing && <Menu.Item onClick={() => void begin(view, !view.default)}>{t(view.default ? 'beginPlain' : 'beginWith')}</Menu.Item>}
          {view?.allowed.delete && !viewing && <Menu.Item onClick={() => void remove(view)}>{t('deleteView')}</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {state.dirty && (
        <>
          {view && <Tag tone="accent">{t('changedMark')}</Tag>}
          {view?.allowed.edit && !viewing ? (
            <Button variant="light" loading={command.isPending} onClick={() => void save(view)}>
              {t('saveView')}
            </Button>
          ) : null}
          {!viewing && (
            <Button variant="subtle" onClick={() => setDialog({ of: 'new' })}>
              {t('saveAs')}
            </Button>
          )}
          {view && (
            <Button variant="subtle" onClick={() => state.show(view.id)}>
              {t('discardChanges')}
            </Button>
          )}
        </>
      )}
      {dialog && <ViewDialog key={dialog.of} type={type} content={content} renamed={dialog.of === 'rename' ? dialog.view : undefined} onClose={() => setDialog(null)} onSaved={(saved) => dialog.of === 'new' && state.show(saved.id)} />}
    </>
  );
}

interface ItemProps {
  name: string;
  current: boolean;
  shared?: boolean;
  /** Whether the list begins with it. */
  first?: boolean;
  by?: string | undefined;
  onShow: () => void;
}

function Item({ name, current, shared = false, first = false, by, onShow }: ItemProps) {
  return (
    <Menu.Item
      onClick={onShow}
      aria-current={current || undefined}
      leftSection={<IconCheck size={14} style={{ visibility: current ? 'visible' : 'hidden' }} aria-hidden />}
      rightSection={
        <>
          {first && <IconHome size={14} aria-label={t('begins')} />}
          {shared && <IconUsers size={14} aria-label={t('sharedViews')} />}
        </>
      }
    >
      {name || t('unnamedView')}
      {by && <Menu.Label p={0}>{t('sharedBy', { name: by })}</Menu.Label>}
    </Menu.Item>
  );
}
