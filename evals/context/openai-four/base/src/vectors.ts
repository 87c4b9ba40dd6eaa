export function cosine(a: readonly number[], b: readonly number[]): number {
  let dot = 0
  let left = 0
  let right = 0
  a.forEach((value, index) => {
    const other = b[index] ?? 0
    dot += value * other
    left += value * value
    right += other * other
  })
  return left === 0 || right === 0 ? 0 : dot / Math.sqrt(left * right)
}
