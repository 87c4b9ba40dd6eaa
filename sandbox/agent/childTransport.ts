import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { ReadBuffer, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'

export type ToolProcess = ChildProcessByStdio<Writable, Readable, null>

/** MCP over the stdio of a process that runs already; the SDK's own transport would start one, and so start it late. */
export class ChildTransport implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: (message: JSONRPCMessage) => void
  readonly #child: ToolProcess
  readonly #buffer = new ReadBuffer()

  constructor(child: ToolProcess) {
    this.#child = child
  }

  async start(): Promise<void> {
    if (this.#child.exitCode !== null) throw new Error('the tool server ended')
    this.#child.once('exit', () => this.onclose?.())
    this.#child.stdin.on('error', (error) => this.onerror?.(error))
    this.#child.stdout.on('data', (chunk: Buffer) => {
      this.#buffer.append(chunk)
      this.#drain()
    })
  }

  #drain(): void {
    try {
      for (let message = this.#buffer.readMessage(); message !== null; message = this.#buffer.readMessage()) {
        this.onmessage?.(message)
      }
    } catch (error) {
      this.onerror?.(error instanceof Error ? error : new Error(String(error)))
    }
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (!this.#child.stdin.write(serializeMessage(message))) await once(this.#child.stdin, 'drain')
  }

  /** The server ends by itself when its input does; one that hangs is killed. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = once(this.#child, 'exit')
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 2_000)
    this.#child.stdin.end()
    await exited
    clearTimeout(timer)
  }
}
