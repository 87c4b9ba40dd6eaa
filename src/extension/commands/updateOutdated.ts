import { type Disposable, type QuickPick, type QuickPickItem, window } from 'vscode'
import type { OutdatedDependency } from '../../contract/outdated.ts'
import type { Services } from '../services.ts'
import { chooseStart } from './beforeStart.ts'
import { packageItems } from './packagePick.ts'
import { choosePlace, folderOf } from './place.ts'
import { startSessions } from './start.ts'
import { chooseUncommitted } from './uncommitted.ts'
import { latestOf, updateRequest } from './updateDependency.ts'

/** Update Outdated Dependencies: any number of them, a session each. */
export async function updateOutdated(services: Services, given: unknown): Promise<void> {
  const place = await choosePlace(given)
  if (place === undefined) return
  const chosen = await pickSeveral(services.runner.outdated(folderOf(place)), place.manifest)
  const wishes = chosen.map(latestOf)
  if (wishes.length === 0) return
  const includeUncommitted = await chooseUncommitted(place.root)
  if (includeUncommitted === undefined || !(await chooseStart(services, place.root))) return
  await startSessions(
    services,
    wishes.map((wish) => updateRequest(place, wish, includeUncommitted)),
  )
}

interface Ticked extends QuickPickItem {
  readonly row?: OutdatedDependency
  /** Ticks all of them. */
  readonly small?: true
}

/** The rows to tick, and one tick for those that should break nothing. */
async function pickSeveral(
  rows: Promise<readonly OutdatedDependency[]>,
  manifest: string | undefined,
): Promise<readonly OutdatedDependency[]> {
  const pick = window.createQuickPick<Ticked>()
  pick.title = 'Update Outdated Dependencies'
  pick.placeholder = 'One session for each that you tick'
  pick.canSelectMany = true
  pick.matchOnDescription = true
  pick.matchOnDetail = true
  pick.ignoreFocusOut = true
  pick.busy = true
  const answer = new Promise<readonly OutdatedDependency[]>((resolve, reject) => {
    pick.onDidAccept(() => resolve(pick.selectedItems.flatMap(({ row }) => (row === undefined ? [] : [row]))))
    pick.onDidHide(() => resolve([]))
    rows.then((all) => {
      const items = itemsOf(all, manifest)
      if (items.length === 0) {
        void window.showInformationMessage('Everything is up to date.')
        resolve([])
      }
      pick.items = items
      pick.busy = false
    }, reject)
  })
  const ticking = tickingTogether(pick)
  pick.show()
  try {
    return await answer
  } finally {
    ticking.dispose()
    pick.dispose()
  }
}

function itemsOf(rows: readonly OutdatedDependency[], manifest: string | undefined): Ticked[] {
  const found = packageItems(rows, manifest).map(({ buttons: _, ...item }): Ticked => item)
  const small = found.filter(({ row }) => isSmall(row)).length
  const all = {
    small: true as const,
    label: 'All patch and minor',
    description: `${small}`,
    alwaysShow: true,
  }
  return small > 1 ? [all, ...found] : found
}

const isSmall = (row: OutdatedDependency | undefined): boolean =>
  row?.change === 'patch' || row?.change === 'minor'

/** The one tick goes with those that it stands for, both ways. */
function tickingTogether(pick: QuickPick<Ticked>): Disposable {
  let before = false
  return pick.onDidChangeSelection((selected) => {
    const now = selected.some(({ small }) => small === true)
    if (now === before) return
    before = now
    const others = selected.filter(({ row, small }) => small !== true && !isSmall(row))
    pick.selectedItems = now
      ? [...pick.items.filter(({ row, small }) => small === true || isSmall(row)), ...others]
      : others
  })
}
