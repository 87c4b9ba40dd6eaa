import { changelogRows } from '../../../contract/changelogRows.ts'
import { placeLine } from '../../../contract/places.ts'
import type { SessionView } from '../../../contract/sessionView.ts'
import type { BrokenBy, InterfaceChange, WhyItBroke } from '../../../contract/why.ts'
import {
  causeText,
  interfaceRows,
  moreText,
  type PackageRow,
  packageRows,
  packagesLine,
  placeText,
  releasedLine,
  siteText,
} from '../../../contract/whyRows.ts'
import { codeBlock, inlineCode, maxReason } from '../markdown.ts'
import type { Part } from './part.ts'

/* What the update is: what moves, why it broke something, and what the release says of itself. */

const mostPlaces = 5
const mostEntry = 3_000

export function moving({ task, moves, places = [] }: SessionView): Part {
  if (task.kind !== 'dependency-update')
    return { title: 'What was asked', lead: codeBlock(task.prompt), items: [] }
  const items = moves.map(({ name, from, to, reason }) => {
    const why = reason === undefined ? '' : ` (${inlineCode(reason)})`
    return `${inlineCode(name)} ${from === undefined ? 'added at' : inlineCode(from)} ${to === undefined ? 'is removed' : `→ ${inlineCode(to)}`}${why}`
  })
  const read = places.map((place) => `read back: ${inlineCode(placeLine(place))}`)
  return { title: 'What moves', items: [...items, ...read] }
}

/** Nothing where nobody looked, or nothing was found. */
export function reasons({ why, from, to }: SessionView): readonly Part[] {
  if (why === undefined) return []
  const released = releasedLine(why, from ?? '', to ?? '')
  const list = why.failures?.list ?? []
  const broken: Part = {
    title: 'Why it broke',
    ...(released === undefined ? {} : { lead: `Released: ${inlineCode(released)}` }),
    items: list.map(causeItem),
    more: why.failures?.more ?? 0,
  }
  return [
    ...(list.length === 0 ? [] : [broken]),
    ...interfacePart(why),
    ...changelogPart(why),
    ...packagesPart(why),
  ]
}

function causeItem(cause: BrokenBy): string {
  const places = cause.places.slice(0, mostPlaces).map((place) => inlineCode(placeText(place)))
  const more = moreText(cause.more + Math.max(0, cause.places.length - mostPlaces), 'place')
  const at = [...places, ...(more === undefined ? [] : [more])].join(', ')
  // What failed goes before where: who reads one line of it reads the error.
  const by = cause.command === '' ? cause.step : inlineCode(cause.command)
  return `${inlineCode(causeText(cause), maxReason)}, by ${by}${at === '' ? '' : ` at ${at}`}`
}

function interfacePart(why: WhyItBroke): readonly Part[] {
  const found = why.interface
  if (found === undefined) return []
  const { unmet, whole = [] } = found
  const about: Part = {
    title: 'What changed of the package as a whole',
    items: whole.map((text) => inlineCode(text.replaceAll('`', ''), maxReason)),
    more: 0,
  }
  const first = whole.length === 0 ? [] : [about]
  const rest =
    unmet === 0
      ? ''
      : `${unmet} further ${unmet === 1 ? 'difference meets' : 'differences meet'} no line of this repository that is known.`
  const rows = interfaceRows(why)
  if (rows.length === 0 && unmet === 0) return first
  const count = rows.length + found.more
  return [
    ...first,
    {
      title: `Interface: ${count} ${count === 1 ? 'difference that this repository meets' : 'differences that this repository meets'}`,
      items: rows.map(interfaceItem),
      more: found.more,
      tail: rest,
      folded: true,
    },
  ]
}

function interfaceItem({ kind, text, sites, more }: InterfaceChange): string {
  // What names and declarations bring of backticks would end a span of ours.
  const said = inlineCode(text.replaceAll('`', ''), maxReason)
  const at = sites.slice(0, mostPlaces).map((site) => inlineCode(siteText(site)))
  const rest = moreText(more + Math.max(0, sites.length - mostPlaces), 'line')
  const where = [...at, ...(rest === undefined ? [] : [rest])].join(', ')
  return `${kind}: ${said}${where === '' ? '' : `, used at ${where}`}`
}

function changelogPart(why: WhyItBroke): readonly Part[] {
  const { changelog } = why
  if (changelog === undefined || changelog.entries.length === 0) return []
  const { entries, more } = changelog
  const count = entries.length + more
  return [
    {
      title: `Changelog of the package: ${count} ${count === 1 ? 'version' : 'versions'}`,
      lead: 'As whoever published it wrote it.',
      items: changelogRows(why).map(
        ({ version, text, cut }) =>
          `${inlineCode(version)}${cut === true ? ', its beginning' : ''}\n\n${codeBlock(text, mostEntry)}`,
      ),
      draw: (items) => items.join('\n\n'),
      more,
      folded: true,
    },
  ]
}

function packagesPart(why: WhyItBroke): readonly Part[] {
  const line = packagesLine(why)
  if (line === undefined) return []
  return [
    {
      title: `Everything that moves: ${line}`,
      items: packageRows(why).map(packageItem),
      more: why.packages?.more ?? 0,
      folded: true,
    },
  ]
}

function packageItem({ name, change, from, to, runsScript, scripts }: PackageRow): string {
  const versions = {
    added: `added at ${inlineCode(to)}`,
    removed: `${inlineCode(from)} is removed`,
    moved: `${inlineCode(from)} → ${inlineCode(to)}`,
  }[change]
  const what = scripts.map((script) => inlineCode(`${script.name}: ${script.command}`)).join(', ')
  const runs = runsScript ? `; **runs a script when installed**${what === '' ? '' : `: ${what}`}` : ''
  return `${inlineCode(name)} ${versions}${runs}`
}
