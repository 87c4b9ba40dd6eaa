import fs from 'node:fs'
import path from 'node:path'
import { tapFolder } from '../../src/contract/tapFolder.ts'
import { quietly } from './record.ts'

/** node-tap has an option for a copy of what it reports (https://node-tap.org/docs/cli/): where the user has none. */
export function observeTap(script: string, directory: string): void {
  const folder = path.join(directory, 'tap')
  const file = path.join(folder, `${process.pid}-${process.hrtime.bigint().toString(36)}`)
  const own = process.argv.some((word) => /^(--output-file(=|$)|-o)/.test(word))
  const older = /[\\/]tap[\\/]bin[\\/]run\.js$/.test(script)
  if (own || (!older && process.env.TAP_OUTPUT_FILE !== undefined)) return
  const start = process.cwd()
  fs.mkdirSync(folder, { recursive: true })
  if (older) process.argv.splice(2, 0, `--output-file=${file}`)
  else process.env.TAP_OUTPUT_FILE = file
  process.on('exit', () => {
    quietly(() =>
      fs.writeFileSync(
        `${directory}/${path.basename(file)}.tap`,
        `${tapFolder}${start}\n${fs.readFileSync(file, 'utf8')}\n`,
      ),
    )
  })
}
