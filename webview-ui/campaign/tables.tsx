import type { CampaignReport, Cause } from '../../src/contract/fleet/report.ts'
import { money } from '../../src/contract/money.ts'
import { shownName } from '../../src/contract/shownText.ts'
import type { Tone } from '../../src/contract/states/tone.ts'
import { TableHead } from '../parts/tableHead.tsx'

/** Its form differs as its colour does; the word stands beside it. */
export function Dot({ tone }: { readonly tone: Tone }) {
  return <span class={`dot ${tone}`} aria-hidden="true" />
}

export function Outcomes({ report: { outcomes, repositories } }: { readonly report: CampaignReport }) {
  return (
    <section aria-labelledby="outcomes">
      <h2 id="outcomes">Outcomes</h2>
      <table>
        <TableHead columns={['state', { number: 'repositories' }, 'drawn']} />
        <tbody>
          {outcomes.map(({ state, tone, count }) => (
            <tr key={state}>
              <th scope="row">
                <Dot tone={tone} />
                {state}
              </th>
              <td class="number">{count}</td>
              <td class="share">
                <progress class={`bar ${tone}`} value={count} max={repositories} aria-hidden="true" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** What was spent against each cap. */
export function Caps({ report: { spending, costUsd } }: { readonly report: CampaignReport }) {
  return (
    <section aria-labelledby="caps">
      <h2 id="caps">Cost against caps</h2>
      {spending.length === 0 ? (
        <p>{money(costUsd)} so far. No cap is set but that of each session.</p>
      ) : (
        <table>
          <TableHead
            columns={['for', { number: 'spent' }, { number: 'cap' }, { number: 'at work' }, 'drawn']}
          />
          <tbody>
            {spending.map(({ of, spentUsd, capUsd = 0, running }) => (
              <tr key={of}>
                <th scope="row">{shownName(of)}</th>
                <td class="number">{money(spentUsd)}</td>
                <td class="number">{money(capUsd)}</td>
                <td class="number">{running}</td>
                <td class="share">
                  <progress
                    class={`bar ${spentUsd >= capUsd ? 'bad' : 'busy'}`}
                    value={Math.min(spentUsd, capUsd)}
                    max={capUsd}
                    aria-hidden="true"
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

const mostNames = 12

export function Causes({ causes }: { readonly causes: readonly Cause[] }) {
  if (causes.length === 0) return null
  return (
    <section aria-labelledby="causes">
      <h2 id="causes">Failures by cause</h2>
      <table>
        <TableHead columns={['cause', { number: 'repositories' }, 'what was said']} />
        <tbody>
          {causes.map(({ cause, repositories, example, next }) => (
            <tr key={cause}>
              <th scope="row">
                <code>{cause}</code>
              </th>
              <td class="number">{repositories.length}</td>
              <td>
                {shownName(example)}
                {next === null ? null : <div class="small">Next: {shownName(next)}</div>}
                <div class="small">
                  {repositories.slice(0, mostNames).map(shownName).join(', ')}
                  {repositories.length > mostNames ? ` and ${repositories.length - mostNames} more` : ''}
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

export function NotReached({ unreachable }: Pick<CampaignReport, 'unreachable'>) {
  if (unreachable.length === 0) return null
  return (
    <section aria-labelledby="not-reached">
      <h2 id="not-reached">Not reached</h2>
      <table>
        <tbody>
          {unreachable.map(({ place, why }) => (
            <tr key={place}>
              <th scope="row">
                <code>{shownName(place)}</code>
              </th>
              <td>{shownName(why)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
