import {
  EventEmitter,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
} from 'vscode'
import { keptNodes } from '../keptNodes.ts'
import { lazy } from '../lazy.ts'
import type { SessionStore } from '../sessions/sessionStore.ts'
import {
  type CampaignRows,
  campaignRows,
  firstRepositories,
  type RepositoryRow,
  type RowText,
} from './campaignRows.ts'
import type { CampaignStore } from './campaignStore.ts'

/** What the tree's rows are, and what its commands are given. */
export type CampaignNode =
  | { readonly type: 'campaign'; readonly name: string }
  | { readonly type: 'repository'; readonly name: string; readonly key: string }
  | { readonly type: 'more'; readonly name: string }

export interface CampaignTree extends TreeDataProvider<CampaignNode> {
  /** Gives a campaign more rows. */
  showMore(name: unknown): void
  /** Draws again what is not as it was. */
  redraw(): void
}

export interface CampaignTreeServices {
  readonly campaigns: CampaignStore
  readonly store: SessionStore
}

/** Campaigns with their repositories; of what is drawn already only changes are sent again. */
export function createCampaignTree({ campaigns, store }: CampaignTreeServices): CampaignTree {
  const changed = new EventEmitter<CampaignNode[] | undefined>()
  const node = nodesOf()
  const most = new Map<string, number>()
  let shown: readonly CampaignRows[] = []
  const look = (): readonly CampaignRows[] => {
    const sessions = new Map(store.list().map((one) => [one.id, one]))
    const now = Date.now()
    return campaigns
      .list()
      .map((one) => campaignRows(one, sessions, { most: most.get(one.name) ?? firstRepositories, now }))
  }
  const redraw = (): void => {
    const before = shown
    shown = look()
    const others = shown.filter((one, at) => JSON.stringify(one) !== JSON.stringify(before[at]))
    if (namesOf(before) !== namesOf(shown)) changed.fire(undefined)
    else if (others.length > 0) changed.fire(others.map(({ name }) => node.campaign(name)))
  }
  const start = lazy(async () => {
    campaigns.onDidChange(redraw)
    store.onDidChange(redraw)
    await campaigns.ready
    shown = look()
  })
  const of = (name: string): CampaignRows | undefined => shown.find((one) => one.name === name)
  return {
    onDidChangeTreeData: changed.event,
    redraw,
    showMore(name) {
      if (typeof name !== 'string') return
      most.set(name, 2 * (most.get(name) ?? firstRepositories))
      redraw()
    },
    async getChildren(parent) {
      await start()
      if (parent === undefined) return shown.map(({ name }) => node.campaign(name))
      const rows = parent.type === 'campaign' ? of(parent.name) : undefined
      if (rows === undefined) return []
      const repositories = rows.rows.map(({ key }) => node.repository(rows.name, key))
      return rows.hidden === 0 ? repositories : [...repositories, node.more(rows.name)]
    },
    getTreeItem(item) {
      const rows = of(item.name)
      if (rows === undefined) return new TreeItem('') // it went while it was asked for
      if (item.type === 'campaign') return campaignItem(rows)
      if (item.type === 'more') return moreItem(rows)
      const row = rows.rows.find(({ key }) => key === item.key)
      return row === undefined ? new TreeItem('') : repositoryItem(rows.name, row)
    },
  }
}

function namesOf(rows: readonly CampaignRows[]): string {
  return rows.map(({ name }) => name).join()
}

function nodesOf() {
  const keep = keptNodes<CampaignNode>()
  return {
    campaign: (name: string) => keep(name, { type: 'campaign', name }),
    more: (name: string) => keep(`${name}/more`, { type: 'more', name }),
    repository: (name: string, key: string) => keep(`${name}/${key}`, { type: 'repository', name, key }),
  }
}

function drawn(item: TreeItem, { title, description, tooltip, icon, color }: RowText): TreeItem {
  item.description = description
  item.tooltip = tooltip
  item.iconPath = new ThemeIcon(icon, color === undefined ? undefined : new ThemeColor(color))
  item.accessibilityInformation = { label: `${title}, ${description}` }
  return item
}

function campaignItem({ name, text }: CampaignRows): TreeItem {
  const item = new TreeItem(text.title, TreeItemCollapsibleState.Collapsed)
  item.id = name
  item.contextValue = 'campaign'
  item.command = { command: 'drydock.showCampaign', title: 'Show Campaign', arguments: [name] }
  return drawn(item, text)
}

function repositoryItem(name: string, { key, session, text }: RepositoryRow): TreeItem {
  const item = new TreeItem(text.title)
  item.id = `${name}/${key}`
  item.contextValue = session === undefined ? 'repository' : 'repository.session'
  item.command =
    session === undefined
      ? { command: 'drydock.showCampaign', title: 'Show Campaign', arguments: [name] }
      : { command: 'drydock.openReview', title: 'Open Review', arguments: [session] }
  return drawn(item, text)
}

function moreItem({ name, hidden }: CampaignRows): TreeItem {
  const item = new TreeItem('Show more…')
  item.id = `${name}/more`
  item.description = `${hidden} more`
  item.iconPath = new ThemeIcon('ellipsis')
  item.accessibilityInformation = { label: `Show more repositories, ${hidden} have no row` }
  item.command = {
    command: 'drydock.showMoreRepositories',
    title: 'Show More Repositories',
    arguments: [name],
  }
  return item
}
