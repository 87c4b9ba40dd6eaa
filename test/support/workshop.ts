import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBroker, type Fetched } from '../../src/runner/broker/broker.ts'
import type { SandboxLimits } from '../../src/runner/docker/containerOptions.ts'
import type { Image } from '../../src/runner/docker/sandbox.ts'
import { serveRelay } from '../../src/runner/docker/serveRelay.ts'
import type { Ecosystem } from '../../src/runner/ecosystems/ecosystem.ts'
import { npmEcosystem } from '../../src/runner/ecosystems/npm/index.ts'
import type { Project } from '../../src/runner/ecosystems/project.ts'
import type { SourceFetcher } from '../../src/runner/ecosystems/sources.ts'
import { treeView } from '../../src/runner/ecosystems/treeView.ts'
import { openBareRepository } from '../../src/runner/git/bareRepository.ts'
import { openGitSource } from '../../src/runner/gitSource/gitSource.ts'
import { openTarballSource } from '../../src/runner/gitSource/tarballSource.ts'
import { openRecords } from '../../src/runner/install/records.ts'
import { type Prepared, prepare } from '../../src/runner/prepare/prepare.ts'
import type { PrepareContext, PrepareRequest } from '../../src/runner/prepare/request.ts'
import { type NpmHost, readNpmHost } from '../../src/runner/registries/npm/host.ts'
import { serveNpm } from '../../src/runner/registries/npm/serve.ts'
import { type Update, type UpdateRequest, update } from '../../src/runner/update/update.ts'
import { type FileContent, git, makeRepository, temporaryFolder } from './madeRepository.ts'
import { type TestSandbox, testSandbox } from './sandbox.ts'

/** Shared by all tests of a machine, as the user's own cache would be. */
const cacheDir = join(tmpdir(), 'drydock-test-cache')

/** Everything that `prepare` and `update` need, on the real engine and the real registry. */
export interface Workshop extends AsyncDisposable {
  readonly box: TestSandbox
  readonly context: PrepareContext
  readonly project: Project
  readonly commit: string
  readonly tree: string
  readonly fetched: readonly Fetched[]
  readonly progress: readonly string[]
  update(
    request: Pick<UpdateRequest, 'package' | 'requested'> & Partial<UpdateRequest>,
  ): Promise<Update | undefined>
  prepare(request?: Partial<PrepareRequest>): Promise<Prepared>
  /** Runs a command in a fresh project container over the prepared workspace; its output, or a throw. */
  run(
    prepared: Prepared,
    ...argv: string[]
  ): Promise<{ readonly exitCode: number | null; readonly text: string }>
}

export interface WorkshopOptions {
  readonly cacheDir?: string
  readonly limits?: Partial<SandboxLimits>
  readonly allowMissing?: boolean
  /** Hosts that dependencies from git may come from, and variables of the user's git. */
  readonly git?: { readonly hosts: readonly string[]; readonly env: NodeJS.ProcessEnv }
}

export async function workshop(
  files: Readonly<Record<string, FileContent>>,
  options: WorkshopOptions = {},
): Promise<Workshop> {
  const folder = await temporaryFolder()
  const commit = await makeRepository(join(folder.path, 'user'), files)
  return await workshopAt(join(folder.path, 'user'), commit, folder, options)
}

export async function workshopAt(
  root: string,
  commit: string,
  folder: { readonly path: string } & AsyncDisposable,
  options: WorkshopOptions = {},
): Promise<Workshop> {
  const cache = options.cacheDir ?? cacheDir
  const box = await testSandbox(options.limits)
  const repository = await openBareRepository({ dir: join(folder.path, 'repo.git'), source: root })
  const host = await readNpmHost(process.env)
  const ecosystem: Ecosystem = {
    ...npmEcosystem({
      ...{ host, cacheDir: cache, allowMissing: options.allowMissing === true },
      ...(options.git === undefined ? {} : { sources: sourcesOf(root, cache, host, options.git) }),
    }),
    summarise: (_step, log) => ({ category: 'UNKNOWN', failures: [], text: log.slice(0, 1000) }),
  }
  const tree = (await git(root, 'rev-parse', `${commit}^{tree}`)).trim()
  const project = await ecosystem.detect(await treeView(repository, tree))
  if (project === undefined) throw new Error('no project')
  const fetched: Fetched[] = []
  const progress: string[] = []
  const context: PrepareContext = {
    sandbox: box.sandbox,
    serve: serveRelay,
    createBroker: (pins) =>
      createBroker({
        registries: [{ ...host, serve: serveNpm }],
        cacheDir: cache,
        pins,
        onFetched: (one) => void fetched.push(one),
      }),
    timeoutMs: 240_000,
    signal: new AbortController().signal,
    repository,
    ecosystem,
    records: openRecords(join(folder.path, 'records')),
    repositoryId: folder.path,
    registryDigest: host.digest,
    progress: (message) => void progress.push(message),
  }
  return {
    box,
    context,
    project,
    commit,
    tree,
    fetched,
    progress,
    update: (request) => update(context, { baseCommit: commit, tree, project, ...request }),
    prepare: (request) => prepare(context, { tree, project, ...request }),
    run: (prepared, ...argv) => runIn(box, prepared.image, prepared, argv),
    async [Symbol.asyncDispose]() {
      await box[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

function sourcesOf(
  root: string,
  cacheDir: string,
  host: NpmHost,
  { hosts, env }: NonNullable<WorkshopOptions['git']>,
): SourceFetcher {
  const common = { policy: { named: hosts }, cacheDir }
  return {
    git: openGitSource({ ...common, root, env: { ...process.env, ...env } }),
    tarballs: openTarballSource({ ...common, ...host }),
  }
}

async function runIn(box: TestSandbox, image: Image, prepared: Prepared, argv: readonly string[]) {
  const workspace = await box.sandbox.workspace(prepared.workspace)
  const container = await box.sandbox.start({ kind: 'project', image, workspace })
  try {
    const result = await container.exec(argv, { timeoutMs: 120_000, maxOutputBytes: 1_000_000 })
    return { exitCode: result.exitCode, text: result.output.toString('utf8') }
  } finally {
    await container.remove()
    await workspace.dispose()
  }
}
