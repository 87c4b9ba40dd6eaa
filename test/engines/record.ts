import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Settings } from '../../src/contract/settings.ts'
import { abilitiesOf } from '../../src/runner/docker/abilities.ts'
import { ownFilter } from '../../src/runner/docker/containerOptions.ts'
import { type EngineFacts, factsOf } from '../../src/runner/docker/facts.ts'
import { sandboxOn } from '../../src/runner/docker/openSandbox.ts'
import { NAMESPACES, SCRIPT } from '../../src/runner/docker/probe.ts'
import type { Container } from '../../src/runner/docker/sandbox.ts'
import { ASSETS, testEngine, testSessionId } from '../support/sandbox.ts'

const folder = resolve(import.meta.dirname, '../fixtures/engines')
const options = { timeoutMs: 60_000, maxOutputBytes: 256 * 1024 }

async function text(container: Container, script: string): Promise<string> {
  return (await container.exec(['/bin/sh', '-c', script], options)).output.toString()
}

/** What is read of it; the rest is the machine's own business. */
function needed({ info, version, ...rest }: EngineFacts): object {
  const { OSType, SecurityOptions, MemoryLimit, SwapLimit, PidsLimit, CpuCfsQuota, CgroupVersion } = info
  const said = { OSType, SecurityOptions, MemoryLimit, SwapLimit, PidsLimit, CpuCfsQuota, CgroupVersion }
  const Runtimes = Object.fromEntries(Object.keys(info.Runtimes ?? {}).map((one) => [one, {}]))
  const Components = version.Components?.map(({ Name, Version }) => ({ Name, Version }))
  return {
    ...rest,
    info: { ...said, Runtimes, Rootless: info.Rootless },
    version: { Version: version.Version, KernelVersion: version.KernelVersion, Components },
  }
}

/** Without the folders of the engine's machine. */
function mountsOf(inside: string): string {
  return inside
    .replaceAll(/^(mount=.* - \S+) .*$/gm, '$1')
    .replaceAll(/^(mount=\d+ \d+ \S+ )\/\S*\//gm, '$1/its/own/')
}

/**
 * `record.ts NAME`: writes what the engine at DOCKER_HOST says of itself and of a container, and what is seen from
 * inside, to `test/fixtures/engines/NAME.json`, for the unit tests that read it.
 */
async function main(name: string): Promise<void> {
  const engine = await testEngine()
  const limits = Settings.parse({})
  const facts = await factsOf(engine.docker)
  const { sandbox } = sandboxOn(
    { engine, sessionId: testSessionId(), limits, assets: ASSETS, env: process.env },
    abilitiesOf(facts),
  )
  try {
    const image = await sandbox.image({ kind: 'agent' }, () => undefined)
    const volume = await sandbox.createVolume()
    const workspace = await sandbox.workspace({ volume, key: 'recording' })
    const [one, other] = [
      await sandbox.start({ kind: 'project', image, workspace }),
      await sandbox.start({ kind: 'project', image, cwd: '/' }),
    ]
    const { HostConfig, Config, Mounts } = await engine.docker.getContainer(one.id).inspect()
    const container = { HostConfig, Config: { User: Config.User, Labels: Config.Labels }, Mounts }
    const [inside, beside] = [await text(one, SCRIPT), await text(other, NAMESPACES)]
    const recorded = { facts: needed(facts), container, inside: mountsOf(inside), beside }
    await writeFile(
      join(folder, `${name}.json`),
      `${JSON.stringify(recorded, undefined, 1).replaceAll(JSON.stringify(ownFilter), '"seccomp=own"')}\n`,
    )
    await Promise.all([one, other].map((each) => each.remove()))
    await workspace.dispose()
  } finally {
    await sandbox.dispose()
    engine.close()
  }
}

await main(process.argv[2] ?? 'engine')
