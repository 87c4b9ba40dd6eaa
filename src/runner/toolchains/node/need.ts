import type { ImageNeed } from '../need.ts'

/** A line of Node, with what its project needs beside it. */
export interface NodeNeed extends ImageNeed {
  readonly kind: 'node'
  readonly major: number
  /** Major version of npm, where it is not the one that this Node brings. */
  readonly npm?: number
  /** One more package manager, such as `pnpm-7`. */
  readonly tool?: string
}

/** Undefined where an image is for something else. */
export function nodeNeed(need: ImageNeed): NodeNeed | undefined {
  return need.kind === 'node' && need.major !== undefined ? (need as NodeNeed) : undefined
}
