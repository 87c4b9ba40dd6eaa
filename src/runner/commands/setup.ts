import { join } from 'node:path'
import { failures } from '../../contract/failures.ts'
import { Settings } from '../../contract/settings.ts'
import { newSessionId } from '../../store/home.ts'
import { buildTurns } from '../builds.ts'
import { openSandbox } from '../docker/openSandbox.ts'
import { preflight } from '../docker/preflight.ts'
import { requireProtections } from '../docker/protection.ts'
import { oneLine } from '../terminal/text.ts'
import { type ImageNeed, nameOf } from '../toolchains/need.ts'
import type { CommandContext } from './context.ts'
import { engineOf } from './engine.ts'
import { exitCodes } from './exitCode.ts'

/** `drydock setup`: builds the agent's image, those of the usual Node majors, and of the JDK where asked to. */
export async function setup(
  context: CommandContext,
  flags: { readonly node: readonly string[]; readonly jdk: readonly string[] },
): Promise<number> {
  const needs: ImageNeed[] = [
    { kind: 'agent' },
    ...flags.node.map((major) => ({ kind: 'node', major: majorOf('--node', major) })),
    ...flags.jdk.map((major) => ({ kind: 'jdk', major: majorOf('--jdk', major) })),
  ]
  const engine = await engineOf(context)
  const limits = Settings.parse({})
  // Nothing is built where no run could start.
  await preflight(engine, limits)
    .then(requireProtections)
    .catch((error: unknown) => {
      engine.close()
      throw error
    })
  const sandbox = await openSandbox({
    engine,
    sessionId: newSessionId(context.now()),
    limits,
    assets: context.assets,
    env: context.env,
    builds: buildTurns(context.cache),
    profiles: join(context.cache, 'seccomp'),
  })
  try {
    for (const need of needs) {
      const name = nameOf(need)
      await sandbox.image(need, (message) => context.stderr.write(`${name}: ${message}\n`), context.signal)
      context.stdout.write(`${context.colors.green('✔')} image ${name}\n`)
    }
  } finally {
    await sandbox.dispose()
    engine.close()
  }
  return exitCodes.done
}

function majorOf(option: string, text: string): number {
  if (!/^\d{1,3}$/.test(text))
    throw failures.badUsage(`${option} takes majors, such as 21, not "${oneLine(text, 40)}".`)
  return Number(text)
}
