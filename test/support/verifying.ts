import { createHash } from 'node:crypto'
import type { Report } from '../../src/contract/report.ts'
import type { Prepared } from '../../src/runner/prepare/prepare.ts'
import { type VerifyContext, type VerifyRequest, verify } from '../../src/runner/verify/verify.ts'
import type { Artifacts } from '../../src/store/emit.ts'
import type { Workshop } from './workshop.ts'

/** Artifacts in memory. */
export function memoryArtifacts(): Artifacts & { readonly all: ReadonlyMap<string, Buffer> } {
  const all = new Map<string, Buffer>()
  return {
    all,
    async put(bytes) {
      const digest = createHash('sha256').update(bytes).digest('hex')
      all.set(digest, Buffer.from(bytes))
      return digest
    },
    async get(digest) {
      const bytes = all.get(digest)
      if (bytes === undefined) throw new Error(`no artifact ${digest}`)
      return bytes
    },
  }
}

/** Verifies trees of a workshop's project; `files` are laid over the base's tree, null deletes. */
export function verifier(shop: Workshop, prepared: Prepared, more: Partial<VerifyContext> = {}) {
  const { sandbox, repository, ecosystem } = shop.context
  const artifacts = memoryArtifacts()
  const context: VerifyContext = {
    sandbox,
    repository,
    ecosystem,
    artifacts,
    settings: { verifyTimeoutMs: 120_000 },
    progress: () => undefined,
    signal: new AbortController().signal,
    ...more,
  }
  const project = shop.project
  return {
    artifacts,
    async run(
      files: Readonly<Record<string, string | null>> = {},
      request: Partial<VerifyRequest> = {},
    ): Promise<Report> {
      const changes = Object.entries(files).map(
        ([path, text]) => [path, text === null ? null : Buffer.from(text)] as const,
      )
      const patchedTree = await repository.withFiles(prepared.tree, new Map(changes))
      return verify(context, {
        role: 'base',
        prepared,
        project,
        baseTree: shop.tree,
        patchedTree,
        // A change is run as after a base that passed as a whole.
        ...(changes.length === 0 ? {} : { split: [] }),
        ...request,
      })
    },
  }
}

/** `id outcome` of all tests. */
export function outcomes(report: Report): readonly string[] {
  return report.tests.map(({ id, outcome }) => `${id} ${outcome}`)
}
