import { changelogRows } from '../../contract/changelogRows.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import type { BrokenBy, UseSite, WhyItBroke } from '../../contract/why.ts'
import {
  causeText,
  interfaceRows,
  moreText,
  packageRows,
  packagesLine,
  placeText,
  releasedLine,
  saysNothing,
  siteText,
} from '../../contract/whyRows.ts'
import type { Colors } from './colors.ts'
import { table } from './tables.ts'
import { oneLine, printable } from './text.ts'

/** What a summary shows of each part; the panel and `--json` have all of it. */
const most = { causes: 5, lines: 4, places: 3, changes: 5, sites: 3, notes: 14, packages: 12 } as const

/** Why the update broke something, or what it brings where it did not; empty where nothing is known. */
export function whyPart({ id, why, from, to }: SessionView, c: Colors): string {
  if (why === undefined || saysNothing(why)) return ''
  const broke = (why.failures?.list.length ?? 0) > 0
  const released = from === null || to === null ? undefined : releasedLine(why, from, to)
  const head = `${c.bold(broke ? 'Why it broke' : 'What the update brings')}${released === undefined ? '' : c.dim(`  ${oneLine(released, 120)}`)}`
  const parts = [...causes(why, c), ...met(why, c), ...notes(why, id, c), ...packages(why, c)]
  return [head, ...parts].join('\n')
}

function rest(hidden: string | undefined, c: Colors, indent = '  '): readonly string[] {
  return hidden === undefined ? [] : [c.dim(`${indent}… ${hidden}`)]
}

function causes({ failures }: WhyItBroke, c: Colors): readonly string[] {
  if (failures === undefined) return []
  const shown = failures.list.slice(0, most.causes)
  const hidden = moreText(failures.list.length - shown.length + failures.more, 'cause')
  return [...shown.flatMap((cause) => causeLines(cause, c)), ...rest(hidden, c)]
}

function causeLines(cause: BrokenBy, c: Colors): readonly string[] {
  const [first = '', ...others] = printable(causeText(cause)).split('\n')
  const places = cause.places.slice(0, most.places).map((place) => oneLine(placeText(place), 120))
  const hidden = moreText(cause.places.length - places.length + cause.more, 'place')
  const at = [...places, ...(hidden === undefined ? [] : [hidden])].join(', ')
  const command = oneLine(cause.command, 60)
  return [
    `  ${c.red('✖')} ${oneLine(first, 400)}`,
    ...others.slice(0, most.lines).map((line) => `      ${oneLine(line, 160)}`),
    c.dim(
      `    ${[cause.step, command].filter((part) => part !== '').join(' ')}${at === '' ? '' : `: ${at}`}`,
    ),
  ]
}

function met(why: WhyItBroke, c: Colors): readonly string[] {
  const rows = interfaceRows(why)
  const { whole = [], more = 0, sites = [] } = why.interface ?? {}
  const about = whole.slice(0, most.changes).map((text) => `  ${c.yellow('~')} ${oneLine(text, 400)}`)
  const further = moreText(
    whole.length - about.length,
    'change of the package as a whole',
    'changes of the package as a whole',
  )
  const head = [...about, ...rest(further, c)]
  if (rows.length === 0) return sites.length === 0 ? head : [...head, '  used at', ...siteLines(sites, 0, c)]
  const shown = rows.slice(0, most.changes)
  const hidden = moreText(
    rows.length - shown.length + more,
    'difference that the repository meets',
    'differences that the repository meets',
  )
  return [
    ...head,
    ...shown.flatMap(({ text, sites: own, more: others }) => [
      `  ${c.yellow('~')} ${oneLine(text, 400)}`,
      ...siteLines(own, others, c),
    ]),
    ...rest(hidden, c),
  ]
}

function siteLines(sites: readonly UseSite[], more: number, c: Colors): readonly string[] {
  const shown = sites.slice(0, most.sites)
  const hidden = moreText(sites.length - shown.length + more, 'line')
  return [
    ...shown.map((site) => `      ${c.cyan(oneLine(siteText(site), 100))}  ${oneLine(site.text, 100)}`),
    ...rest(hidden, c, '      '),
  ]
}

/** Of the entry that says most of what broke, or of the newest, the lines from where it does. */
function notes(why: WhyItBroke, id: string, c: Colors): readonly string[] {
  const [first, ...others] = changelogRows(why)
  if (why.changelog === undefined || first === undefined) return []
  const all = first.text.split('\n')
  const told = (lines: readonly string[]) =>
    printable(lines.join('\n'))
      .split('\n')
      .filter((line) => line.trim() !== '')
  const lines = told(all)
  const fits = lines.length <= most.notes
  const shown = (fits ? lines : told(all.slice(first.names ?? 0))).slice(0, most.notes)
  const other = others.length + why.changelog.more
  const left = [
    ...(lines.length > shown.length || first.cut ? [`the rest of ${oneLine(first.version, 40)}`] : []),
    ...(other > 0 ? [other === 1 ? '1 other entry' : `${other} other entries`] : []),
  ]
  const where = `: drydock show ${id} --changelog`
  return [
    `  its changelog, ${oneLine(first.version, 40)}`,
    ...shown.map((line) => c.dim(`    ${oneLine(line, 200)}`)),
    ...rest(left.length === 0 ? undefined : `${left.join(' and ')}${where}`, c, '    '),
  ]
}

/** Every entry that the session kept, those that speak of what broke first; empty where there is none. */
export function changelogText({ why = {} }: SessionView, c: Colors): string {
  const entries = changelogRows(why).flatMap(({ version, text, cut }) => [
    c.bold(oneLine(version, 40)),
    printable(text),
    ...(cut === true ? [c.dim('… the rest of this entry was not kept')] : []),
    '',
  ])
  const left = moreText(why.changelog?.more ?? 0, 'entry', 'entries')
  return [...entries, ...(left === undefined ? [] : [c.dim(`… ${left} not kept`)])].join('\n').trimEnd()
}

function packages(why: WhyItBroke, c: Colors): readonly string[] {
  const line = packagesLine(why)
  if (line === undefined) return []
  const rows = packageRows(why)
  const shown = rows.slice(0, most.packages)
  const hidden = moreText(rows.length - shown.length, 'package')
  const cells = shown.map(({ name, change, from, to, runsScript, scripts }) => [
    `    ${oneLine(name, 50)}`,
    from === '' ? c.dim('·') : oneLine(from, 30),
    to === '' ? c.dim(change) : oneLine(to, 30),
    runsScript
      ? c.yellow(
          `runs ${scripts.length === 0 ? 'a script' : oneLine(scripts.map((one) => `${one.name}: ${one.command}`).join('; '), 80)}`,
        )
      : '',
  ])
  return [`  ${line}`, table(['    package', 'before', 'after', ''], cells, c), ...rest(hidden, c, '    ')]
}
