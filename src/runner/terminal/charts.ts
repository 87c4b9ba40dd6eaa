const eighths = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const
const parts = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const

/** A horizontal bar of at most `width` columns; what is more than nothing shows at least a sliver. */
export function bar(value: number, most: number, width: number): string {
  if (value <= 0 || most <= 0) return ''
  const units = Math.max(1, Math.round((Math.min(value, most) / most) * width * 8))
  return '█'.repeat(Math.floor(units / 8)) + (parts[units % 8] ?? '')
}

/** One column a value, from 0 to the largest; a dot where nothing was measured. */
export function sparkline(values: readonly (number | null)[]): string {
  const most = Math.max(0, ...values.map((value) => value ?? 0))
  return values
    .map((value) => {
      if (value === null) return '·'
      if (most === 0) return eighths[1]
      return eighths[Math.max(1, Math.round((value / most) * 8))] ?? ''
    })
    .join('')
}
