import fs from 'node:fs'
import path from 'node:path'
import { tapFolder } from '../../src/contract/tapFolder.ts'
import { quietly } from './record.ts'

/** node-tap has an option for a copy of what it reports (https://node-tap.org/docs/cli/): where the user has none. */
export function observeTap(directory: string): void {
  if (process.argv.some((word) => /^(--output-file(=|$)|-o)/.test(word))) return
  const folder = path.join(directory, 'tap')
  const name = `${process.pid}-${process.hrtime.bigint().toString(36)}`
  const file = path.join(folder, name)
  const start = process.cwd()
  fs.mkdirSync(folder, { recursive: true })
  process.argv.splice(2, 0, `--output-file=${file}`)
  process.on('exit', () => {
    quietly(() => {
      const text = fs.readFileSync(file, 'utf8')
      fs.writeFileSync(path.join(directory, `${name}.tap`), `${tapFolder}${start}\n${text}\n`)
    })
  })
}
