import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/** The changelog's section of a version, without its heading; undefined where there is none, or nothing in it. */
export function releaseNotes(changelog: string, version: string): string | undefined {
  const [, ...sections] = changelog.split(/^## /m)
  const found = sections.find((section) => section.split(/\s/, 1)[0] === version)
  const notes = found?.slice(found.indexOf('\n')).trim()
  return notes === '' ? undefined : notes
}

/** `releaseNotes.ts vX.Y.Z`: prints the notes of a tag; refused where it is not the version of package.json. */
async function main(tag = ''): Promise<void> {
  const root = resolve(import.meta.dirname, '..')
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  if (tag !== `v${version}`) throw new Error(`The tag is ${tag}, package.json says ${version}.`)
  const notes = releaseNotes(await readFile(join(root, 'CHANGELOG.md'), 'utf8'), version)
  if (notes === undefined) throw new Error(`CHANGELOG.md says nothing of ${version}.`)
  process.stdout.write(`${notes}\n`)
}

if (import.meta.main) {
  try {
    await main(process.argv[2])
  } catch (error) {
    process.stderr.write(`release notes: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}
