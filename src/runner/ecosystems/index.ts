import { type Ecosystem as EcosystemId, ecosystems } from '../../contract/ecosystems/index.ts'
import { DrydockError } from '../../contract/failure.ts'
import type {
  IntegrityModule,
  LogsModule,
  OpenContext,
  OpenedEcosystem,
  OpenModule,
  SpecModule,
} from './module.ts'

/*
 * The folder of an ecosystem is found by its id, so that nothing here names one. The bundler follows such names: it
 * takes every file that could be meant.
 */

/** Opens one ecosystem. Throws its failure where the user's configuration does not do. */
export async function openEcosystem(id: EcosystemId, context: OpenContext): Promise<OpenedEcosystem> {
  const { open } = (await import(`./${id}/open.ts`)) as OpenModule
  return await open(context)
}

/**
 * Opens those that the user's configuration knows; throws what is wrong with the first where it is none, or with the one
 * that is asked for.
 */
export async function openEcosystems(
  context: OpenContext,
  asked?: EcosystemId,
): Promise<readonly OpenedEcosystem[]> {
  const tried = await Promise.allSettled(ecosystems.map(({ id }) => openEcosystem(id, context)))
  const opened = tried.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  for (const [at, one] of tried.entries()) {
    if (one.status === 'fulfilled') continue
    const isNeeded = opened.length === 0 || ecosystems[at]?.id === asked
    if (isNeeded || !(one.reason instanceof DrydockError)) throw one.reason
  }
  return opened
}

export async function logsOf(id: EcosystemId): Promise<LogsModule> {
  return (await import(`./${id}/logs.ts`)) as LogsModule
}

export async function specsOf(id: EcosystemId): Promise<SpecModule> {
  return (await import(`./${id}/spec.ts`)) as SpecModule
}

/** Of every ecosystem. */
export async function integrityRules(): Promise<readonly IntegrityModule[]> {
  return await Promise.all(
    ecosystems.map(async ({ id }) => (await import(`./${id}/integrity.ts`)) as IntegrityModule),
  )
}
