import type { ApiChange, Release } from '../../ecosystems/release/release.ts'
import type { CallSite } from '../callSites.ts'
import { renames } from './renames.ts'

const maxSignature = 160
const maxOverloads = 3
/** Room for what the project is not known to use, with its declarations. */
const restRoom = 1_200
/** Room for a list of names alone. */
const restNames = 350

/** Lines of the project that use a changed member, by its word. */
function usesByWord(sites: readonly CallSite[]): ReadonlyMap<string, number> {
  const uses = new Map<string, number>()
  for (const site of sites) for (const word of site.uses ?? []) uses.set(word, (uses.get(word) ?? 0) + 1)
  return uses
}

function short(text: string): string {
  return text.length > maxSignature ? `${text.slice(0, maxSignature)}…` : text
}

function several(texts: readonly string[]): string {
  const shown = texts.slice(0, maxOverloads).map((one) => `\`${short(one)}\``)
  return [...shown, ...(texts.length > maxOverloads ? [`${texts.length - maxOverloads} more`] : [])].join(
    ', ',
  )
}

/** One change in a line, `now` being what a removed member is probably called. */
export function changeLine(change: ApiChange, now?: string): string {
  const { name, kind, of, before, after } = change
  if (of === 'package' && kind !== 'changed')
    return `- ${kind === 'removed' ? 'no longer brings' : 'now brings'} ${name}`
  if (of === 'package')
    return `- ${name}: ${before.join(', ') || 'nothing'} → ${after.join(', ') || 'nothing'}`
  if (of === 'word') {
    const said = kind === 'removed' ? 'its source no longer names' : 'its source now names'
    if (kind === 'changed') return `- its source read ${name} ${before.join('')}, now ${after.join('')}`
    if (before.length > 0 && after.length > 0)
      return `- ${before.join('')} is refused: \`${short(after.join(' '))}\``
    return `- ${said} ${[...before, ...after].join('')}${now === undefined ? '' : `; probably now ${now}`}`
  }
  if (kind === 'removed') {
    const what = name === 'export =' ? 'export = (what `require` gives)' : name
    const declared = hasMoved(change) && before.every((one) => one === name) ? [] : before
    return `- removed ${of === 'module' ? 'module ' : ''}${what}${declared.length === 0 ? '' : `: ${several(declared)}`}${after.length === 0 ? '' : `; ${after.join('; ')}`}${now === undefined ? '' : `; probably now ${now}`}`
  }
  if (kind === 'changed') return `- changed ${name}: was ${several(before)}; now ${several(after)}`
  return `- ${kind === 'deprecated' ? 'deprecated' : 'new'} ${name}${kind === 'added' ? `: ${several(after)}` : ''}`
}

const kindRank: Readonly<Record<ApiChange['kind'], number>> = {
  removed: 0,
  changed: 1,
  deprecated: 2,
  added: 3,
}

function depth(name: string): number {
  return name.split(/[./]/).length
}

function hasMoved({ after }: ApiChange): boolean {
  return /^(?:moved to |most of its members are now )/.test(after[0] ?? '')
}

/** A whole namespace of what the updated one decides on that is called otherwise now: what imports of it has to change. */
function isWhole(change: ApiChange): boolean {
  return change.brought !== undefined && hasMoved(change) && /^[a-z][\w]*(?:\.[a-z][\w]*)+$/.test(change.name)
}

/** What has moved first, and the more uses the earlier; else removed before changed, and what lies at the top before members of members. */
function byRelevance(uses: ReadonlyMap<string, number>) {
  return (a: ApiChange, b: ApiChange): number =>
    kindRank[a.kind] - kindRank[b.kind] ||
    Number(hasMoved(b)) - Number(hasMoved(a)) ||
    (uses.get(b.word) ?? 0) - (uses.get(a.word) ?? 0) ||
    Number(/\binternal\b/.test(a.name)) - Number(/\binternal\b/.test(b.name)) ||
    depth(a.name) - depth(b.name) ||
    (a.name < b.name ? -1 : 1)
}

/** Entry of the package besides the main one that a name belongs to: `zod/mini` of `zod/mini: string`. */
function entryOf(name: string): string | undefined {
  return /^(\S+\/\S*): /.exec(name)?.[1]
}

/** The same change under a shorter name was told already: `string` and `z.string`. */
function withoutAliases(changes: readonly ApiChange[]): readonly ApiChange[] {
  const known = new Set<string>()
  return changes.filter(({ word, kind, before, after }) => {
    const key = JSON.stringify([word, kind, before, after])
    const isNew = before.length + after.length === 0 || !known.has(key)
    known.add(key)
    return isNew
  })
}

interface Groups {
  readonly about: readonly ApiChange[]
  readonly used: readonly ApiChange[]
  readonly unused: readonly ApiChange[]
  readonly added: readonly ApiChange[]
}

function groupsOf({ changes }: Release, sites: readonly CallSite[]): Groups {
  const uses = usesByWord(sites)
  const imports = (entry: string) => sites.some(({ text }) => text.includes(entry))
  const near = changes.filter(({ name, of }) => {
    const entry = of === 'module' ? name : entryOf(name)
    return entry === undefined || imports(entry)
  })
  const isTold = (change: ApiChange) => {
    const { of, word, brought } = change
    return of !== 'package' && ((of !== 'word' && brought === undefined) || uses.has(word) || isWhole(change))
  }
  const members = withoutAliases(near.filter(isTold).sort(byRelevance(uses)))
  const gone = members.filter(({ kind }) => kind !== 'added')
  const isUsed = (change: ApiChange) => {
    const { word, of, lost = [] } = change
    return uses.has(word) || of === 'module' || isWhole(change) || lost.some((one) => uses.has(one))
  }
  return {
    about: near.filter(({ of }) => of === 'package').sort((a, b) => kindRank[a.kind] - kindRank[b.kind]),
    used: gone.filter(isUsed),
    unused: gone.filter((change) => !isUsed(change)),
    added: members.filter(({ kind, name }) => kind === 'added' && depth(name) <= 2),
  }
}

/** As many lines as fit, and a last one that says how many do not. */
function fitted(heading: string, lines: readonly string[], room: number): string {
  const kept: string[] = []
  let left = room - heading.length - 40
  for (const one of lines) {
    if (one.length + 1 > left) break
    left -= one.length + 1
    kept.push(one)
  }
  if (kept.length === 0) return ''
  const missing = lines.length - kept.length
  return [heading, ...kept, ...(missing > 0 ? [`- and ${missing} more`] : [])].join('\n')
}

function named(heading: string, changes: readonly ApiChange[], room: number): string {
  const names = [...new Set(changes.map(({ name }) => name))]
  let text = ''
  for (const name of names) {
    if (heading.length + text.length + name.length + 8 > room) return text === '' ? '' : `${text}, …`
    text += `${text === '' ? `${heading}: ` : ', '}${name}`
  }
  return text
}

/** What the project meets of a difference, and what else there is by name. */
export interface ApiTexts {
  readonly used: string
  readonly others: string
}

/**
 * The difference of the interfaces for the agent: what the project uses in at most `room` characters, then names. The
 * same release and the same lines give the same text.
 */
export function apiTexts(release: Release, sites: readonly CallSite[], room: number): ApiTexts {
  const { about, used, unused, added } = groupsOf(release, sites)
  const known = renames(release)
  const uses = usesByWord(sites)
  const line = (change: ApiChange) => {
    const lost = (change.lost ?? []).filter((word) => uses.has(word))
    return `${changeLine(change, known.get(change))}${lost.length === 0 ? '' : `; without ${lost.join(', ')}`}`
  }
  const whole = fitted('The package as a whole:', about.map(line), Math.min(800, room))
  const left = room - whole.length - 2
  const heading = 'Used in this repository, or written like it:'
  const met = fitted(heading, used.map(line), left)
  // Where nothing is known to be used, some of it is: names alone would not say how.
  const rest =
    used.length === 0 ? fitted('Removed or changed:', unused.map(line), Math.min(left, restRoom)) : ''
  const gone = used.length === 0 ? [] : unused.filter(({ kind }) => kind === 'removed')
  const others = [named('Also removed', gone, restNames), named('New', added, restNames)]
  const told = (parts: readonly string[]) => parts.filter((part) => part !== '').join('\n\n')
  return { used: told([whole, met, rest]), others: told(others) }
}

export function apiText(release: Release, sites: readonly CallSite[], room: number): string {
  const { used, others } = apiTexts(release, sites, room - 2 * restNames - 4)
  return [used, others].filter((part) => part !== '').join('\n\n')
}
