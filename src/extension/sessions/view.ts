import { commands, type Disposable, window } from 'vscode'
import type { SessionStore } from './sessionStore.ts'
import { createSessionTree } from './tree.ts'

/** The sessions view with what its own commands do. */
export interface SessionsView extends Disposable {
  show(): Promise<void>
  filter(): Promise<void>
  clearFilter(): void
  refresh(): Promise<void>
  /** Shows more of a group that is longer than what is shown of it. */
  showMore(group: unknown): Promise<void>
}

const redrawMs = 30_000

export function createSessionsView(store: () => Promise<SessionStore>): SessionsView {
  const tree = createSessionTree(store)
  const view = window.createTreeView('drydock.sessions', { treeDataProvider: tree, showCollapseAll: true })
  const ages = setInterval(() => {
    if (view.visible) tree.redraw()
  }, redrawMs)
  const apply = (words: string): void => {
    tree.filter(words)
    void commands.executeCommand('setContext', 'drydock.filtered', words !== '')
    view.message = words === '' ? '' : `Only sessions with “${words}”`
  }
  return {
    show: async () => void (await commands.executeCommand('drydock.sessions.focus')),
    async filter() {
      const words = await window.showInputBox({
        title: 'Filter Sessions',
        prompt: 'Words of the package, state, repository or id',
        value: tree.filtered,
      })
      if (words !== undefined) apply(words.trim())
    },
    clearFilter: () => apply(''),
    refresh: async () => (await store()).refresh(),
    async showMore(group) {
      const first = tree.showMore(group)
      // The row that was asked has moved to the new end: the eye and the focus go on where they were.
      if (first !== undefined) await view.reveal(first, { select: true, focus: true })
    },
    dispose() {
      clearInterval(ages)
      view.dispose()
    },
  }
}
