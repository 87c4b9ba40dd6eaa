import type Docker from 'dockerode'
import { z } from 'zod'
import { asked } from './refusal.ts'
import { isPodman, type Version } from './version.ts'

/** What an engine says of itself in the words of Docker's interface. */
export interface EngineInfo {
  readonly OSType?: string
  readonly SecurityOptions?: readonly string[] | null
  readonly MemoryLimit?: boolean
  readonly SwapLimit?: boolean
  readonly PidsLimit?: boolean
  readonly CpuCfsQuota?: boolean
  readonly CgroupVersion?: string
  readonly Runtimes?: Readonly<Record<string, unknown>>
  /** Podman's. */
  readonly Rootless?: boolean
}

/** What Podman says in its own: Docker's words promise control groups that nobody gave to the user. */
const PodmanInfo = z.object({
  host: z.object({
    cgroupControllers: z.array(z.string()).nullish(),
    ociRuntime: z.object({ name: z.string() }).nullish(),
  }),
})

export interface EngineFacts {
  readonly info: EngineInfo
  readonly version: Version
  readonly podman: boolean
  readonly rootless: boolean
  /** Controllers of control groups that Podman may use; undefined where the engine does not list them. */
  readonly controllers?: readonly string[]
  /** The one runtime that Podman starts containers with, whatever a request asks for. */
  readonly runtime?: string
}

/** Asks the engine. Throws `engine-refused` where it refuses. */
export async function factsOf(docker: Docker): Promise<EngineFacts> {
  const [info, version]: [EngineInfo, Version] = await asked(
    'describe itself',
    Promise.all([docker.info(), docker.version()]),
  )
  const podman = isPodman(version)
  const own = podman ? await podmanInfo(docker) : undefined
  const controllers = own?.host.cgroupControllers
  const runtime = own?.host.ociRuntime?.name
  return {
    info,
    version,
    podman,
    rootless: info.Rootless === true || hasOption(info, 'rootless'),
    ...(controllers ? { controllers } : {}),
    ...(runtime === undefined ? {} : { runtime }),
  }
}

/** Whether the engine names a security option, such as `apparmor`. */
export function hasOption(info: EngineInfo, name: string): boolean {
  return (info.SecurityOptions ?? []).some((option) => option.split(',').includes(`name=${name}`))
}

interface Modem {
  dial(call: object, callback: (error: unknown, answer: unknown) => void): void
}

/** Undefined where it does not answer in a form that is known. */
function podmanInfo(docker: Docker): Promise<z.infer<typeof PodmanInfo> | undefined> {
  const call = {
    method: 'GET',
    path: '/v4.0.0/libpod/info',
    statusCodes: { 200: true, 404: 'not Podman', 500: 'server error' },
  }
  return new Promise((resolve) => {
    ;(docker.modem as Modem).dial(call, (error, answer) => {
      const read = PodmanInfo.safeParse(answer)
      resolve(error === null && read.success ? read.data : undefined)
    })
  })
}
