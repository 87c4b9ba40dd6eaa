import type { Duplex, Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import type Docker from 'dockerode'

/* Calls that dockerode has, and that are made by hand here because of what its own do. */

interface Call {
  readonly method: 'POST'
  /** Ends in `?` where `options` are the query. */
  readonly path: string
  readonly options: Readonly<Record<string, unknown>>
  readonly isStream: true
  readonly hijack?: boolean
  /** The body, instead of the options once more as JSON. */
  readonly file?: Buffer
  readonly statusCodes: Readonly<Record<number, boolean | string>>
}

interface Modem {
  dial(call: Call, callback: (error: unknown, answer: Duplex) => void): void
}

const statusCodes = { 101: true, 200: true, 404: 'no such container', 409: 'conflict', 500: 'server error' }

function dial(docker: Docker.Container, call: Omit<Call, 'method' | 'isStream' | 'statusCodes'>) {
  return new Promise<Duplex>((resolve, reject) => {
    const whole: Call = { method: 'POST', isStream: true, statusCodes, ...call }
    ;(docker.modem as Modem).dial(whole, (error, answer) => (error ? reject(error) : resolve(answer)))
  })
}

/**
 * The container's stdio. dockerode sends the options as a body too, of which the engine makes the container's first
 * input where it comes after the headers in a packet of its own (apocas/dockerode#742).
 */
export function attach(container: Docker.Container, stdin: boolean): Promise<Duplex> {
  const options = { stream: true, hijack: true, stdin, stdout: true, stderr: true }
  return dial(container, {
    path: `/containers/${container.id}/attach?`,
    options,
    hijack: true,
    file: Buffer.alloc(0),
  })
}

/** The exit code of a container's end. dockerode's promise never settles where the connection breaks off. */
export async function waitFor(
  container: Docker.Container,
  condition: 'next-exit' | 'not-running',
): Promise<number> {
  const path = `/containers/${container.id}/wait?`
  const answer: Readable = await dial(container, { path, options: { condition }, file: Buffer.alloc(0) })
  const { StatusCode } = (await json(answer)) as { readonly StatusCode: number }
  return StatusCode
}
