import { useState } from 'preact/hooks'
import type { CampaignAsked, CampaignShown } from '../../src/contract/fleet/page.ts'
import type { ReportRow } from '../../src/contract/fleet/report.ts'
import { money } from '../../src/contract/money.ts'
import { shownName } from '../../src/contract/shownText.ts'
import { TableHead } from '../parts/tableHead.tsx'
import { Dot } from './tables.tsx'

interface Properties {
  readonly rows: readonly ReportRow[]
  readonly here: CampaignShown['here']
  readonly send: (message: CampaignAsked) => void
}

/** Rows that are drawn at first: a campaign may have thousands. */
const firstRows = 200

export function Repositories({ rows, here, send }: Properties) {
  const [state, setState] = useState('')
  const [most, setMost] = useState(firstRows)
  const states = [...new Set(rows.map((row) => row.state))]
  // A state that nobody is in any more chooses nothing.
  const chosen = states.includes(state) ? state : ''
  const matching = chosen === '' ? rows : rows.filter((row) => row.state === chosen)
  return (
    <section aria-labelledby="repositories">
      <h2 id="repositories">Repositories</h2>
      <p class="choices">
        <label>
          State{' '}
          <select value={chosen} onChange={({ currentTarget }) => setState(currentTarget.value)}>
            <option value="">all</option>
            {states.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
        <span role="status" class="small">
          {Math.min(most, matching.length)} of {matching.length}
        </span>
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section class="scroll" tabIndex={0} aria-label="Table of repositories">
        <table class="repositories">
          <TableHead
            columns={['repository', 'state', 'change by', { number: 'cost' }, 'pull request, or why']}
          />
          <tbody>
            {matching.slice(0, most).map((row, at) => (
              <Row
                key={`${row.repository}/${at}`}
                row={row}
                stage={row.session === null ? undefined : here[row.session]}
                send={send}
              />
            ))}
          </tbody>
        </table>
      </section>
      {matching.length > most ? (
        <button type="button" class="repositories-more" onClick={() => setMost(2 * most)}>
          Show more
        </button>
      ) : null}
    </section>
  )
}

interface RowProperties {
  readonly row: ReportRow
  /** Undefined where its session is not on this machine; null where nobody is at work on it. */
  readonly stage: string | null | undefined
  readonly send: Properties['send']
}

function Row({ row, stage, send }: RowProperties) {
  const { repository, state, tone, canary, means, costUsd, session, url, reason } = row
  return (
    <tr>
      <th scope="row">
        {session === null || stage === undefined ? (
          <>
            {shownName(repository)}
            {session === null ? null : <div class="small">{session}, on another machine</div>}
          </>
        ) : (
          <button type="button" class="link" onClick={() => send({ type: 'open', session })}>
            {shownName(repository)}
            <span class="unseen">, open its session</span>
          </button>
        )}
      </th>
      <td>
        <Dot tone={tone} />
        {tone === 'busy' && typeof stage === 'string' ? stage : state}
        {canary ? <span class="small"> canary</span> : null}
      </td>
      <td>{means ?? ''}</td>
      <td class="number">{money(costUsd)}</td>
      <td>
        {url === null ? (
          <span class="small">{shownName(reason)}</span>
        ) : (
          <button type="button" class="link" onClick={() => send({ type: 'openLink', url })}>
            {shownName(url)}
          </button>
        )}
      </td>
    </tr>
  )
}
