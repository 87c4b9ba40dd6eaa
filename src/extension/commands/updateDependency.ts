import { window } from 'vscode'
import type { OutdatedDependency } from '../../contract/outdated.ts'
import type { RunRequest } from '../../contract/runRequest.ts'
import { shownName } from '../../contract/shownText.ts'
import type { Services } from '../services.ts'
import { givenSettings } from '../settings.ts'
import { chooseStart } from './beforeStart.ts'
import { pickPackage, pickVersion, type Wish } from './packagePick.ts'
import { choicesOf } from './packageText.ts'
import { choosePlace, folderOf, type Place } from './place.ts'
import { startSession } from './start.ts'
import { chooseUncommitted } from './uncommitted.ts'

/** Update Dependency: of the manifest given, or the workspace; `wish` is what a code lens already knows. */
export async function updateDependency(services: Services, given: unknown, wish?: unknown): Promise<void> {
  const place = await choosePlace(given)
  if (place === undefined) return
  const wanted = isWish(wish) ? wish : await chooseWish(services, place)
  if (wanted === undefined || !(await confirmed(wanted))) return
  const includeUncommitted = await chooseUncommitted(place.root)
  if (includeUncommitted === undefined || !(await chooseStart(services, place.root))) return
  await startSession(services, updateRequest(place, wanted, includeUncommitted))
}

export function updateRequest(place: Place, wish: Wish, includeUncommitted: boolean): RunRequest {
  return {
    do: 'update',
    repository: { root: place.folder ?? place.root, includeUncommitted },
    settings: givenSettings(),
    package: wish.package,
    requested: wish.requested,
    ...(wish.manifest === undefined ? {} : { manifest: wish.manifest }),
  }
}

async function chooseWish(services: Services, place: Place): Promise<Wish | undefined> {
  const folder = folderOf(place)
  const chosen = await pickPackage(
    (signal, dates) => services.runner.outdated(folder, { signal, dates }),
    place.manifest,
  )
  if (chosen?.row === undefined) return chosen?.wish
  return chosen.ask || hasChoice(chosen.row) ? pickVersion(chosen.row) : latestOf(chosen.row)
}

/** There is more than one version that may be meant. */
function hasChoice(row: OutdatedDependency): boolean {
  return choicesOf(row).length > 1
}

export function latestOf({ name, latest, manifest }: OutdatedDependency): Wish {
  return { package: name, requested: latest, manifest }
}

/** One click beside code starts nothing by itself. */
async function confirmed({ package: name, requested, confirm }: Wish): Promise<boolean> {
  if (confirm !== true) return true
  const yes = 'Update'
  const detail = 'It is tried in a sandbox, in the background; your work tree is not touched.'
  const question = `Update ${shownName(name)} to ${shownName(requested)}?`
  return (await window.showInformationMessage(question, { modal: true, detail }, yes)) === yes
}

function isWish(value: unknown): value is Wish {
  const { package: name, requested } = Object(value) as Partial<Record<keyof Wish, unknown>>
  return typeof name === 'string' && typeof requested === 'string'
}
