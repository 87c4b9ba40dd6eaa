import {
  defaultRangeExtractor,
  observeWindowOffset,
  observeWindowRect,
  type Range,
  Virtualizer,
  windowScroll,
} from '@tanstack/virtual-core'
import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks'

interface Properties<Row extends { readonly key: string }> {
  readonly rows: readonly Row[]
  /** Height of a row before it was measured, px. */
  readonly estimate: (row: Row) => number
  readonly render: (row: Row, at: number) => ComponentChildren
  readonly label: string
  /** Height of what sticks to the top of the page, px. */
  readonly covered: number
  /** The key of a row to bring into view, and a number that changes when it is asked for. */
  readonly goTo?: { readonly key: string; readonly asked: number } | undefined
  /** Told which row is the first below what sticks to the top. */
  readonly onTop?: (row: Row) => void
}

/** A long list, of which only the rows near the window exist; the page itself scrolls. */
export function VirtualList<Row extends { readonly key: string }>(properties: Properties<Row>) {
  const { rows, estimate, render, label, covered } = properties
  const list = useRef<HTMLUListElement>(null)
  const measured = useMargin(list)
  const margin = measured ?? 0
  const virtualizer = useWindowVirtualizer(rows, estimate, list, margin, covered)
  useGoTo(virtualizer, list, properties)
  // Before it is known where the list begins, a window full of rows would be made that are below it.
  const items = measured === undefined ? [] : virtualizer.getVirtualItems()
  useTop(properties, items, (virtualizer.scrollOffset ?? 0) + covered)
  return (
    <ul ref={list} class="virtual" aria-label={label} style={{ height: `${virtualizer.getTotalSize()}px` }}>
      {items.map((item) => {
        const row = rows[item.index]
        if (row === undefined) return null
        return (
          <li
            key={row.key}
            ref={virtualizer.measureElement}
            class="virtual-row"
            aria-setsize={rows.length}
            aria-posinset={item.index + 1}
            data-index={item.index}
            style={{ transform: `translateY(${item.start - margin}px)` }}
          >
            {render(row, item.index)}
          </li>
        )
      })}
    </ul>
  )
}

/** Distance of the list from the page's top, undefined until it is measured; what is above it may grow and shrink. */
function useMargin(list: { readonly current: HTMLUListElement | null }): number | undefined {
  const [margin, setMargin] = useState<number>()
  useLayoutEffect(() => {
    const measure = () => {
      const top = list.current?.getBoundingClientRect().top
      if (top !== undefined) setMargin(Math.round(top + window.scrollY))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(document.body)
    return () => observer.disconnect()
  }, [list])
  return margin
}

/** The row that holds the focus stays, else a keyboard would lose its place. */
function focusedIndex(list: HTMLUListElement | null): number | undefined {
  const row = document.activeElement?.closest<HTMLElement>('.virtual-row')
  if (row === null || row === undefined || list?.contains(row) !== true) return undefined
  return Number(row.dataset.index)
}

function useWindowVirtualizer<Row extends { readonly key: string }>(
  rows: readonly Row[],
  estimate: (row: Row) => number,
  list: { readonly current: HTMLUListElement | null },
  margin: number,
  covered: number,
): Virtualizer<Window, HTMLElement> {
  const [, update] = useReducer((count: number) => count + 1, 0)
  const sizeOf = (at: number) => (rows[at] === undefined ? 20 : estimate(rows[at]))
  const options = {
    count: rows.length,
    getScrollElement: () => window,
    estimateSize: sizeOf,
    getItemKey: (at: number) => rows[at]?.key ?? at,
    scrollToFn: windowScroll,
    observeElementRect: observeWindowRect,
    observeElementOffset: observeWindowOffset,
    initialOffset: () => window.scrollY,
    scrollMargin: margin,
    scrollPaddingStart: covered,
    overscan: 20,
    rangeExtractor: (range: Range) => {
      const focused = focusedIndex(list.current)
      const shown = defaultRangeExtractor(range)
      if (focused === undefined || shown.includes(focused) || focused >= rows.length) return shown
      return [...shown, focused].sort((a, b) => a - b)
    },
    onChange: () => update(undefined),
  }
  const held = useRef<Virtualizer<Window, HTMLElement> | undefined>(undefined)
  held.current ??= new Virtualizer<Window, HTMLElement>(options)
  const virtualizer = held.current
  virtualizer.setOptions(options)
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer])
  useLayoutEffect(() => virtualizer._willUpdate())
  return virtualizer
}

function useGoTo<Row extends { readonly key: string }>(
  virtualizer: Virtualizer<Window, HTMLElement>,
  list: { readonly current: HTMLUListElement | null },
  { rows, goTo, covered }: Properties<Row>,
): void {
  const awaited = useRef(-1)
  useLayoutEffect(() => {
    awaited.current = goTo === undefined ? -1 : rows.findIndex(({ key }) => key === goTo.key)
    if (awaited.current !== -1) virtualizer.scrollToIndex(awaited.current, { align: 'start' })
  }, [goTo?.asked])
  useLayoutEffect(() => {
    if (awaited.current === -1) return
    const row = list.current?.querySelector<HTMLElement>(`[data-index="${awaited.current}"]`)
    const focusable = row?.querySelector<HTMLElement>('button, [tabindex]')
    if (focusable === undefined || focusable === null) return
    awaited.current = -1
    focusable.focus({ preventScroll: true })
    bringBelow(focusable, covered)
  })
}

/** The rows above may have had other heights than was thought. */
function bringBelow(element: HTMLElement, covered: number): void {
  const { top, bottom } = element.getBoundingClientRect()
  if (top < covered || bottom > window.innerHeight) window.scrollBy(0, top - covered - 60)
}

function useTop<Row extends { readonly key: string }>(
  { rows, onTop }: Properties<Row>,
  items: readonly { readonly index: number; readonly start: number; readonly end: number }[],
  offset: number,
): void {
  const first = items.find(({ end }) => end > offset)
  const row = first === undefined ? undefined : rows[first.index]
  useLayoutEffect(() => {
    if (row !== undefined) onTop?.(row)
  }, [row?.key])
}
