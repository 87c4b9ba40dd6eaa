import type { Emit } from '../../store/emit.ts'
import type { Container, ContainerSpec, Exit, ImageNeed, Sandbox } from './sandbox.ts'

/** The same sandbox, with an event for each container that ends before it is disposed of. */
export function recorded(sandbox: Sandbox, emit: Emit): Sandbox {
  let over = false
  const ended = (spec: ContainerSpec, exit: Exit): void => {
    // The log has its end by then.
    if (over) return
    emit({
      type: 'container.ended',
      kind: spec.kind,
      image: imageName(spec.image.need),
      exitCode: exit.exitCode,
      ...(exit.timedOut ? { timedOut: true } : {}),
      ...(exit.outOfMemory ? { outOfMemory: true } : {}),
      durationMs: exit.durationMs,
    })
  }
  return {
    ...sandbox,
    async start(spec, signal): Promise<Container> {
      const container = await sandbox.start(spec, signal)
      void container.exited.then(
        (exit) => ended(spec, exit),
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

function imageName(need: ImageNeed): string {
  return need.kind === 'agent' ? 'agent' : `${need.kind} ${need.major}`
}
