/*
 * Swaps names in a folder between what lies inside and what lies outside, as fast as it can, until it is ended:
 * `file` and `dir` are links that point here and there, `plain` and `real` are a file and a folder that links replace.
 */
import { renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [root = '', outside = ''] = process.argv.slice(2)
const at = (name: string) => join(root, name)
const spare = at('.spare')

function point(name: string, target: string): void {
  symlinkSync(target, spare)
  renameSync(spare, at(name))
}

function swapPlain(): void {
  point('plain', join(outside, 'file.txt'))
  writeFileSync(spare, 'inside')
  renameSync(spare, at('plain'))
}

function swapReal(): void {
  renameSync(at('real'), at('away'))
  for (;;) {
    try {
      symlinkSync(outside, at('real'))
      unlinkSync(at('real'))
      renameSync(at('away'), at('real'))
      return
    } catch {
      // The tool made the folder anew in between; it goes, and once more.
      rmSync(at('real'), { recursive: true, force: true, maxRetries: 100 })
    }
  }
}

rmSync(spare, { force: true })
process.stdout.write('ready\n')
for (;;) {
  point('file', 'inside/file.txt')
  point('dir', 'inside')
  swapPlain()
  swapReal()
  point('file', join(outside, 'file.txt'))
  point('dir', outside)
  swapPlain()
  swapReal()
}
