/**
 * A program for the project's Node, however old, run in the workspace: install scripts of the packages that have any,
 * never the project's own. Where all together fail, each is tried alone, so that one that wants the
 * network does not keep the others from being built. Ends with 1 and the names of those that failed.
 */
export const rebuildScript = `
const { spawnSync } = require('child_process')
const { existsSync, readdirSync, readFileSync } = require('fs')
const names = new Set()
function read(dir) {
  try {
    return JSON.parse(readFileSync(dir + '/package.json', 'utf8'))
  } catch {
    return {}
  }
}
function visit(dir, name) {
  const { scripts = {} } = read(dir)
  const own = ['preinstall', 'install', 'postinstall'].some((step) => scripts[step] !== undefined)
  if (own || existsSync(dir + '/binding.gyp')) names.add(name)
  walk(dir + '/node_modules', '')
}
function walk(dir, scope) {
  if (!existsSync(dir)) return
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue
    if (entry.name.startsWith('@')) walk(dir + '/' + entry.name, entry.name + '/')
    else visit(dir + '/' + entry.name, scope + entry.name)
  }
}
function rebuild(some) {
  return spawnSync('npm', ['rebuild', '--foreground-scripts', ...some], { stdio: 'inherit' }).status === 0
}
for (const folder of process.argv.slice(1)) walk(folder + '/node_modules', '')
if (names.size > 0 && !rebuild([...names])) {
  const failed = names.size === 1 ? [...names] : [...names].filter((name) => !rebuild([name]))
  if (failed.length > 0) console.error('failed: ' + failed.join(', '))
  process.exitCode = failed.length > 0 ? 1 : 0
}
`
