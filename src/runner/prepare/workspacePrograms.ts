/*
 * Programs for the image's Node, run as the container's user; the first argument is the workspace.
 * They are text because they run in a container that carries nothing of ours but the relay.
 */

/**
 * Arguments: the scratch folder's name, then the names of folders to keep. Without names everything
 * stays but the scratch folder and whatever is called `.git`, wherever it lies.
 */
export const sweepProgram = `
const { readdirSync, rmSync } = require('node:fs')
const [root, scratch, ...keep] = process.argv.slice(1)
const gone = new Set(['.git', scratch])
const remove = (path) => rmSync(path, { recursive: true, force: true })
function dropPlanted(dir) {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = dir + '/' + entry.name
    if (gone.has(entry.name)) remove(path)
    else if (entry.isDirectory()) dropPlanted(path)
  }
}
function sweep(dir) {
  let kept = false
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = dir + '/' + entry.name
    const folder = entry.isDirectory() && !gone.has(entry.name)
    if (folder && keep.includes(entry.name)) {
      kept = true
      dropPlanted(path)
    } else if (folder && sweep(path)) kept = true
    else remove(path)
  }
  return kept
}
if (keep.length > 0) sweep(root)
else dropPlanted(root)
`

/** Makes room for the files of the index: folders where folders belong, nothing where files do. */
export const clearProgram = `
const { execFileSync } = require('node:child_process')
const { lstatSync, rmSync } = require('node:fs')
const [root] = process.argv.slice(1)
const files = execFileSync('/usr/bin/git', ['ls-files', '-z'], { maxBuffer: 1 << 28 }).toString().split('\\0')
const checked = new Set()
function clear(path, folder) {
  if (checked.has(path)) return
  checked.add(path)
  const slash = path.lastIndexOf('/')
  if (slash > 0) clear(path.slice(0, slash), true)
  const found = lstatSync(root + '/' + path, { throwIfNoEntry: false })
  if (found !== undefined && found.isDirectory() !== folder) rmSync(root + '/' + path, { recursive: true })
}
for (const file of files) if (file !== '') clear(file, false)
`

/** Files besides the commit's become patterns that mean only themselves. */
export const excludeProgram = `
const { execFileSync } = require('node:child_process')
const { mkdirSync, writeFileSync } = require('node:fs')
const [root] = process.argv.slice(1)
const options = ['ls-files', '-z', '--others', '--directory', '--exclude-standard']
const others = execFileSync('/usr/bin/git', options, { maxBuffer: 1 << 28 }).toString().split('\\0')
const lines = others
  .filter((path) => path !== '' && !path.includes('\\n'))
  .map((path) => '/' + path.replace(/[\\\\*?[\\]!#]/g, '\\\\$&').replace(/ $/, '\\\\ '))
mkdirSync(root + '/.git/info', { recursive: true })
writeFileSync(root + '/.git/info/exclude', ['node_modules/', ...lines, ''].join('\\n'))
`
