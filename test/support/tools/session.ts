import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { makeWorkspace } from './workspace.ts'

export const canaryText = 'CANARY-7f3a-outside'

export interface Answer {
  readonly text: string
  readonly isError: boolean
  readonly flags: readonly string[]
}

/** A tool server as a process of its own over a temporary work tree, as the engine starts it in the container. */
export interface ToolSession {
  readonly workspace: string
  /** A folder beside the work tree with a file that no tool may show. */
  readonly outside: string
  /** A file that exists only if something was executed. */
  readonly executed: string
  readonly tree: string
  call(name: string, input: object): Promise<Answer>
  write(path: string, content: string | Buffer, mode?: number): void
  symlink(path: string, target: string): void
  read(path: string): string
  readonly pid: number
  close(): Promise<void>
}

export interface SessionOptions {
  readonly relay?: string
  readonly timeoutMs?: number
  readonly prepare?: (workspace: string) => void
}

export async function openTools(options: SessionOptions = {}): Promise<ToolSession> {
  const { home, workspace, tree, remove } = makeWorkspace()
  const outside = join(home, 'canary')
  const write = (path: string, content: string | Buffer, mode = 0o644) => {
    const file = join(workspace, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
    chmodSync(file, mode)
  }
  mkdirSync(outside)
  writeFileSync(join(outside, 'outside.txt'), `${canaryText}\n`)
  options.prepare?.(workspace)
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [
      'sandbox/tools/main.ts',
      `--workspace=${workspace}`,
      `--git-dir=${join(home, 'git')}`,
      `--tree=${tree}`,
      `--relay=${options.relay ?? 'http://127.0.0.1:9'}`,
      `--timeout-ms=${options.timeoutMs ?? 30_000}`,
    ],
    env: { PATH: '/nonexistent' },
    stderr: 'inherit',
  })
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(transport)
  return {
    workspace,
    outside,
    executed: join(home, 'CANARY_EXEC'),
    tree,
    pid: transport.pid ?? 0,
    async call(name, input) {
      const result = await client.callTool({ name, arguments: { ...input } })
      const content = result.content as { text: string }[]
      const flags = (result._meta?.['drydock/flags'] ?? []) as string[]
      return { text: content.map((part) => part.text).join('\n'), isError: result.isError === true, flags }
    },
    write,
    symlink: (path, target) => {
      mkdirSync(dirname(join(workspace, path)), { recursive: true })
      symlinkSync(target, join(workspace, path))
    },
    read: (path) => readFileSync(join(workspace, path), 'utf8'),
    async close() {
      await client.close()
      remove()
    },
  }
}
