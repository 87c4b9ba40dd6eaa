import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { type RedteamCase, redteamCases } from '../../support/redteam.ts'
import { canaryText, openTools, type ToolSession } from '../../support/tools/session.ts'

interface SetUp {
  readonly op: string
  readonly path: string
  readonly content?: string
  readonly mode?: string
  readonly target?: string
  readonly bytes?: number
  readonly fill?: string
  readonly key?: string
  readonly value?: string
  readonly config?: Readonly<Record<string, string>>
  readonly staged?: boolean
}

function generate(file: string, bytes: number, random: boolean): void {
  const chunk = random ? randomBytes(1 << 20) : Buffer.alloc(1 << 20, 'line of text in a large file\n')
  const fd = openSync(file, 'w')
  for (let written = 0; written < bytes; written += chunk.length) writeSync(fd, chunk)
  closeSync(fd)
}

function git(cwd: string, ...args: string[]): void {
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
    cwd,
    stdio: 'ignore',
  })
}

function nested(dir: string, config: Readonly<Record<string, string>>, bare: boolean): void {
  mkdirSync(dir, { recursive: true })
  git(dir, 'init', '-q', ...(bare ? ['--bare'] : []))
  if (!bare) git(dir, 'commit', '-q', '--allow-empty', '-m', 'nested')
  for (const [key, value] of Object.entries(config)) git(dir, 'config', key, value)
}

function setUp(session: ToolSession, step: SetUp): void {
  const file = join(session.workspace, step.path ?? '')
  if (step.op === 'write')
    session.write(step.path, step.content ?? '', Number.parseInt(step.mode ?? '644', 8))
  else if (step.op === 'symlink') session.symlink(step.path, step.target ?? '')
  else if (step.op === 'mkfifo') execFileSync('mkfifo', [file])
  else if (step.op === 'generate') generate(file, step.bytes ?? 0, step.fill === 'random')
  else if (step.op === 'gitconfig') git(session.workspace, 'config', step.key ?? '', step.value ?? '')
  else if (step.op === 'nestedrepo') nested(file, step.config ?? {}, false)
  else if (step.op === 'barerepo') nested(file, step.config ?? {}, true)
  else throw new Error(`unknown set-up ${step.op}`)
}

/** The case with the places of this test in place of the container's. */
function here(entry: RedteamCase, session: ToolSession): Record<string, unknown> {
  const text = JSON.stringify(entry.input)
    .replaceAll('/canary/', `${session.outside}/`)
    .replaceAll('"/canary"', JSON.stringify(session.outside))
    .replaceAll('/tmp/CANARY_EXEC', session.executed)
    .replaceAll('/workspace', session.workspace)
  return JSON.parse(text) as Record<string, unknown>
}

function memoryOf(pid: number): number {
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(peak?.[1]) / 1024
}

describe('red-team cases of the tools', function () {
  this.timeout(60_000)
  const cases = ['bash', 'edit', 'git', 'read'].flatMap(redteamCases)
  if (cases.length === 0) it.skip('the shared cases are not here')
  let session: ToolSession
  afterEach(() => session?.close())

  for (const entry of cases) {
    it(`${entry.id} ${entry.expect}: ${entry.why.slice(0, 70)}`, async () => {
      session = await openTools()
      const { tool, setup = [], cwd, ...input } = here(entry, session)
      for (const step of setup as SetUp[]) setUp(session, step)
      const before = execFileSync('find', [
        session.workspace,
        '-path',
        '*/.git/hooks/*',
        '!',
        '-name',
        '*.sample',
      ])
      const answer = await session.call(String(tool), input)
      assert.ok(!answer.text.includes(canaryText), answer.text)
      assert.ok(!existsSync(session.executed), 'something was executed')
      const after = execFileSync('find', [
        session.workspace,
        '-path',
        '*/.git/hooks/*',
        '!',
        '-name',
        '*.sample',
      ])
      assert.equal(after.toString(), before.toString())
      if (entry.expect === 'allow') assert.equal(answer.isError, false, answer.text)
      if (entry.expect === 'deny') assert.match(answer.text, /^(Denied|Bad arguments)/)
      if (entry.expect === 'flag') assert.ok(answer.flags.length > 0, answer.text)
      if (entry.expect === 'contain') {
        assert.ok(answer.text.length < 40_000)
        assert.ok(memoryOf(session.pid) < 300, `${memoryOf(session.pid)} MB`)
        const next = await session.call('Read', { path: 'README.md' })
        assert.match(next.text, /Fixture/)
      }
      assert.ok(cwd === undefined || typeof cwd === 'string')
    })
  }
})
