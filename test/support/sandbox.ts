import { randomBytes } from 'node:crypto'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Settings } from '../../src/contract/settings.ts'
import { abilitiesOf, type EngineAbilities } from '../../src/runner/docker/abilities.ts'
import type { SandboxLimits } from '../../src/runner/docker/containerOptions.ts'
import { type Engine, findEngine } from '../../src/runner/docker/engine.ts'
import { factsOf } from '../../src/runner/docker/facts.ts'
import { openSandbox } from '../../src/runner/docker/openSandbox.ts'
import type { Image, Sandbox } from '../../src/runner/docker/sandbox.ts'
import type { ImageNeed } from '../../src/runner/toolchains/need.ts'

export const ASSETS = resolve(import.meta.dirname, '../..')

/** The engine of the machine that the tests run on, or the one at `dockerHost`. */
export function testEngine(onDockerCall?: (name: string) => void, dockerHost?: string): Promise<Engine> {
  return findEngine({
    env: dockerHost === undefined ? process.env : { DOCKER_HOST: dockerHost },
    home: homedir(),
    platform: process.platform,
    ...(process.getuid && { uid: process.getuid() }),
    ...(onDockerCall && { onDockerCall }),
  })
}

export function testSessionId(): string {
  return `20260101-000000-${randomBytes(3).toString('hex')}`
}

export interface TestSandbox extends AsyncDisposable {
  readonly engine: Engine
  readonly sandbox: Sandbox
  readonly sessionId: string
  readonly abilities: EngineAbilities
  image(need?: ImageNeed): Promise<Image>
}

/** A sandbox of its own session on the real engine; everything of it goes at the end. */
export async function testSandbox(limits: Partial<SandboxLimits> = {}, given?: Engine): Promise<TestSandbox> {
  const engine = given ?? (await testEngine())
  const sessionId = testSessionId()
  const abilities = abilitiesOf(await factsOf(engine.docker))
  const sandbox = await openSandbox({
    engine,
    sessionId,
    limits: { ...Settings.parse({}), ...limits },
    assets: ASSETS,
    env: process.env,
    profiles: join(tmpdir(), 'drydock-test-seccomp'),
  })
  return {
    engine,
    sandbox,
    sessionId,
    abilities,
    image: (need = { kind: 'node', major: 24 }) => sandbox.image(need, () => undefined),
    async [Symbol.asyncDispose]() {
      await sandbox.dispose()
      engine.close()
    },
  }
}
