import type { Container } from '../docker/sandbox.ts'

/** What every check's processes are given, and a program that tells afterwards what they left. */
export interface Probe {
  readonly env: Readonly<Record<string, string>>
  readonly argv: readonly string[]
  readonly told: (output: string) => void
}

const limits = { timeoutMs: 60_000, maxOutputBytes: 4_000_000 } as const

/** Asks in the container in which the checks ran. */
export async function probed(
  container: Container,
  probe: Probe | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (probe === undefined) return
  const { output } = await container.exec(probe.argv, { ...limits, cwd: '/', signal })
  probe.told(output.toString('utf8'))
}
