import type { EngineFacts } from './facts.ts'
import { desirable, type Protection } from './protection.ts'

type Numbers = readonly [major: number, minor: number]

/** What Drydock was run on, from and to; in between it is taken to be the same. `npm run test:engines` runs them. */
const tried: Readonly<Record<'Docker' | 'Podman', { readonly from: Numbers; readonly to: Numbers }>> = {
  Docker: { from: [24, 0], to: [29, Number.POSITIVE_INFINITY] },
  Podman: { from: [4, 3], to: [5, Number.POSITIVE_INFINITY] },
}

/** Whether this version is one that Drydock was tried on, and that gets fixes. */
export function triedVersion({ version, podman }: EngineFacts): Protection {
  const name = podman ? 'Podman' : 'Docker'
  const { from, to } = tried[name]
  const found = /^(\d+)\.(\d+)/.exec(version.Version)
  const wanted = `${said(from)} to ${said(to)} are supported`
  if (found === null)
    return desirable(
      'supported version',
      false,
      'weaker',
      `the engine calls itself ${version.Version}; of ${name}, ${wanted}`,
    )
  const [, major, minor] = found.map(Number)
  const own: Numbers = [major ?? 0, minor ?? 0]
  const why = before(own, from)
    ? `${name} ${version.Version} is old, and gets fixes from a distribution at most; ${wanted}`
    : `${name} ${version.Version} is newer than any that Drydock was tried on; ${wanted}`
  return desirable('supported version', !before(own, from) && !before(to, own), 'weaker', why)
}

const before = (one: Numbers, other: Numbers) =>
  one[0] < other[0] || (one[0] === other[0] && one[1] < other[1])

const said = ([major, minor]: Numbers) =>
  minor === 0 || !Number.isFinite(minor) ? `${major}` : `${major}.${minor}`
