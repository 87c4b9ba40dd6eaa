import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { execa } from 'execa'
import type { ReportView, SessionView } from '../../src/contract/sessionView.ts'
import { readSessionJson } from '../../test/support/drydock.ts'
import { startServer } from '../../test/support/git-http/start.ts'
import { startModel } from '../../test/support/model/server.ts'
import type { WildCase, WildResult } from './list.ts'

export interface Places {
  /** Holds the repositories: `owner+name/repo`, `owner/name.git` or `owner/name`. */
  readonly repositories: string
  /** Gets the clones, and a folder a case with what the session left. */
  readonly out: string
  /** Drydock's own home of the runs; what is prepared there stays. */
  readonly home: string
  readonly program: string
}

/** The repositories as a forge on loopback: dependencies from git come from there as well. */
export async function forge({
  repositories,
  out,
}: Places): Promise<AsyncDisposable & { readonly url: string }> {
  const root = join(out, 'forge')
  await rm(root, { recursive: true, force: true })
  for (const name of await readdir(repositories)) {
    const [owner = '', repository] = name.split('+')
    const mirror =
      repository === undefined
        ? undefined
        : mirrorOf({ repositories }, { repository: `${owner}/${repository}` })
    if (mirror === undefined) continue
    await mkdir(join(root, owner), { recursive: true })
    await symlink(mirror, join(root, owner, `${repository}.git`))
    await symlink(mirror, join(root, owner, String(repository)))
  }
  return await startServer(join(import.meta.dirname, '../../test/support/git-http/main.ts'), [root])
}

export function mirrorOf(
  { repositories }: Pick<Places, 'repositories'>,
  { repository }: Pick<WildCase, 'repository'>,
): string | undefined {
  const plus = join(repositories, repository.replace('/', '+'), 'repo')
  const places = [
    join(plus, '.git'),
    plus,
    join(repositories, `${repository}.git`),
    join(repositories, repository),
  ]
  return places.find((place) => existsSync(place))
}

/** A clone that stands at the commit with nothing checked out: a session reads blobs alone. */
export async function clone(mirror: string, commit: string, folder: string, forge: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const git = (...argv: string[]) =>
    execa('git', ['-c', 'core.hooksPath=/dev/null', ...argv], { cwd: folder })
  await git('clone', '--quiet', '--shared', '--no-checkout', '--no-tags', mirror, '.')
  await git('config', `url.${forge}/.insteadOf`, 'https://github.com/')
  await git('config', '--add', `url.${forge}/.insteadOf`, 'ssh://git@github.com/')
  await git('cat-file', '-e', `${commit}^{tree}`)
  await git('update-ref', 'refs/heads/drydock-wild', await withoutAbsent(folder, commit))
  await git('symbolic-ref', 'HEAD', 'refs/heads/drydock-wild')
}

/** A copy of a repository may lack its largest files: a commit without them then, else the commit itself. */
async function withoutAbsent(cwd: string, commit: string): Promise<string> {
  const git = execa({ cwd, env: { GIT_NO_LAZY_FETCH: '1' }, stripFinalNewline: true })
  const { stdout: listed } = await git`git ls-tree -r -z ${commit}`
  const entries = listed.split('\0').flatMap((line) => {
    const [, type = '', id = '', path = ''] = /^\d+ (\w+) (\w+)\t(.*)$/s.exec(line) ?? []
    return type === 'blob' ? [{ id, path }] : []
  })
  const input = entries.map(({ id }) => `${id}\n`).join('')
  const { stdout: checked } = await execa({
    cwd,
    env: { GIT_NO_LAZY_FETCH: '1' },
    input,
  })`git cat-file --batch-check`
  const absent = checked
    .split('\n')
    .flatMap((line, index) => (line.endsWith(' missing') ? [entries[index]] : []))
  if (absent.length === 0) return commit
  await git`git read-tree ${commit}`
  await git`git rm --cached --quiet -- ${absent.map((entry) => entry?.path ?? '')}`
  const { stdout: tree } = await git`git write-tree`
  const { stdout: made } =
    await git`git -c user.name=wild -c user.email=wild@example.com commit-tree -m ${commit} ${tree}`
  return made
}

const lines = (report: ReportView | undefined): ReadonlyMap<string, boolean> =>
  new Map(report?.steps.map(({ command, exitCode }) => [command, exitCode === 0]))

const word = (ok: boolean | undefined): string => (ok === undefined ? '-' : ok ? 'ok' : 'failed')

function testsOf({ reports }: SessionView): string {
  return (['base', 'update'] as const)
    .map((role) => reports[role])
    .map((report) => (report?.testsNamed ? `${report.tests.passed}+/${report.tests.failed}-` : '?'))
    .join(' → ')
}

/** Runs one update with a model that gives up at once: what is measured is whether it was asked, and what about. */
export async function measure(places: Places, wild: WildCase, version: string): Promise<WildResult> {
  const empty = {
    id: wild.id,
    broken: [],
    steps: [],
    tests: '',
    warnings: [],
    firstRequestBytes: 0,
    seconds: 0,
    version,
  }
  const mirror = mirrorOf(places, wild)
  if (mirror === undefined)
    return { ...empty, end: 'absent', outcome: '', reason: 'The repository is not at hand.' }
  const folder = join(places.out, wild.id)
  // By commit: what is known of its base serves each of its updates.
  const checkout = join(
    places.out,
    'clones',
    `${wild.repository.replace('/', '+')}@${wild.commit.slice(0, 10)}`,
  )
  await using remote = await forge(places)
  try {
    await clone(mirror, wild.commit, checkout, remote.url)
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    return { ...empty, end: 'absent', outcome: '', reason: `The commit is not at hand: ${reason}` }
  }
  await using model = await playedModel()
  await mkdir(folder, { recursive: true })
  const started = performance.now()
  const { stdout, stderr } = await session(places, wild, checkout, model.url)
  const seconds = Math.round((performance.now() - started) / 1000)
  await writeFile(join(folder, 'session.json'), stdout)
  await writeFile(join(folder, 'stderr.txt'), stderr)
  await writeFile(join(folder, 'requests.json'), JSON.stringify(model.requests, null, 1))
  const printed = readSessionJson(tryParse(stdout))
  if (!printed.success) throw new Error(`${wild.id} printed no session: ${stderr.trim().slice(-400)}`)
  const seen = told(printed.data)
  const stages = stagesOf(await loggedEvents(places, printed.data.id))
  return { ...empty, ...seen, ...askedOf(printed.data, seen.broken.length > 0, model), seconds, stages }
}

export interface Logged {
  readonly type: string
  readonly time: string
  readonly stage?: string
  readonly role?: string
  readonly durationMs?: number
}

/** A session's log, as far as times are concerned. */
export async function loggedEvents({ home }: Pick<Places, 'home'>, id: string): Promise<readonly Logged[]> {
  const text = await readFile(join(home, 'sessions', id, 'events.jsonl'), 'utf8')
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Logged]))
}

export function stagesOf(events: readonly Logged[]): NonNullable<WildResult['stages']> {
  const found = new Map<string, { seconds: number; times: number }>()
  for (const { type, stage = '', role, durationMs = 0 } of events) {
    if (type !== 'stage.finished') continue
    const name = role === undefined ? stage : `${stage} ${role}`
    const { seconds, times } = found.get(name) ?? { seconds: 0, times: 0 }
    found.set(name, { seconds: seconds + durationMs / 1000, times: times + 1 })
  }
  return [...found].map(([stage, { seconds, times }]) => ({
    ...{ stage, times },
    seconds: Math.round(seconds * 10) / 10,
  }))
}

function tryParse(printed: string): unknown {
  try {
    return JSON.parse(printed)
  } catch {
    return undefined
  }
}

/** Gives up at once. */
export async function playedModel() {
  const model = await startModel({
    agent: () => ({ text: 'Nothing is tried: this run measures what I was asked.' }),
    judge: () => ({ text: 'Nothing is judged.' }),
  })
  return { ...model, [Symbol.asyncDispose]: () => model.close() }
}

/** One session, to its end without a person. */
export async function session(
  { program, home }: Places,
  { update, folder }: WildCase,
  checkout: string,
  url: string,
) {
  const repo = folder === undefined ? checkout : join(checkout, folder)
  // Nothing of a repository is checked out: a folder of it is named, not read.
  await mkdir(repo, { recursive: true })
  const argv = [program, 'update', update, '--repo', repo, '--no-review', '--json', '--max-attempts', '1']
  const child = spawn(process.execPath, argv, {
    env: { ...process.env, DRYDOCK_HOME: home, ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: 'played' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { stdout, stderr }
}

function told(view: SessionView) {
  const [before, after] = [lines(view.reports.base), lines(view.reports.update)]
  const commands = [...new Set([...before.keys(), ...after.keys()])]
  const { failure } = view
  const detail = failure === null ? '' : ` [${failure.code}]`
  return {
    outcome: `${view.outcome ?? 'none'}${detail}`,
    reason: view.reason ?? '',
    broken: commands.filter((command) => before.get(command) === true && after.get(command) === false),
    steps: commands.map(
      (command) => `${command}: ${word(before.get(command))} → ${word(after.get(command))}`,
    ),
    tests: testsOf(view),
    warnings: view.warnings.map(({ code }) => code),
  }
}

function askedOf(view: SessionView, broke: boolean, model: Awaited<ReturnType<typeof playedModel>>) {
  const first = model.requests.find(({ purpose }) => purpose === 'agent')
  const compared = view.reports.base !== undefined && view.reports.update !== undefined
  const end = first !== undefined ? 'asked' : broke ? 'missed' : compared ? 'clean' : 'stopped'
  return { end, firstRequestBytes: first?.bytes ?? 0 } as const
}
