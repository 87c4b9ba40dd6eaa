import {
  EventEmitter,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
} from 'vscode'
import type { SessionStore } from './sessionStore.ts'
import { type Group, groupOf, sessionText } from './sessionText.ts'
import type { SessionSummary } from './summary.ts'

/** What the tree's rows are, and what its commands are given. */
export type SessionNode =
  | { readonly type: 'group'; readonly group: Group }
  | { readonly type: 'session'; readonly id: string }

export interface SessionTree extends TreeDataProvider<SessionNode> {
  /** Only sessions whose title, repository or outcome has the words; all where it is empty. */
  filter(words: string): void
  readonly filtered: string
  /** Draws the ages again. */
  redraw(): void
  getParent(node: SessionNode): SessionNode | undefined
}

const titles: Readonly<Record<Group, string>> = {
  running: 'Running',
  waiting: 'Waiting for Review',
  done: 'Done',
}

/** The rows of the sessions view; the same node objects as long as a session lives, so that a selection stays. */
export function createSessionTree(store: () => Promise<SessionStore>): SessionTree {
  const changed = new EventEmitter<SessionNode | undefined>()
  const nodes = new Map<string, SessionNode>()
  const groups = new Map<Group, SessionNode>()
  let rows = new Map<string, SessionSummary>()
  let words = ''
  let listening = false

  const read = async (): Promise<void> => {
    const sessions = await store()
    if (!listening) {
      listening = true
      sessions.onDidChange(() => changed.fire(undefined))
    }
    rows = new Map(matching(sessions.list(), words).map((summary) => [summary.id, summary]))
  }
  const nodeOf = (id: string): SessionNode => {
    const node = nodes.get(id) ?? { type: 'session', id }
    nodes.set(id, node)
    return node
  }
  const groupNode = (group: Group): SessionNode => {
    const node = groups.get(group) ?? { type: 'group', group }
    groups.set(group, node)
    return node
  }
  const of = (group: Group): SessionSummary[] => [...rows.values()].filter((row) => groupOf(row) === group)

  return {
    onDidChangeTreeData: changed.event,
    get filtered() {
      return words
    },
    filter(next) {
      words = next
      changed.fire(undefined)
    },
    redraw: () => changed.fire(undefined),
    async getChildren(parent) {
      if (parent?.type === 'session') return []
      if (parent?.type === 'group') return of(parent.group).map(({ id }) => nodeOf(id))
      await read()
      return (['running', 'waiting', 'done'] as const).filter((group) => of(group).length > 0).map(groupNode)
    },
    getParent(node) {
      const row = node.type === 'session' ? rows.get(node.id) : undefined
      return row === undefined ? undefined : groupNode(groupOf(row))
    },
    getTreeItem(node) {
      if (node.type === 'group') return groupItem(node.group, of(node.group).length)
      const row = rows.get(node.id)
      return row === undefined ? new TreeItem(node.id) : sessionItem(node, row)
    },
  }
}

function matching(all: readonly SessionSummary[], words: string): readonly SessionSummary[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  if (wanted.length === 0) return all
  return all.filter((row) => {
    const { title, description } = sessionText(row, Date.now())
    const text = `${title} ${description} ${row.root} ${row.id}`.toLowerCase()
    return wanted.every((word) => text.includes(word))
  })
}

function groupItem(group: Group, count: number): TreeItem {
  const item = new TreeItem(titles[group], TreeItemCollapsibleState.Expanded)
  item.id = `group.${group}`
  item.contextValue = `group.${group}`
  item.description = String(count)
  return item
}

function sessionItem(node: SessionNode, row: SessionSummary): TreeItem {
  const { title, description, tooltip, icon, color, menu } = sessionText(row, Date.now())
  const item = new TreeItem(title)
  item.id = row.id
  item.description = description
  item.tooltip = tooltip
  item.iconPath = new ThemeIcon(icon, color === undefined ? undefined : new ThemeColor(color))
  item.contextValue = `session.${menu}`
  item.accessibilityInformation = { label: `${title}, ${description}` }
  item.command = { command: 'drydock.openReview', title: 'Open Review', arguments: [node] }
  return item
}
