import type { CampaignReport } from '../../src/contract/fleet/report.ts'
import { burnChart, burnLine, burnWords, minute } from '../../src/contract/fleet/reportWords.ts'

/** How many repositories were left, over time. */
export function BurnDown({ report }: { readonly report: CampaignReport }) {
  const line = burnLine(report)
  if (line === undefined) return null
  const { width, height, left, bottom, top } = burnChart
  const { burnDown, updatedAt, repositories } = report
  return (
    <section aria-labelledby="burn-down">
      <h2 id="burn-down">Burn-down</h2>
      <svg class="burn" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={burnWords(report)}>
        <path class="axis" d={`M${left} ${top}V${height - bottom}H${width}`} />
        <text x={left - 6} y={top + 8} class="end">
          {repositories}
        </text>
        <text x={left - 6} y={height - bottom} class="end">
          0
        </text>
        <text x={left} y={height - 4}>
          {minute(burnDown[0]?.time ?? updatedAt)}
        </text>
        <text x={width} y={height - 4} class="end">
          {minute(updatedAt)}
        </text>
        <path class="line" d={line} />
      </svg>
    </section>
  )
}
