import { type Grouping, groupings, type Span, spans } from '../../src/contract/statistics/choices.ts'
import type { Shown } from '../../src/contract/statistics/dashboard.ts'

const spanNames: Readonly<Record<Span, string>> = {
  all: 'all time',
  '7d': 'the last 7 days',
  '30d': 'the last 30 days',
  '90d': 'the last 90 days',
  '365d': 'the last year',
}

interface Properties {
  readonly shown: Shown
  readonly choose: (more: Partial<Shown>, fresh?: boolean) => void
}

export function Choices({ shown, choose }: Properties) {
  return (
    <div class="choices">
      <label>
        Begun in{' '}
        <select
          value={shown.span}
          onChange={({ currentTarget }) => choose({ span: currentTarget.value as Span })}
        >
          {spans.map((span) => (
            <option key={span} value={span}>
              {spanNames[span]}
            </option>
          ))}
        </select>
      </label>
      <label>
        Table by{' '}
        <select
          value={shown.by}
          onChange={({ currentTarget }) => choose({ by: currentTarget.value as Grouping, group: null })}
        >
          {groupings.map((by) => (
            <option key={by} value={by}>
              {by}
            </option>
          ))}
        </select>
      </label>
      <button type="button" onClick={() => choose({}, true)}>
        Look again
      </button>
    </div>
  )
}
