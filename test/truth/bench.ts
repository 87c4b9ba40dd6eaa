import { join } from 'node:path'
import pLimit from 'p-limit'
import { openHost } from './host.ts'
import { writeMavenSettings } from './maven/host.ts'
import { mavenRepository } from './maven/library.ts'
import { serveMaven } from './maven/server.ts'
import { startRegistry } from './registry.ts'
import type { Bench } from './trial.ts'

export interface OpenBench extends Bench, AsyncDisposable {}

/** What a trial needs: a host with our registry, and with `java` the Maven repository as well. `number` is the worker's. */
export async function openBench(
  out: string,
  options: { readonly java: boolean; readonly number?: number } & Partial<Pick<Bench, 'keep' | 'inTurn'>>,
): Promise<OpenBench> {
  await using opened = new AsyncDisposableStack()
  const registry = opened.use(await startRegistry())
  const host = await openHost(join(out, `home-${options.number ?? 0}`), registry.url)
  if (options.java) {
    const repository = opened.use(await serveMaven(await mavenRepository(join(host.managers, 'jars'))))
    await writeMavenSettings(host, repository.url)
  }
  const kept = opened.move()
  return {
    host,
    registry,
    home: join(out, 'drydock'),
    inTurn: options.inTurn ?? pLimit(1),
    keep: options.keep ?? false,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}
