import { shownName } from '../../src/contract/shownText.ts'
import type { Dashboard, Shown } from '../../src/contract/statistics/dashboard.ts'
import type { CountedOutcome } from '../../src/contract/statistics/facts.ts'
import type { Figures } from '../../src/contract/statistics/figures.ts'
import { amount, outcomeName, percent, took, usd } from '../../src/contract/statistics/words.ts'
import { TableHead } from '../parts/tableHead.tsx'

type Choose = (more: Partial<Shown>) => void

/** A share as a bar; the number stands beside it. */
function Bar({ value, most }: { readonly value: number; readonly most: number }) {
  return <progress class="bar" value={value} max={Math.max(most, Number.MIN_VALUE)} aria-hidden="true" />
}

interface OutcomesProperties {
  readonly figures: Figures
  readonly chosen: Shown['outcome']
  readonly choose: Choose
}

export function Outcomes({ figures, chosen, choose }: OutcomesProperties) {
  const { outcomes, sessions } = figures
  return (
    <section aria-labelledby="outcomes">
      <h2 id="outcomes">Outcomes</h2>
      <table>
        <TableHead columns={['outcome', { number: 'sessions' }, { number: 'share' }, 'drawn']} />
        <tbody>
          {Object.entries(outcomes).map(([name, count]) => (
            <tr key={name}>
              <th scope="row">
                <button
                  type="button"
                  class="link"
                  aria-pressed={chosen === name}
                  onClick={() => choose({ outcome: chosen === name ? null : (name as Shown['outcome']) })}
                >
                  {outcomeName(name as CountedOutcome)}
                </button>
              </th>
              <td class="number">{amount(count)}</td>
              <td class="number">{percent(count / sessions)}</td>
              <td>
                <Bar value={count} most={sessions} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

export function Stages({ figures: { stageMs } }: { readonly figures: Figures }) {
  const stages = Object.entries(stageMs).filter(([, ms]) => ms > 0)
  const longest = Math.max(0, ...stages.map(([, ms]) => ms))
  return (
    <section aria-labelledby="stages">
      <h2 id="stages">Time by stage</h2>
      <table>
        <TableHead columns={['stage', { number: 'mean' }, 'drawn']} />
        <tbody>
          {stages.map(([name, ms]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="number">{took(ms)}</td>
              <td>
                <Bar value={ms} most={longest} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const columns: readonly (readonly [string, (figures: Figures) => string])[] = [
  ['sessions', ({ sessions }) => amount(sessions)],
  ['repaired', ({ repaired }) => percent(repaired.rate)],
  ['vetoed', ({ vetoes }) => percent(vetoes.rate)],
  ['merged', ({ merged }) => percent(merged.rate)],
  ['turns', ({ turns }) => amount(turns)],
  ['cost a session', ({ costPerSession }) => usd(costPerSession)],
  ['cost per merged', ({ costPerMerged }) => usd(costPerMerged)],
  ['time', ({ workMs }) => took(workMs)],
]

export function Groups({ board, choose }: { readonly board: Dashboard; readonly choose: Choose }) {
  const { shown, groups } = board
  return (
    <section aria-labelledby="groups">
      <h2 id="groups">By {shown.by}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section class="scroll" tabIndex={0} aria-label={`Table by ${shown.by}`}>
        <table>
          <TableHead columns={[shown.by, ...columns.map(([name]) => ({ number: name }))]} />
          <tbody>
            {groups.map(({ name, figures }) => (
              <tr key={name} class={shown.group === name ? 'chosen' : ''}>
                <th scope="row">
                  <button
                    type="button"
                    class="link"
                    aria-pressed={shown.group === name}
                    onClick={() => choose({ group: shown.group === name ? null : name })}
                  >
                    {shownName(name)}
                  </button>
                </th>
                {columns.map(([column, say]) => (
                  <td key={column} class="number">
                    {say(figures)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  )
}

interface SessionsProperties {
  readonly board: Dashboard
  readonly open: (session: string) => void
}

export function Sessions({ board: { sessions, matching }, open }: SessionsProperties) {
  const more = matching > sessions.length ? ` (the newest ${sessions.length} of ${amount(matching)})` : ''
  return (
    <section aria-labelledby="sessions">
      <h2 id="sessions">Sessions{more}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section class="scroll tall" tabIndex={0} aria-label="Table of sessions">
        <table>
          <TableHead columns={['session', 'repository', 'outcome', { number: 'cost' }, 'begun']} />
          <tbody>
            {sessions.map(({ id, title, repository, outcome, costUsd, createdAt }) => (
              <tr key={id}>
                <th scope="row">
                  <button type="button" class="link" onClick={() => open(id)}>
                    {shownName(title)}
                  </button>
                </th>
                <td>{shownName(repository)}</td>
                <td>{outcomeName(outcome)}</td>
                <td class="number">{usd(costUsd)}</td>
                <td>{createdAt.slice(0, 16).replace('T', ' ')} UTC</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  )
}
