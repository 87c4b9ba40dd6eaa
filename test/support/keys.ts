import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** The secrets that tests hand out: at the end of the whole suite none may be found in anything that is left. */
export const canaryKeys = {
  model: 'sk-ant-CANARY-0123456789abcdef',
  stdin: 'sk-ant-CANARY-stdin-0123456789',
  github: 'ghp_CANARYtokenCANARYtokenCANARYtoken0001',
  editor: 'sk-ant-CANARY-editor-0123456789',
} as const

/** Where folders go that a test is done with, for the last search; unset in a run of single files. */
export const keptFolder = process.env.DRYDOCK_TEST_KEEP

/** Removes what a test's runs left, or puts it where the last search looks. */
export async function discard(folder: string): Promise<void> {
  if (keptFolder === undefined) return rm(folder, { recursive: true, force: true, maxRetries: 5 })
  await rename(folder, join(await mkdtemp(join(keptFolder, 'home-')), 'home'))
}

/** The same, for what lives as long as the process. */
export function discardAtOnce(folder: string): void {
  if (keptFolder === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  else renameSync(folder, join(mkdtempSync(join(keptFolder, 'home-')), 'home'))
}
