import { useEffect, useRef, useState } from 'preact/hooks'
import uPlot from 'uplot'
import type { Figures } from '../../src/contract/statistics/figures.ts'
import type { Group } from '../../src/contract/statistics/statistics.ts'

export interface Series {
  readonly label: string
  readonly tone: 'plain' | 'good' | 'bad' | 'warn'
  readonly value: (figures: Figures) => number | null
}

interface Properties {
  readonly title: string
  readonly series: readonly Series[]
  readonly weeks: readonly Group[]
  readonly say: (value: number | null) => string
  readonly band?: { readonly low: number; readonly high: number; readonly of: string }
}

const height = 190

/** One picture; its table stands beside it, so that who sees none misses nothing. */
export function Chart({ title, series, weeks, say, band }: Properties) {
  const place = useRef<HTMLDivElement>(null)
  const theme = useTheme()
  useEffect(() => {
    const element = place.current
    if (element === null) return
    const plot = new uPlot(
      optionsOf({ title, series, weeks, say, ...(band && { band }) }, element),
      dataOf(series, weeks),
      element,
    )
    // It tells of the first size as well, which the plot has already.
    const watcher = new ResizeObserver(() => {
      if (element.clientWidth !== plot.width) plot.setSize({ width: element.clientWidth, height })
    })
    watcher.observe(element)
    return () => {
      watcher.disconnect()
      plot.destroy()
    }
  }, [title, series, weeks, say, band, theme])
  const said = band === undefined ? '' : `Shaded: ${band.of}, ${say(band.low)} to ${say(band.high)}.`
  return (
    <figure>
      <div
        ref={place}
        class="plot"
        role="img"
        aria-label={`${title} by week: the table beside it has the values`}
      />
      <figcaption class="small">
        {series.map(({ label, tone }) => (
          <span key={label} class={`key key-${tone}`}>
            {label}
          </span>
        ))}
        {said}
      </figcaption>
    </figure>
  )
}

/** Changes when the editor's theme does: a canvas keeps the colours it was drawn with. */
function useTheme(): string {
  const [theme, setTheme] = useState(document.body.className)
  useEffect(() => {
    const watcher = new MutationObserver(() => setTheme(document.body.className))
    watcher.observe(document.body, { attributes: true, attributeFilter: ['class'] })
    return () => watcher.disconnect()
  }, [])
  return theme
}

function dataOf(series: readonly Series[], weeks: readonly Group[]): uPlot.AlignedData {
  const values = series.map(({ value }) => weeks.map(({ figures }) => value(figures)))
  return [weeks.map((_, at) => at), ...values]
}

const variables = {
  plain: '--vscode-progressBar-background',
  good: '--good',
  bad: '--bad',
  warn: '--warn',
} as const

function optionsOf({ series, weeks, say, band }: Properties, element: HTMLElement): uPlot.Options {
  const style = getComputedStyle(element)
  const colour = (name: string) => style.getPropertyValue(name).trim() || style.color
  const muted = colour('--muted')
  const line = colour('--line')
  const font = `11px ${style.fontFamily}`
  const axis = { stroke: muted, font, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } }
  return {
    ...{ width: element.clientWidth, height, legend: { show: false }, cursor: { show: false } },
    scales: { x: { time: false }, y: { range: (_plot, _low, high) => [0, high > 0 ? high * 1.1 : 1] } },
    axes: [
      {
        ...axis,
        space: 70,
        incrs: [1, 2, 5, 10, 20, 50],
        values: (_plot, splits) => splits.map((at) => weeks[at]?.name ?? ''),
      },
      { ...axis, size: 78, values: (_plot, splits) => splits.map(say) },
    ],
    series: [
      {},
      ...series.map(({ label, tone }): uPlot.Series => {
        const stroke =
          tone === 'good' || tone === 'bad' || tone === 'warn'
            ? colour(variables[tone])
            : colour(variables.plain)
        return { label, stroke, width: 2, spanGaps: true, points: { show: weeks.length < 30, size: 5 } }
      }),
    ],
    hooks: band === undefined ? {} : { drawClear: [(plot) => shade(plot, band, colour('--soft'), muted)] },
  }
}

function shade(
  plot: uPlot,
  { low, high }: { readonly low: number; readonly high: number },
  fill: string,
  edge: string,
) {
  const { ctx, bbox } = plot
  const [top, bottom] = [plot.valToPos(high, 'y', true), plot.valToPos(low, 'y', true)]
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  ctx.fillStyle = fill
  ctx.fillRect(bbox.left, top, bbox.width, bottom - top)
  ctx.strokeStyle = edge
  ctx.setLineDash([4, 4])
  ctx.strokeRect(bbox.left - 1, top, bbox.width + 2, bottom - top)
  ctx.restore()
}
