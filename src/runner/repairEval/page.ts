import type { Share } from '../../contract/statistics/interval.ts'
import { percent, shareText, took, usd } from '../../contract/statistics/words.ts'
import type { CaseResult } from './result.ts'
import type { GroupScore, RepairScore } from './score.ts'
import type { RepairSet } from './set.ts'

export interface RunOf {
  readonly version: string
  readonly model: string
  readonly prompt: string
  /** The model is a script: what is measured is the harness. */
  readonly played: boolean
}

function cell(text: string, most = 140): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim()
  return line.length > most ? `${line.slice(0, most - 1)}…` : line
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((text) => cell(text)).join(' | ')} |`
}

function rows(head: readonly string[], lines: readonly (readonly string[])[]): readonly string[] {
  return [row(head), row(head.map(() => '---')), ...lines.map(row)]
}

/** The score and every case, as Markdown; a case without a result is "not run". */
export function repairPage(
  set: RepairSet,
  results: ReadonlyMap<string, CaseResult>,
  score: RepairScore,
  { version, model, prompt, played }: RunOf,
): string {
  const { ends, cases, run } = score
  const classes = Object.entries(score.byClass).map(([name, group]) => scoreRow(name, group))
  const said = Object.entries(ends).map(([name, count]) => `${name} ${count}`)
  return [
    `## ${set.title}`,
    '',
    `${set.source} Drydock ${version}, ${played ? 'a played model: the harness is measured, no model' : `model ${model}`}, templates ${prompt.slice(0, 12)}.`,
    `${run} of ${cases} cases were run: ${said.join(', ')}. ${judgedBy(set)} Intervals are of 95 %, by Wilson.`,
    '',
    ...rows(
      [
        'class of break',
        'run',
        'repaired, of those an agent was asked',
        'by every check',
        'by tests',
        'by the build alone',
        'vetoed',
        'false green',
        'false red',
        'cost',
        'time',
      ],
      [scoreRow('all', score), ...classes],
    ),
    '',
    ...rows(
      ['case', 'update', 'end', 'class', 'attempts', 'turns', 'cost', 'time', 'why'],
      set.cases.map((one) => caseRow(one, results.get(one.id))),
    ),
    '',
  ].join('\n')
}

function judgedBy({ cases }: RepairSet): string {
  const builds = cases.filter(({ judged }) => judged === 'build').length
  if (builds === 0) return 'Repaired is what every check passes.'
  const which = builds === cases.length ? 'Repaired is' : `Of ${builds} cases repaired is`
  return `${which} what the build alone passes, as the source of the set judges.`
}

function scoreRow(name: string, group: GroupScore): readonly string[] {
  return [
    name,
    `${group.run}`,
    shareText(group.repaired),
    group.byEveryCheck.whole === 0 ? 'no check' : percent(group.byEveryCheck.rate),
    group.byTests.whole === 0 ? 'not known' : percent(group.byTests.rate),
    group.byBuildAlone.whole === 0 ? 'no build' : percent(group.byBuildAlone.rate),
    `${group.vetoed}`,
    wrong(group.falseGreen),
    wrong(group.falseRed),
    usd(group.costUsd),
    took(group.seconds * 1000),
  ]
}

/** No number stands where nobody knows the truth. */
function wrong(share: Share | null): string {
  return share === null ? 'not known' : `${share.part} of ${share.whole}`
}

function caseRow(
  { id, update, cause }: RepairSet['cases'][number],
  result: CaseResult | undefined,
): readonly string[] {
  if (result === undefined) return [id, update, 'not run', '', '', '', '', '', cause ?? '']
  const { end, truth } = result
  // By the build alone it may be repaired while the session says otherwise.
  const plain = end === 'repaired' && result.byChecks !== false && !result.vetoed
  // A repair that tests prove needs no word; one that they do not prove has its reason in the session's own.
  const why =
    plain && result.byTests !== false
      ? ''
      : `${result.outcome}${result.outcome === '' ? '' : ': '}${result.reason}`
  return [
    id,
    update,
    truth === null || truth === 'right' ? end : `${end} (**${truth}**)`,
    result.class,
    `${result.attempts}`,
    `${result.turns}`,
    usd(result.costUsd),
    took(result.seconds * 1000),
    why.replaceAll(/https?:\/\/127\.0\.0\.1:\d+/g, 'the host'),
  ]
}
