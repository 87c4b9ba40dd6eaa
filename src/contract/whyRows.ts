import type { BrokenBy, FailurePlace, InterfaceChange, PackageMove, UseSite, WhyItBroke } from './why.ts'

/* What panel, terminal and pull request show of a `WhyItBroke`: the words are made here, the looks there. Nothing is escaped. */

/** `ERR_PACKAGE_PATH_NOT_EXPORTED: Package subpath './v4' is not defined`. */
export function causeText({ code, message }: BrokenBy): string {
  return code === undefined ? message : message === '' ? code : `${code}: ${message}`
}

/** `test/invoice.test.js:3 › adds a line`; empty where nothing is known. */
export function placeText({ file, line, test }: FailurePlace): string {
  const at = file === undefined ? undefined : line === undefined ? file : `${file}:${line}`
  // A test's name begins with its file where it is known.
  const title = file !== undefined && test?.startsWith(`${file} › `) ? test.slice(file.length + 3) : test
  return [at, title === file ? undefined : title].filter((part) => part !== undefined).join(' › ')
}

/** `src/a.js:12`. */
export function siteText({ path, line }: UseSite): string {
  return `${path}:${line}`
}

/** Whether a line is one of those that are shown: only they may be asked to be opened. */
export function isSite(why: WhyItBroke | undefined, { path, line }: Pick<UseSite, 'path' | 'line'>): boolean {
  const found = why?.interface
  const sites = [...(found?.met.flatMap(({ sites }) => sites) ?? []), ...(found?.sites ?? [])]
  return sites.some((site) => site.path === path && site.line === line)
}

/** `12 more places`, `1 more place`; undefined where there are none. */
export function moreText(count: number, one: string, many = `${one}s`): string | undefined {
  return count === 0 ? undefined : `${count} more ${count === 1 ? one : many}`
}

export interface PackageRow {
  readonly name: string
  readonly change: 'added' | 'removed' | 'moved'
  /** `1.0.0, 2.0.0`; empty where it was not there. */
  readonly from: string
  readonly to: string
  /** It runs something when it is installed. */
  readonly runsScript: boolean
  /** Nothing says whether it does. */
  readonly unread: boolean
  /** What that is; empty where it could not be read. */
  readonly scripts: readonly { readonly name: string; readonly command: string }[]
}

export function packageRow({ name, before, after, scripts, unread }: PackageMove): PackageRow {
  return {
    name,
    change: before.length === 0 ? 'added' : after.length === 0 ? 'removed' : 'moved',
    from: before.join(', '),
    to: after.join(', '),
    runsScript: scripts !== undefined,
    unread: unread === true,
    scripts: scripts ?? [],
  }
}

/** Packages whose installation runs something first, then what is new, moved and gone. */
export function packageRows({ packages }: WhyItBroke): readonly PackageRow[] {
  const order = { added: 0, moved: 1, removed: 2 }
  return (packages?.moves ?? [])
    .map(packageRow)
    .toSorted((a, b) => Number(b.runsScript) - Number(a.runsScript) || order[a.change] - order[b.change])
}

/** `12 packages: 3 added, 8 moved, 1 removed`; undefined where that is not known or nothing moved. */
export function packagesLine({ packages }: WhyItBroke): string | undefined {
  if (packages === undefined || packages.moves.length === 0) return undefined
  const total = packages.moves.length + packages.more
  const rows = packages.moves.map(packageRow)
  const counts = (['added', 'moved', 'removed'] as const).flatMap((change) => {
    const found = rows.filter((row) => row.change === change).length
    return found === 0 ? [] : [`${found} ${change}`]
  })
  const scripts = rows.filter(({ runsScript }) => runsScript).length
  const runs = scripts === 0 ? [] : [`${scripts} ${scripts === 1 ? 'runs' : 'run'} a script when installed`]
  const more = packages.more === 0 ? [] : [`${packages.more} not listed`]
  return `${total} ${total === 1 ? 'package' : 'packages'}: ${[...counts, ...more, ...runs].join(', ')}`
}

/** A day as UTC has it, `2026-03-12`. */
function day(time: string): string {
  return time.slice(0, 10)
}

/** `1.0.0 of 2020-03-12 → 2.0.0 of 2026-03-12`; undefined where no date is known. */
export function releasedLine({ released }: WhyItBroke, from: string, to: string): string | undefined {
  if (released?.from === undefined && released?.to === undefined) return undefined
  const dated = (version: string, time: string | undefined) =>
    time === undefined ? version : `${version} of ${day(time)}`
  return `${dated(from, released.from)} → ${dated(to, released.to)}`
}

/** Differences that say most first: what is gone or different before what is only deprecated or new. */
export function interfaceRows({ interface: found }: WhyItBroke): readonly InterfaceChange[] {
  const order = { removed: 0, changed: 1, deprecated: 2, added: 3 }
  return (found?.met ?? []).toSorted((a, b) => order[a.kind] - order[b.kind])
}

/** Nothing was found that anybody would want to read. */
export function saysNothing(why: WhyItBroke): boolean {
  const { failures, interface: found, changelog, released, packages } = why
  const lists = [failures?.list, found?.whole, found?.met, found?.sites, changelog?.entries, packages?.moves]
  return (
    lists.every((list) => (list ?? []).length === 0) &&
    released?.from === undefined &&
    released?.to === undefined
  )
}
