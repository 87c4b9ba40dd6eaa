import { commands, type Disposable, EventEmitter, type TreeDataProvider, window } from 'vscode'
import { lazy } from '../lazy.ts'
import type { SessionNode, SessionTree } from './tree.ts'

/** The sessions view with what its own commands do. */
export interface SessionsView extends Disposable {
  show(): Promise<void>
  filter(): Promise<void>
  clearFilter(): Promise<void>
  refresh(): Promise<void>
  /** Shows more of a group that is longer than what is shown of it. */
  showMore(group: unknown): Promise<void>
}

const redrawMs = 30_000

/** Of a tree that is made when its rows are first asked for. */
export function createSessionsView(
  make: () => Promise<SessionTree>,
  refresh: () => Promise<void>,
): SessionsView {
  const changed = new EventEmitter<SessionNode[] | undefined>()
  const tree = lazy(async () => {
    const made = await make()
    made.onDidChangeTreeData((nodes) => changed.fire(nodes))
    return made
  })
  // What the editor asks before there is a tree waits for it.
  const treeDataProvider: TreeDataProvider<SessionNode> = {
    onDidChangeTreeData: changed.event,
    getChildren: async (parent) => (await tree()).getChildren(parent),
    getParent: async (child) => (await tree()).getParent(child),
    getTreeItem: async (node) => (await tree()).getTreeItem(node),
    resolveTreeItem: async (item, node) => (await tree()).resolveTreeItem(item, node),
  }
  const view = window.createTreeView('drydock.sessions', { treeDataProvider, showCollapseAll: true })
  const ages = setInterval(() => {
    if (view.visible) void tree().then(({ redraw }) => redraw())
  }, redrawMs)
  const apply = async (words: string): Promise<void> => {
    ;(await tree()).filter(words)
    void commands.executeCommand('setContext', 'drydock.filtered', words !== '')
    view.message = words === '' ? '' : `Only sessions with “${words}”`
  }
  return {
    show: async () => void (await commands.executeCommand('drydock.sessions.focus')),
    async filter() {
      const words = await window.showInputBox({
        title: 'Filter Sessions',
        prompt: 'Words of the package, state, repository or id',
        value: (await tree()).filtered,
      })
      if (words !== undefined) await apply(words.trim())
    },
    clearFilter: () => apply(''),
    refresh,
    async showMore(group) {
      const first = (await tree()).showMore(group)
      // The row that was asked has moved to the new end: the eye and the focus go on where they were.
      if (first !== undefined) await view.reveal(first, { select: true, focus: true })
    },
    dispose() {
      clearInterval(ages)
      view.dispose()
    },
  }
}
