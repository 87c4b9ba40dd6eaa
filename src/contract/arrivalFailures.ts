import { failure } from './failure.ts'

/** Where a package stands instead of where it should. */
interface Standing {
  readonly manifest: string
  readonly version?: string
  /** Name of another package in its place. */
  readonly instead?: string
  /** What decides it. */
  readonly by?: string
}

/** A version that was asked for and is not what is resolved; part of `failures`. */
export const arrivalFailures = {
  versionPinned: (name: string, version: string, at: Standing, detail: string) => {
    const { manifest, by } = at
    const has = [at.instead, at.version].filter((part) => part !== undefined).join(' ')
    return failure(
      'version-pinned',
      `${name} ${version} does not arrive: ${manifest} gets ${has === '' ? 'none' : has}${by === undefined ? '' : `, by ${by}`}.`,
      by === undefined
        ? `Look for what else in the project asks for ${name}, change it and start again.`
        : `Change ${by} so that it gives ${version}, or remove it, and start again.`,
      detail,
    )
  },
} as const
