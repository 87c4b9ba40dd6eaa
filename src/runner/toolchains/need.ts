/** What an image is to carry. Two needs that are the same JSON are the same image. */
export interface ImageNeed {
  /** Its folder below `src/runner/toolchains`, whose recipe reads the rest. */
  readonly kind: string
  /** Line of versions, where it has such. */
  readonly major?: number
  /** Its clock can be set. */
  readonly clock?: true
  /** Whatever else the recipe knows. */
  readonly [wish: string]: string | number | boolean | undefined
}

/** For a person: `jdk 17`. */
export function nameOf({ kind, major }: ImageNeed): string {
  return major === undefined ? kind : `${kind} ${major}`
}
