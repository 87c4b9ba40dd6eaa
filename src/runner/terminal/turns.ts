import type { Event, EventBody } from '../../contract/events.ts'
import { money } from '../../contract/money.ts'
import { type Action, actionOf, type DiffLine } from '../../contract/turnActions.ts'
import type { Colors } from './colors.ts'
import { oneLine, printable } from './text.ts'

/** Lines of an edit that are shown below it. */
const mostDiff = 16
/** Characters of what the agent said in one turn. */
const mostText = 600

type Turn = Extract<EventBody, { type: 'agent.turn' }>
type Result = Extract<EventBody, { type: 'agent.toolResult' }>

/** What the agent said and did, a turn each; empty where it was not asked. */
export function turnLines(events: readonly Event[], c: Colors): string {
  const results = new Map<string, Result>()
  for (const event of events)
    if (event.type === 'agent.toolResult') results.set(`${event.attempt}/${event.turn}/${event.id}`, event)
  const turns = events.filter((event) => event.type === 'agent.turn')
  const many = turns.some(({ attempt }) => attempt > 1)
  return turns.map((turn) => turnText(turn, results, many, c)).join('\n\n')
}

function turnText(turn: Turn, results: ReadonlyMap<string, Result>, many: boolean, c: Colors): string {
  const attempt = many ? `attempt ${turn.attempt}, ` : ''
  const head = `${c.bold(`${attempt}turn ${turn.turn}`)}  ${c.dim(money(turn.costUsd))}`
  const said = printable(turn.text).trim().slice(0, mostText)
  const actions = turn.toolCalls.map(({ id, name, input }) => {
    const result = results.get(`${turn.attempt}/${turn.turn}/${id}`)
    const answer = result === undefined ? {} : { result: { isError: result.isError, text: result.text } }
    return actionLines(actionOf({ name, input, ...answer }), result?.isError === true ? result.text : '', c)
  })
  return [head, ...(said === '' ? [] : [said.replaceAll(/^/gm, '  ')]), ...actions.flat()].join('\n')
}

function actionLines({ text, status, diff = [] }: Action, refusal: string, c: Colors): readonly string[] {
  const mark = { ok: c.green('✔'), error: c.red('✖'), running: c.yellow('…') }[status]
  const shown = diff.slice(0, mostDiff)
  return [
    `  ${mark} ${oneLine(text, 200)}`,
    ...shown.map((line) => `      ${diffLine(line, c)}`),
    ...(diff.length > shown.length ? [c.dim(`      … ${diff.length - shown.length} more lines`)] : []),
    ...(refusal === '' ? [] : [c.dim(`      ${oneLine(refusal, 300)}`)]),
  ]
}

function diffLine({ kind, text }: DiffLine, c: Colors): string {
  const line = printable(text).replaceAll('\t', '  ').slice(0, 160)
  return { added: c.green(`+ ${line}`), deleted: c.red(`- ${line}`), context: `  ${line}` }[kind]
}
