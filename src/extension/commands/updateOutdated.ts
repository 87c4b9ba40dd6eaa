import { CancellationTokenSource, window } from 'vscode'
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
  const closed = new CancellationTokenSource()
  const items = services.runner.outdated(folderOf(place)).then((rows) => {
    const found = packageItems(rows, place.manifest).map(({ buttons: _, ...item }) => item)
    if (found.length > 0) return found
    closed.cancel()
    void window.showInformationMessage('Everything is up to date.')
    return []
  })
  const options = {
    title: 'Update Outdated Dependencies',
    placeHolder: 'One session for each that you tick',
    canPickMany: true,
    matchOnDescription: true,
    matchOnDetail: true,
    ignoreFocusOut: true,
  } as const
  const chosen = await window.showQuickPick(items, options, closed.token)
  const wishes = chosen?.flatMap(({ row }) => (row === undefined ? [] : [latestOf(row)])) ?? []
  if (wishes.length === 0) return
  const includeUncommitted = await chooseUncommitted(place.root)
  if (includeUncommitted === undefined || !(await chooseStart(services, place.root))) return
  await startSessions(
    services,
    wishes.map((wish) => updateRequest(place, wish, includeUncommitted)),
  )
}
