import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ZodError, z } from 'zod'
import { DrydockError } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import type { Patch } from '../../contract/patch.ts'
import { Settings } from '../../contract/settings.ts'
import type { Task } from '../../contract/task.ts'
import type { Warning } from '../../contract/verdict.ts'
import { integrityRules } from '../ecosystems/index.ts'
import type { IntegrityModule } from '../ecosystems/module.ts'
import { fileTrouble } from '../fileTrouble.ts'
import { createGateway, type Gateway } from '../gateway/gateway.ts'
import type { Change } from '../integrity/change.ts'
import { integrityWarnings } from '../integrity/integrity.ts'
import type { JudgeContext } from '../judge/judge.ts'
import { type Case, loadJudgePrompts } from '../judge/request.ts'
import { readTaskFile } from '../judge/taskFile.ts'
import { modelConnection } from '../modelConnection.ts'
import { readPatch } from '../patch/read.ts'
import { readSections } from '../patch/sections.ts'
import { patchWarnings } from '../patch/warnings.ts'
import type { CommandContext } from './context.ts'

/** Options of both commands that ask the judge outside of a session. */
export interface JudgeFlags {
  readonly model?: string
  readonly secondOpinionModel?: string
  readonly budgetUsd?: number
  readonly json?: boolean
}

const maxBytes = 8 * 1024 * 1024
const noCommit = '0'.repeat(40)
const defaultModel = Settings.parse({}).model

async function readAll(context: CommandContext, file: string): Promise<string> {
  if (file === '-') {
    const chunks: Buffer[] = []
    for await (const chunk of context.stdin) chunks.push(Buffer.from(chunk as Buffer))
    return Buffer.concat(chunks).toString('utf8')
  }
  const { size } = await stat(file).catch((error: unknown) => {
    throw failures.badUsage(`${file} cannot be read: ${fileTrouble(error)}.`)
  })
  if (size > maxBytes) throw failures.badUsage(`${file} has ${size} bytes, the limit is ${maxBytes}.`)
  return await readFile(file, 'utf8')
}

/** What a hunk shows of both sides of a file: enough for the rules that count. */
function changesOf(patch: Patch): readonly Change[] {
  return readSections(patch.text).map(({ path, status, hunks }, at) => {
    const side = (mark: string) =>
      hunks
        .flatMap(({ lines }) => lines.filter((line) => line.startsWith(' ') || line.startsWith(mark)))
        .map((line) => `${line.slice(1)}\n`)
        .join('')
    const role = patch.files[at]?.role ?? 'source'
    return {
      path,
      role,
      before: status === 'added' ? undefined : side('-'),
      after: status === 'deleted' ? undefined : side('+'),
    }
  })
}

/** The warnings that a patch gives rise to by itself; an update may change manifests and lock files. */
export function rulesOf(known: readonly IntegrityModule[]) {
  return (patch: Patch, task: Task): readonly Warning[] => rules(known, patch, task)
}

function rules(known: readonly IntegrityModule[], patch: Patch, task: Task): readonly Warning[] {
  const own = patch.files.filter(({ role }) => role === 'manifest' || role === 'lockfile')
  const asked = task.kind === 'dependency-update' ? own.map(({ path }) => path) : []
  const updated = task.kind === 'dependency-update' ? { updated: task.package } : {}
  return [
    ...patchWarnings(patch, asked),
    ...integrityWarnings({ changes: changesOf(patch), kit: new Map(), ...updated }, known),
  ]
}

/** Reads a case from its two files. Throws `bad-usage` and `patch-refused`. */
export async function readCase(
  context: CommandContext,
  files: { readonly patch: string; readonly task: string },
): Promise<Case> {
  try {
    const patch = readPatch(await readAll(context, files.patch), noCommit)
    return readTaskFile(
      JSON.parse(await readAll(context, files.task)),
      patch,
      rulesOf(await integrityRules()),
    )
  } catch (error) {
    if (error instanceof DrydockError) throw error
    const why = error instanceof ZodError ? z.prettifyError(error) : fileTrouble(error)
    throw failures.badUsage(`${files.task}: ${why.replaceAll('\n', ' ')}`)
  }
}

export interface Asking {
  readonly gateway: Gateway
  readonly context: JudgeContext
}

/** The judge with its prompts and a budget of its own. Throws `no-key`. */
export async function openJudge(context: CommandContext, flags: JudgeFlags): Promise<Asking> {
  const gateway = createGateway({
    connection: await modelConnection(context.env),
    budget: { usd: flags.budgetUsd ?? 5, wallClockMs: 6 * 3_600_000 },
    emit: () => {},
  })
  if (!gateway.hasKey) throw failures.noKey()
  return {
    gateway,
    context: {
      complete: gateway.complete,
      prompts: await loadJudgePrompts(context.prompts ?? join(context.assets, 'prompts')),
      model: flags.model ?? defaultModel,
      ...(flags.secondOpinionModel === undefined ? {} : { secondOpinionModel: flags.secondOpinionModel }),
      signal: context.signal,
    },
  }
}
