import type { Figures } from '../../src/contract/statistics/figures.ts'
import type { Group } from '../../src/contract/statistics/statistics.ts'
import { healthyVetoes } from '../../src/contract/statistics/vetoBand.ts'
import { amount, percent, took, usd } from '../../src/contract/statistics/words.ts'
import { TableHead } from '../parts/tableHead.tsx'
import { Chart, type Series } from './chart.tsx'

interface Shape {
  readonly title: string
  readonly series: readonly Series[]
  /** A value as axis and table say it. */
  readonly say: (value: number | null) => string
  readonly band?: { readonly low: number; readonly high: number; readonly of: string }
}

const of = (label: string, tone: Series['tone'], value: (figures: Figures) => number | null): Series => ({
  ...{ label, tone, value },
})

const shapes: readonly Shape[] = [
  { title: 'Sessions', series: [of('sessions', 'plain', ({ sessions }) => sessions)], say: amount },
  {
    title: 'Repaired and vetoed',
    series: [
      of('repaired', 'good', ({ repaired }) => repaired.rate),
      of('vetoed', 'bad', ({ vetoes }) => vetoes.rate),
    ],
    say: percent,
    band: { ...healthyVetoes, of: 'healthy share of vetoes' },
  },
  {
    title: 'Cost a session',
    series: [of('cost', 'warn', ({ costPerSession }) => costPerSession)],
    say: usd,
  },
  { title: 'Time a session', series: [of('time', 'plain', ({ workMs }) => workMs)], say: took },
]

/** Each week's figures: a picture, and beside it the same in a table. */
export function Charts({ weeks }: { readonly weeks: readonly Group[] }) {
  if (weeks.length < 2)
    return <p class="small">All of it lies in one week: there is no course to draw yet.</p>
  return (
    <div class="charts">
      {shapes.map((shape) => (
        <section key={shape.title} class="chart" aria-label={`${shape.title} by week`}>
          <h2>{shape.title} by week</h2>
          <div class="chart-pair">
            <Chart {...shape} weeks={weeks} />
            <WeekTable {...shape} weeks={weeks} />
          </div>
        </section>
      ))}
    </div>
  )
}

function WeekTable({ title, series, say, weeks }: Shape & { readonly weeks: readonly Group[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section class="scroll" tabIndex={0} aria-label={`${title} by week, as a table`}>
      <table>
        <TableHead columns={['week', ...series.map(({ label }) => ({ number: label }))]} />
        <tbody>
          {weeks.toReversed().map(({ name, figures }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {series.map(({ label, value }) => (
                <td key={label} class="number">
                  {say(value(figures))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
