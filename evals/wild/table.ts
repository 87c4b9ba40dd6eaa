import type { WildCase, WildList, WildResult } from './list.ts'

const words: Readonly<Record<WildResult['end'], string>> = {
  asked: 'agent asked',
  clean: 'nothing broke',
  missed: '**broke, nobody asked**',
  stopped: '**stopped**',
  absent: 'not at hand',
}

function cell(text: string, most = 160): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim()
  return line.length > most ? `${line.slice(0, most - 1)}…` : line
}

function row(
  { repository, commit, update, folder, cause, mended }: WildCase,
  result: WildResult | undefined,
): string {
  const what =
    result === undefined
      ? 'not run'
      : `${words[result.end]}${result.end === 'stopped' ? `: ${withoutHosts(result.reason)}` : ''}`
  const broken = result?.broken.map((command) => `\`${cell(command, 60)}\``).join(', ') ?? ''
  const place = `${repository}${folder === undefined ? '' : `, ${folder}`}`
  const cells = [
    place,
    commit.slice(0, 10),
    update,
    what,
    broken,
    result?.tests ?? '',
    cause ?? '',
    mended ?? '',
  ]
  return `| ${cells.map((text) => cell(text)).join(' | ')} |`
}

/** A table is for everybody: which registry or server was asked is this machine's. */
function withoutHosts(text: string): string {
  return text
    .replaceAll(/(The registry) \S+ (has)/g, '$1 $2')
    .replaceAll(/https?:\/\/127\.0\.0\.1:\d+/g, 'forge')
}

/** The list with what happened, as Markdown. */
export function markdown(
  { title, source, cases }: WildList,
  results: ReadonlyMap<string, WildResult>,
): string {
  const count = (end: WildResult['end']) => cases.filter(({ id }) => results.get(id)?.end === end).length
  const had = cases.filter(({ id }) => ![undefined, 'absent'].includes(results.get(id)?.end)).length
  const head = ['repository', 'commit', 'update', 'what happened', 'broke', 'tests', 'cause', 'mended']
  return [
    `## ${title}`,
    '',
    `${source} Of ${cases.length}, ${had} at hand: agent asked ${count('asked')}, nothing broke ${count('clean')}, broke and nobody asked ${count('missed')}, stopped ${count('stopped')}.`,
    '',
    `| ${head.join(' | ')} |`,
    `| ${head.map(() => '---').join(' | ')} |`,
    ...cases.map((one) => row(one, results.get(one.id))),
    '',
  ].join('\n')
}

/** Seconds of each case by stage, with how often a stage was begun where that was more than once. */
export function times({ cases }: WildList, results: ReadonlyMap<string, WildResult>): string {
  const ran = cases.flatMap((one) => {
    const { stages = [], seconds = 0, end } = results.get(one.id) ?? {}
    return end === undefined || stages.length === 0 ? [] : [{ one, stages, seconds, end }]
  })
  const names = [...new Set(ran.flatMap(({ stages }) => stages.map(({ stage }) => stage)))]
  const rows = ran.map(({ one, stages, seconds, end }) => [
    ...[one.repository, one.update, words[end], `${seconds} s`],
    ...names.map((name) => {
      const found = stages.find(({ stage }) => stage === name)
      if (found === undefined) return ''
      return `${Math.round(found.seconds)}${found.times > 1 ? ` (${found.times}×)` : ''}`
    }),
  ])
  const head = ['repository', 'update', 'what happened', 'whole', ...names]
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}
