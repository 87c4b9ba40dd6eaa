import semver from 'semver'
import type { Tree } from '../ecosystem.ts'
import type { Manifest } from './manifest.ts'

/** Majors of Node that images are made for, the preferred one first. */
export const nodeMajors = [22, 24, 20, 18] as const

const ltsNames: Readonly<Record<string, number>> = { hydrogen: 18, iron: 20, jod: 22, krypton: 24 }

/**
 * The major that the repository asks for: `.drydock.json`, `.nvmrc`, `.node-version`, volta, engines,
 * in this order; the nearest newer one where there is no image for it.
 */
export async function nodeMajor(tree: Tree, manifest: Manifest, configured?: string): Promise<number> {
  const files = await Promise.all(['.nvmrc', '.node-version'].map((path) => tree.read(path)))
  const wishes = [configured, ...files.map((bytes) => bytes?.toString('utf8').trim()), manifest.volta?.node]
  for (const wish of wishes) {
    const major = wish === undefined ? undefined : majorOf(wish)
    if (major !== undefined) return nearest(major)
  }
  const range = semver.validRange(manifest.engines?.node ?? '*') ?? '*'
  const fitting = nodeMajors.find((major) => semver.intersects(range, `${major}.x`))
  return fitting ?? nearest(semver.minVersion(range)?.major ?? nodeMajors[0])
}

function majorOf(wish: string): number | undefined {
  const name = /^lts\/(.+)$/i.exec(wish)?.[1]?.toLowerCase()
  if (name !== undefined) return ltsNames[name] ?? nodeMajors[0]
  return semver.coerce(wish)?.major
}

function nearest(major: number): number {
  const sorted = [...nodeMajors].sort((a, b) => a - b)
  return sorted.find((candidate) => candidate >= major) ?? sorted.at(-1) ?? nodeMajors[0]
}
