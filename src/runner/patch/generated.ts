import { ecosystems } from '../../contract/ecosystems/index.ts'

/** Of ecosystems that are not known yet. */
const others = /(^|\/)__pycache__\/|\.pyc$/

/** Paths that an installation or a tool writes: as part of a patch they could only stand in for the real ones. */
export function isGenerated(path: string): boolean {
  return others.test(path) || ecosystems.some(({ generated }) => generated.test(path))
}
