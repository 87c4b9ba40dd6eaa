import { failures } from '../../contract/failures.ts'
import type { Warning } from '../../contract/verdict.ts'
import { workspacePath } from '../../contract/workspace.ts'
import type { ExecResult, Image } from '../docker/sandbox.ts'
import { using } from '../docker/using.ts'
import type { InstallScript } from '../ecosystems/recipe.ts'
import type { InstallContext } from '../install/runInstall.ts'
import { startOn } from '../install/volume.ts'

const maxOutputBytes = 200_000
const shownCharacters = 400

/** Install scripts, offline, each in turn. One that fails is a warning until a check fails because of it. */
export async function runInstallScripts(
  context: InstallContext,
  image: Image,
  volume: string,
  scripts: readonly InstallScript[],
): Promise<readonly Warning[]> {
  const warnings: Warning[] = []
  const pending = [...scripts]
  // A time-out removes the container, so the rest needs another one.
  while (pending.length > 0)
    await using(await startOn(context, image, volume), async (container) => {
      for (let script = pending.shift(); script !== undefined; script = pending.shift()) {
        const { cwd, env, argv } = script
        const result = await container.exec(argv, {
          cwd: cwd === undefined ? workspacePath : `${workspacePath}/${cwd}`,
          env,
          timeoutMs: context.timeoutMs,
          maxOutputBytes,
          signal: context.signal,
        })
        if (context.signal.aborted) throw failures.cancelled()
        if (result.exitCode !== 0) warnings.push(failed(script, result))
        if (result.timedOut) return
      }
    })
  return warnings
}

function failed(script: InstallScript, result: ExecResult): Warning {
  const how = result.timedOut ? 'did not end in time' : `ended with ${result.exitCode ?? 'a signal'}`
  const end = result.output.toString('utf8').trim().slice(-shownCharacters)
  return {
    code: `install-script-failed:${script.display}`,
    message: `\`${script.display}\` ${how}; install scripts have no network. ${end}`.trim(),
    severity: 'notice',
  }
}
