import type { StageKey } from '../../contract/stageTitle.ts'
import type { Emit } from '../../store/emit.ts'
import { currentStage } from '../stage.ts'
import { nameOf } from '../toolchains/need.ts'
import type { Container, ContainerSpec, Exit, Sandbox } from './sandbox.ts'

/** The same sandbox, with an event for each container that ends before it is disposed of. */
export function recorded(sandbox: Sandbox, emit: Emit): Sandbox {
  let over = false
  const ended = (spec: ContainerSpec, exit: Exit, within: StageKey | undefined): void => {
    // The log has its end by then.
    if (over) return
    emit({
      type: 'container.ended',
      ...stageOf(within),
      kind: spec.kind,
      image: nameOf(spec.image.need),
      exitCode: exit.exitCode,
      ...(exit.timedOut ? { timedOut: true } : {}),
      ...(exit.outOfMemory ? { outOfMemory: true } : {}),
      durationMs: exit.durationMs,
    })
  }
  return {
    ...sandbox,
    async start(spec, signal): Promise<Container> {
      const within = currentStage()
      const container = await sandbox.start(spec, signal)
      void container.exited.then(
        (exit) => ended(spec, exit, within),
        () => undefined,
      )
      return container
    },
    async dispose() {
      over = true
      await sandbox.dispose()
    },
  }
}

function stageOf(within: StageKey | undefined): Partial<StageKey> {
  if (within === undefined) return {}
  const { stage, role, attempt } = within
  return { stage, ...(role === undefined ? {} : { role }), ...(attempt === undefined ? {} : { attempt }) }
}
