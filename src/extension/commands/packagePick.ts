import {
  type Disposable,
  type QuickPick,
  type QuickPickItem,
  QuickPickItemKind,
  ThemeIcon,
  window,
} from 'vscode'
import { toFailure } from '../../contract/failure.ts'
import { nextInEditor } from '../../contract/inEditor.ts'
import type { OutdatedDependency } from '../../contract/outdated.ts'
import { shownName } from '../../contract/shownText.ts'
import { choicesOf, choiceText, notesText, versionsText } from './packageText.ts'
import { plainLabel } from './plainLabel.ts'

/** A dependency and the version it is to have. */
export interface Wish {
  readonly package: string
  readonly requested: string
  readonly manifest?: string
  /** It is asked whether that is meant. */
  readonly confirm?: boolean
}

export interface PackageItem extends QuickPickItem {
  readonly row?: OutdatedDependency
  readonly wish?: Wish
}

const groups = { major: 'Major', minor: 'Minor', patch: 'Patch', none: 'Same version' } as const
const changes = ['major', 'minor', 'patch'] as const
const chooseVersion = { iconPath: new ThemeIcon('versions'), tooltip: 'Choose the Version' }

/** The rows of the outdated dependencies, under a heading for each kind of change. */
export function packageItems(
  rows: readonly OutdatedDependency[],
  manifest: string | undefined,
): PackageItem[] {
  const wanted = rows.filter((row) => manifest === undefined || row.manifest === manifest)
  const several = new Set(wanted.map((row) => row.manifest)).size > 1
  return changes.flatMap((change) => {
    const found = wanted.filter((row) => row.change === change)
    if (found.length === 0) return []
    const heading = { label: groups[change], kind: QuickPickItemKind.Separator }
    return [heading, ...found.map((row) => itemOf(row, several))]
  })
}

function itemOf(row: OutdatedDependency, withManifest: boolean): PackageItem {
  return {
    row,
    label: plainLabel(row.name),
    description: plainLabel(versionsText(row)),
    detail: plainLabel(notesText(row, Date.now(), withManifest)),
    buttons: [chooseVersion],
  }
}

/** `name`, `name@version`, `@scope/name@range`, `group:artifact@version` as a person types it. */
export function parseWish(text: string): Wish | undefined {
  const found = /^(@?[^@\s]+)(?:@(\S+))?$/.exec(text.trim())
  const [, name, requested = 'latest'] = found ?? []
  return name === undefined ? undefined : { package: name, requested }
}

/** The rows as soon as they are known, then once more with what takes the registry longer. */
export type LoadRows = (signal: AbortSignal, dates: boolean) => Promise<readonly OutdatedDependency[]>

/** The quick pick, open at once and filled when the registry has answered. */
export async function pickPackage(
  load: LoadRows,
  manifest: string | undefined,
): Promise<{ readonly row?: OutdatedDependency; readonly wish?: Wish; readonly ask: boolean } | undefined> {
  const pick = window.createQuickPick<PackageItem>()
  const abort = new AbortController()
  pick.title = 'Update Dependency'
  pick.placeholder = 'A dependency, or name@version'
  pick.matchOnDescription = true
  pick.matchOnDetail = true
  pick.ignoreFocusOut = true
  const filling = fill(pick, (dates) => load(abort.signal, dates), manifest)
  try {
    return await answer(pick)
  } finally {
    abort.abort()
    filling.dispose()
    pick.dispose()
  }
}

type Answer = { readonly row?: OutdatedDependency; readonly wish?: Wish; readonly ask: boolean }

function answer(pick: QuickPick<PackageItem>): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems
      if (item?.row !== undefined) resolve({ row: item.row, ask: false })
      else if (item?.wish !== undefined) resolve({ wish: item.wish, ask: false })
    })
    pick.onDidTriggerItemButton(({ item }) => resolve(item.row && { row: item.row, ask: true }))
    pick.onDidHide(() => resolve(undefined))
    pick.show()
  })
}

/** Shows what there is of the rows and what was typed; typing never waits for the registry. */
function fill(
  pick: QuickPick<PackageItem>,
  load: (dates: boolean) => Promise<readonly OutdatedDependency[]>,
  manifest: string | undefined,
): Disposable {
  let found: PackageItem[] = [{ label: '$(loading~spin) Looking for newer versions…', alwaysShow: true }]
  const draw = (): void => {
    const wish = parseWish(pick.value)
    const known = found.some(({ row }) => row?.name === pick.value)
    const typed = wish === undefined || known ? [] : [wishItem(wish, manifest)]
    pick.items = [...found, ...typed]
  }
  const show = (all: readonly OutdatedDependency[]): void => {
    const items = packageItems(all, manifest)
    found = items.length > 0 ? items : [{ label: '$(pass) Everything is up to date', alwaysShow: true }]
    const [active] = pick.activeItems
    draw()
    const same = pick.items.find(({ row }) => row !== undefined && isSame(row, active?.row))
    if (same !== undefined) pick.activeItems = [same]
  }
  pick.busy = true
  draw()
  const typing = pick.onDidChangeValue(draw)
  void filled(load, show)
    .catch((error: unknown) => {
      const failure = toFailure(error)
      const detail = shownName(nextInEditor(failure))
      found = [{ label: `$(error) ${plainLabel(failure.message)}`, detail, alwaysShow: true }]
      draw()
    })
    .then(() => {
      pick.busy = false
    })
    .catch(() => {}) // the pick was closed before
  return typing
}

/** Dates come after: without them the rows are true as well. */
async function filled(
  load: (dates: boolean) => Promise<readonly OutdatedDependency[]>,
  show: (rows: readonly OutdatedDependency[]) => void,
): Promise<void> {
  const rows = await load(false)
  show(rows)
  if (rows.length === 0) return
  const dated = await load(true).catch(() => undefined)
  if (dated !== undefined) show(dated)
}

function isSame(row: OutdatedDependency, other: OutdatedDependency | undefined): boolean {
  return row.name === other?.name && row.manifest === other.manifest && row.current === other.current
}

function wishItem(wish: Wish, manifest: string | undefined): PackageItem {
  return {
    wish: { ...wish, ...(manifest === undefined ? {} : { manifest }) },
    label: `$(package) Update ${plainLabel(wish.package)} to ${plainLabel(wish.requested)}`,
    detail: 'As typed',
    alwaysShow: true,
  }
}

/** Which version of a dependency: the newest one that is declared, the newest one there is, or as typed. */
export async function pickVersion(row: OutdatedDependency): Promise<Wish | undefined> {
  const { name, current, latest, manifest } = row
  const items = [
    ...choicesOf(row).map((one) => ({
      version: one.version,
      label: plainLabel(one.version),
      description: plainLabel(choiceText(one, row, Date.now())),
    })),
    { version: undefined, label: '$(edit) Another version…', description: 'a version, range or tag' },
  ]
  const chosen = await window.showQuickPick(items, {
    title: `Update ${name}`,
    placeHolder: `From ${current} to which version?`,
    ignoreFocusOut: true,
  })
  if (chosen === undefined) return undefined
  const requested = chosen.version ?? (await typedVersion(name, latest))
  return requested === undefined ? undefined : { package: name, requested, manifest }
}

async function typedVersion(name: string, latest: string): Promise<string | undefined> {
  const typed = await window.showInputBox({
    title: `Update ${name}`,
    prompt: 'A version, range or tag',
    ignoreFocusOut: true,
    value: latest,
    validateInput: (text) =>
      /^\S+$/.test(text.trim()) ? undefined : 'A version, range or tag without spaces',
  })
  return typed?.trim()
}
