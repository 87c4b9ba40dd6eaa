/** Runs in the container, as its user: puts the work tree back, makes a case's fixtures, looks afterwards. */
export const insideScript = `
const fs = require('node:fs'), path = require('node:path'), { execFileSync } = require('node:child_process')
const { createHash } = require('node:crypto')
const [verb, text] = process.argv.slice(1)
const input = JSON.parse(text)
const root = '/workspace'
const at = (name) => path.isAbsolute(name) ? name : path.join(root, name)
const git = (cwd, ...args) => execFileSync('/usr/bin/git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'safe.directory=*', ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })

function empty(folder) {
  for (const name of fs.readdirSync(folder)) fs.rmSync(path.join(folder, name), { recursive: true, force: true })
}

function endOthers() {
  for (const name of fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name))) {
    const pid = Number(name)
    if (pid === process.pid || pid === process.ppid || pid === 1) continue
    let command = ''
    try { command = fs.readFileSync('/proc/' + name + '/cmdline', 'utf8') } catch { continue }
    if (!command.includes('sleep') || !command.includes('infinity')) try { process.kill(pid, 'SIGKILL') } catch {}
  }
}

function generate({ path: name, bytes = 0, fill = 'line of text in a large file\\n', content }) {
  const size = 1 << 20
  const chunk = fill === 'random' ? require('node:crypto').randomBytes(size) : Buffer.alloc(size, fill === 'zero' ? 0 : content ?? fill)
  const fd = fs.openSync(at(name), 'w')
  for (let left = bytes; left > 0; left -= size) fs.writeSync(fd, chunk, 0, Math.min(size, left))
  fs.closeSync(fd)
}

function nested(name, config = {}, bare, staged) {
  const dir = at(name)
  fs.mkdirSync(dir, { recursive: true })
  git(dir, 'init', '-q', ...(bare ? ['--bare'] : []))
  if (!bare) git(dir, 'commit', '-q', '--allow-empty', '-m', 'nested')
  if (staged) git(root, 'add', name)
  for (const [key, value] of Object.entries(config)) git(dir, 'config', key, value)
}

/** Swaps a link between its targets for as long as the case lasts. */
function race({ path: name, targets = ['README.md', '/canary/outside.txt'] }) {
  const swap = 'const fs = require("node:fs"), [name, ...targets] = process.argv.slice(1); for (let turn = 0; ; turn += 1) { fs.symlinkSync(targets[turn % targets.length], name + ".swap"); fs.renameSync(name + ".swap", name) }'
  require('node:child_process').spawn(process.execPath, ['-e', swap, at(name), ...targets], { detached: true, stdio: 'ignore' }).unref()
}

const operations = {
  write: (one) => { fs.writeFileSync(at(one.path), one.base64 === undefined ? Buffer.from(one.content ?? one.text ?? '', one.encoding) : Buffer.from(one.base64, 'base64')); fs.chmodSync(at(one.path), parseInt(one.mode ?? '644', 8)) },
  append: (one) => fs.appendFileSync(at(one.path), one.content),
  mkdir: (one) => fs.mkdirSync(at(one.path), { recursive: true }),
  symlink: (one) => { fs.rmSync(at(one.path), { recursive: true, force: true }); fs.symlinkSync(one.target, at(one.path)) },
  race,
  hardlink: (one) => { try { fs.linkSync(at(one.target), at(one.path)) } catch (error) { if (error.code !== 'EXDEV' && error.code !== 'EPERM') throw error } },
  mkfifo: (one) => execFileSync('/usr/bin/mkfifo', [at(one.path)]),
  socket: (one) => new Promise((done) => { const server = require('node:net').createServer().listen(at(one.path), () => done(server.unref())) }),
  generate,
  chmod: (one) => fs.chmodSync(at(one.path), parseInt(one.mode, 8)),
  remove: (one) => fs.rmSync(at(one.path), { recursive: true, force: true }),
  rename: (one) => fs.renameSync(at(one.path), at(one.target ?? one.to)),
  gitconfig: (one) => git(root, 'config', '--file', path.join(root, '.git/config'), one.key, one.value),
  hook: (one) => { const file = path.join(root, '.git/hooks', one.name ?? one.path ?? 'pre-commit'); fs.mkdirSync(path.dirname(file), { recursive: true }); fs.writeFileSync(file, one.content ?? '#!/bin/sh\\ntouch /tmp/CANARY_EXEC\\n', { mode: 0o755 }) },
  nestedrepo: (one) => nested(one.path, one.config, false, one.staged),
  barerepo: (one) => nested(one.path, one.config, true, false),
}
operations.swap = race
operations.delete = operations.remove
operations.unlink = operations.remove
operations.fifo = operations.mkfifo
operations.link = operations.hardlink
operations.githook = operations.hook

function metadata(folder, found = []) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name)
    const inHooks = /[/]hooks$/.test(folder) || (entry.name === 'config' && fs.existsSync(path.join(folder, 'HEAD')))
    if (entry.isDirectory()) metadata(full, found)
    else if (entry.isFile() && inHooks) found.push(full + ' ' + createHash('sha256').update(fs.readFileSync(full)).digest('hex'))
  }
  return found
}

function peak() {
  let most = 0
  for (const name of fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)))
    try {
      const command = fs.readFileSync('/proc/' + name + '/cmdline', 'utf8')
      if (command.includes('tools.mjs')) most = Math.max(most, Number(/VmHWM:\\s+(\\d+)/.exec(fs.readFileSync('/proc/' + name + '/status', 'utf8'))?.[1] ?? 0) / 1024)
    } catch {}
  return most
}

const verbs = {
  async reset() {
    endOthers()
    empty(root)
    empty('/tmp')
    fs.cpSync(input.root, root, { recursive: true, verbatimSymlinks: true })
    fs.mkdirSync('/tmp/h', { recursive: true })
  },
  async setUp() {
    for (const one of input) {
      const operation = operations[one.op]
      if (operation === undefined) throw new Error('unknown set-up ' + one.op)
      if (one.path !== undefined) fs.mkdirSync(path.dirname(at(one.path)), { recursive: true })
      await operation(one)
    }
    await verbs.look()
  },
  async file() {
    try {
      const full = at(input.path)
      const stat = fs.statSync(full), { size, mode } = stat
      // Reading anything else might wait for ever.
      if (!stat.isFile()) throw 'no file'
      const text = size < 100_000 ? fs.readFileSync(full, 'utf8') : undefined
      process.stdout.write(JSON.stringify({ text, size, mode: mode & 0o777 }))
    } catch { process.stdout.write('{}') }
  },
  async look() {
    process.stdout.write(JSON.stringify({ executed: fs.existsSync('/tmp/CANARY_EXEC'), metadata: metadata(root).sort().join('\\n'), peakMemoryMb: peak() }))
  },
}
verbs[verb]().then(() => process.exit(0), (error) => { console.error(error); process.exit(1) })
`
