import {
  type Event,
  EventEmitter,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
} from 'vscode'
import { keptNodes } from '../keptNodes.ts'
import type { GroupRows, Redraw, SessionRow } from './sessionRows.ts'
import type { SessionStore } from './sessionStore.ts'
import type { Group } from './sessionText.ts'
import { TreeRows } from './treeRows.ts'

/** What the tree's rows are, and what its commands are given. */
export type SessionNode =
  | { readonly type: 'group'; readonly group: Group }
  | { readonly type: 'session'; readonly id: string }
  | { readonly type: 'more'; readonly group: Group }

export interface SessionTree extends TreeDataProvider<SessionNode> {
  readonly onDidChangeTreeData: Event<SessionNode[] | undefined>
  /** Only sessions whose title, repository or outcome has the words; all where it is empty. */
  filter(words: string): void
  readonly filtered: string
  /** Gives a group more rows, and returns the first that came. */
  showMore(group: unknown): SessionNode | undefined
  /** Draws again what is not as it was: ages, too. */
  redraw(): void
  getParent(node: SessionNode): SessionNode | undefined
  resolveTreeItem(item: TreeItem, node: SessionNode): TreeItem
}

const titles: Readonly<Record<Group, string>> = {
  running: 'Running',
  waiting: 'Waiting for Review',
  attention: 'Needs Attention',
  done: 'Done',
}

/** The rows of the sessions view. Every row that is sent costs: long groups come in parts, and only changes are sent again. */
export function createSessionTree(open: () => Promise<SessionStore>): SessionTree {
  const changed = new EventEmitter<SessionNode[] | undefined>()
  const node = nodesOf()
  const shown = new TreeRows()
  let store: SessionStore | undefined
  const look = (): Redraw => shown.look(store?.list() ?? [], Date.now())
  const redraw = (): void => {
    const what = look()
    const nodes = what === 'all' ? [] : [...what.groups.map(node.group), ...what.sessions.map(node.session)]
    if (what === 'all') changed.fire(undefined)
    else if (nodes.length > 0) changed.fire(nodes)
  }
  const roots = async (): Promise<SessionNode[]> => {
    if (store === undefined) {
      store = await open()
      store.onDidChange(redraw)
      await store.begun
    }
    look()
    return shown.groups.map(({ group }) => node.group(group))
  }
  return {
    onDidChangeTreeData: changed.event,
    get filtered() {
      return shown.words
    },
    filter(words) {
      shown.filter(words)
      changed.fire(undefined)
    },
    showMore(name) {
      const before = shown.of(name)
      if (before === undefined) return undefined
      shown.more(before.group)
      redraw()
      const first = shown.of(name)?.rows[before.rows.length]
      return first === undefined ? undefined : node.session(first.id)
    },
    redraw,
    getChildren(parent) {
      if (parent === undefined) return roots()
      const group = parent.type === 'group' ? shown.of(parent.group) : undefined
      if (group === undefined) return []
      const rows = group.rows.map(({ id }) => node.session(id))
      return hidden(group) === 0 ? rows : [...rows, node.more(group.group)]
    },
    getParent(child) {
      if (child.type === 'group') return undefined
      const group = child.type === 'more' ? child.group : shown.place(child.id)?.group
      return group === undefined ? undefined : node.group(group)
    },
    getTreeItem(item) {
      if (item.type === 'session') return sessionItem(item, shown.place(item.id)?.row)
      const group = shown.of(item.group)
      return item.type === 'group'
        ? groupItem(item.group, group?.count ?? 0)
        : moreItem(item.group, group === undefined ? 0 : hidden(group))
    },
    resolveTreeItem(item, of) {
      if (of.type === 'session') item.tooltip = shown.place(of.id)?.row.text.tooltip
      return item
    },
  }
}

const hidden = ({ count, rows }: GroupRows): number => count - rows.length

function nodesOf() {
  const keep = keptNodes<SessionNode>()
  return {
    group: (group: Group) => keep(`group.${group}`, { type: 'group', group }),
    more: (group: Group) => keep(`more.${group}`, { type: 'more', group }),
    session: (id: string) => keep(id, { type: 'session', id }),
  }
}

function groupItem(group: Group, count: number): TreeItem {
  const item = new TreeItem(titles[group], TreeItemCollapsibleState.Expanded)
  item.id = `group.${group}`
  item.contextValue = `group.${group}`
  item.description = String(count)
  return item
}

function moreItem(group: Group, count: number): TreeItem {
  const item = new TreeItem('Show more…')
  item.id = `more.${group}`
  item.description = `${count} older`
  item.iconPath = new ThemeIcon('ellipsis')
  item.accessibilityInformation = { label: `Show more sessions, ${count} older ones have no row` }
  item.command = { command: 'drydock.showMoreSessions', title: 'Show More Sessions', arguments: [group] }
  return item
}

function sessionItem(node: SessionNode, row: SessionRow | undefined): TreeItem {
  if (row === undefined) return new TreeItem('') // it went while it was asked for: a redraw is under way
  const { title, description, icon, color, menu, marks } = row.text
  const item = new TreeItem(title)
  item.id = row.id
  item.description = description
  item.iconPath = new ThemeIcon(icon, color === undefined ? undefined : new ThemeColor(color))
  item.contextValue = `session.${menu}${marks}`
  item.accessibilityInformation = { label: `${title}, ${description}` }
  item.command = { command: 'drydock.openReview', title: 'Open Review', arguments: [node] }
  return item
}
