import { parseArgs } from 'node:util'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { agentPaths, DocumentAnswer } from '../../src/contract/agent.ts'
import { workspacePath } from '../../src/contract/workspace.ts'
import { diffOfWorkTree } from '../git/diff.ts'
import { ensureGitFolder } from '../git/folder.ts'
import { post } from '../http/post.ts'
import { createBash } from './bash/bash.ts'
import { createEdit } from './edit.ts'
import { createGit } from './git.ts'
import { createGiveUp } from './giveUp.ts'
import { createRead } from './read.ts'
import { createToolServer } from './server.ts'
import type { ToolContext } from './tool.ts'
import { createVerify } from './verify.ts'

const { values } = parseArgs({
  options: {
    workspace: { type: 'string', default: workspacePath },
    'git-dir': { type: 'string', default: '/tmp/drydock-git' },
    tree: { type: 'string', default: '' },
    relay: { type: 'string', default: '' },
    bin: { type: 'string', default: '/usr/bin' },
    ours: { type: 'string', default: '[]' },
    'timeout-ms': { type: 'string', default: '30000' },
    'verify-timeout-ms': { type: 'string', default: '600000' },
    /** Ends with its input, as always; named so that both programs are made warm in one way. */
    warm: { type: 'boolean' },
  },
})

const { bin, workspace } = values
const context: ToolContext = {
  workspace,
  gitDir: values['git-dir'],
  binaries: {
    rg: `${bin}/rg`,
    cat: `${bin}/cat`,
    head: `${bin}/head`,
    tail: `${bin}/tail`,
    find: `${bin}/find`,
    wc: `${bin}/wc`,
    git: `${bin}/git`,
  },
  timeoutMs: Number(values['timeout-ms']),
}
const git = { workspace, gitDir: context.gitDir, binary: context.binaries.git }
const ours = JSON.parse(values.ours) as string[]
const never = new AbortController().signal
const call = { timeoutMs: 120_000, maxBytes: 64 * 1024 * 1024, signal: never }

// Made when it is first needed, and before the first edit: until then the work tree is as the install left it.
let folder: Promise<void> | undefined
const ready = () => {
  folder ??= ensureGitFolder(git, values.tree, ours, call)
  return folder
}

async function askDocument(address: string, signal: AbortSignal): Promise<DocumentAnswer> {
  const body = JSON.stringify({ address })
  const url = `${values.relay}${agentPaths.document}`
  const answer = await post(url, body, context.timeoutMs, signal).catch(() => undefined)
  if (answer?.status !== 200) return { refused: 'it cannot be had at the moment' }
  return DocumentAnswer.parse(JSON.parse(answer.body))
}

const edit = createEdit(context)
const tools = [
  createRead(context, askDocument),
  {
    ...edit,
    run: async (input: unknown, signal: AbortSignal) => {
      await ready()
      return edit.run(input, signal)
    },
  },
  createBash(context),
  createGit(context, ready),
  createVerify({
    relayUrl: values.relay,
    timeoutMs: Number(values['verify-timeout-ms']),
    diff: async (signal) => {
      await ready()
      return diffOfWorkTree(git, values.tree, { timeoutMs: 120_000, signal })
    },
  }),
  createGiveUp(),
]

await createToolServer(tools).connect(new StdioServerTransport())
