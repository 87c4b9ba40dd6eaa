import { randomBytes } from 'node:crypto'
import { join, resolve } from 'node:path'
import type { EventBody } from '../../src/contract/events.ts'
import type { Image, SealedWorkspace } from '../../src/runner/docker/sandbox.ts'
import { serveRelay } from '../../src/runner/docker/serveRelay.ts'
import { createGateway } from '../../src/runner/gateway/gateway.ts'
import { openBareRepository } from '../../src/runner/git/bareRepository.ts'
import type { BareRepository } from '../../src/runner/git/repository.ts'
import type { VerifyChange } from '../../src/runner/repair/handler.ts'
import { loadAgentPrompts, systemPrompt } from '../../src/runner/repair/prompt.ts'
import { type Attempt, type RepairInput, type RepairLimits, repair } from '../../src/runner/repair/repair.ts'
import type { ImageNeed } from '../../src/runner/toolchains/need.ts'
import { type FileContent, git, temporaryFolder, writeFiles } from './madeRepository.ts'
import type { PlayedModel } from './model/server.ts'
import { type TestSandbox, testSandbox } from './sandbox.ts'

const agent: ImageNeed = { kind: 'agent' }

/** A repository sealed for the agent, on the real engine. */
export interface RepairBench extends AsyncDisposable {
  readonly box: TestSandbox
  readonly image: Image
  readonly sealed: SealedWorkspace
  readonly tree: string
  readonly repository: BareRepository
}

export async function openRepairBench(files: Readonly<Record<string, FileContent>>): Promise<RepairBench> {
  const folder = await temporaryFolder()
  const root = join(folder.path, 'user')
  await writeFiles(root, files)
  await git(root, 'init', '-q')
  await git(root, 'add', '-A')
  await git(root, 'commit', '-qm', 'base')
  const tree = await git(root, 'rev-parse', 'HEAD^{tree}')
  const repository = await openBareRepository({
    dir: join(folder.path, 'repo.git'),
    source: root,
    env: process.env,
  })
  const box = await testSandbox()
  const image = await box.image(agent)
  const volume = await box.sandbox.createVolume()
  const archives = [repository.archive(await repository.entries(tree)), await repository.oneCommitGit(tree)]
  const container = await box.sandbox.start({
    kind: 'install',
    image,
    workspace: { unsealed: volume },
    files: archives.map((archive) => ({ path: '/workspace', archive })),
  })
  await container.remove()
  const key = randomBytes(32).toString('hex')
  const sealed = await box.sandbox.seal(volume, key)
  return {
    box,
    image,
    sealed,
    tree,
    repository,
    async [Symbol.asyncDispose]() {
      await box.sandbox.dispose()
      const { docker } = box.engine
      const filters = JSON.stringify({ label: [`drydock.key=${key}`] })
      for (const { Name } of (await docker.listVolumes({ filters })).Volumes)
        await docker.getVolume(Name).remove()
      await box.sandbox.removeVolume(sealed.volume).catch(() => undefined)
      await box[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

export interface PlayedAttempt extends Attempt {
  readonly events: readonly EventBody[]
}

export interface AttemptOptions {
  readonly input?: Partial<RepairInput>
  readonly limits?: Partial<RepairLimits>
  readonly verify?: VerifyChange
  readonly signal?: AbortSignal
  readonly apiKey?: string
  readonly budgetUsd?: number
  readonly onEvent?: (event: EventBody) => void
}

/** One attempt in a real container against a played model. */
export async function playAttempt(
  bench: RepairBench,
  model: PlayedModel,
  options: AttemptOptions = {},
): Promise<PlayedAttempt> {
  const events: EventBody[] = []
  const emit = (event: EventBody) => {
    events.push(event)
    options.onEvent?.(event)
  }
  const gateway = createGateway({
    connection: { apiKey: options.apiKey ?? 'sk-test-key', baseURL: model.url },
    budget: { usd: options.budgetUsd ?? 5, wallClockMs: 120_000 },
    emit,
    retries: 2,
    retryDelayMs: 10,
    idleMs: 1_000,
  })
  const context = {
    sandbox: bench.box.sandbox,
    serveRelay,
    gateway,
    emit,
    limits: {
      maxTurns: 10,
      maxOutputTokens: 1_000,
      toolTimeoutMs: 10_000,
      verifyTimeoutMs: 30_000,
      ...options.limits,
    },
    verify: options.verify ?? (async () => ({ ok: true, text: 'all pass' })),
    signal: options.signal ?? new AbortController().signal,
  }
  const system = systemPrompt(await loadAgentPrompts(resolve(import.meta.dirname, '../../prompts')), 'npm')
  const attempt = await repair(context, {
    attempt: 1,
    model: 'claude-sonnet-5-5',
    promptHash: '0'.repeat(64),
    image: bench.image,
    sealed: bench.sealed,
    tree: bench.tree,
    system,
    prompt: 'Repair it.',
    ...options.input,
  })
  return { ...attempt, events }
}
