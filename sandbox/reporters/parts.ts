import path from 'node:path'
import type { PartLine } from '../../src/contract/resultLine.ts'
import { unnamedRunner } from './program.ts'
import { openLines } from './record.ts'

/** Says that a package's test script came as far as this process, or that a runner without names did. */
export function notePart(program: string, directory: string): void {
  const runner = unnamedRunner(program)
  const { npm_lifecycle_event: script, npm_package_json: manifest, npm_package_name: name } = process.env
  const isTest = script !== undefined && /^(pre|post)?test/.test(script)
  if (!isTest && runner === undefined) return
  const part = manifest === undefined ? process.cwd() : path.dirname(manifest)
  const line: PartLine = {
    part,
    ...(name === undefined ? {} : { name }),
    ...(runner === undefined ? {} : { runner }),
  }
  openLines(directory)(line)
}
