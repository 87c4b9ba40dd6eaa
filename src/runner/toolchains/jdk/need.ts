import type { ImageNeed } from '../need.ts'

/** A line of the JDK. */
export interface JdkNeed extends ImageNeed {
  readonly kind: 'jdk'
  readonly major: number
}

/** The line of the JDK in an image; undefined where it is for something else. */
export function jdkMajor({ kind, major }: ImageNeed): number | undefined {
  return kind === 'jdk' ? major : undefined
}
