/* Swaps two symbolic links, or a folder and a link, as fast as it can, until it is ended. */
import { renameSync, rmSync, symlinkSync } from 'node:fs'

const [file = '', folder = '', insideFile = '', outsideFile = '', insideFolder = '', outsideFolder = ''] =
  process.argv.slice(2)

function point(link: string, target: string): void {
  rmSync(`${link}.new`, { force: true })
  symlinkSync(target, `${link}.new`)
  renameSync(`${link}.new`, link)
}

process.stdout.write('ready\n')
for (;;) {
  point(file, insideFile)
  point(folder, insideFolder)
  point(file, outsideFile)
  point(folder, outsideFolder)
}
