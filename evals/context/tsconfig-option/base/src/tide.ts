const heights: Record<string, number> = { Kiel: 3 }

export function height(harbour: string): number {
  return heights[harbour] ?? 0
}
