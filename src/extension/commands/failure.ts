import { commands, window } from 'vscode'
import type { Failure } from '../../contract/failure.ts'
import { toFailure } from '../../contract/failure.ts'
import { shownName } from '../../contract/shownText.ts'

/** What a person can do at once about a failure. */
const remedies: Partial<Record<Failure['code'], { readonly title: string; readonly command: string }>> = {
  'no-key': { title: 'Set API Key', command: 'drydock.setApiKey' },
  'repair-needs-key': { title: 'Set API Key', command: 'drydock.setApiKey' },
  'model-refused': { title: 'Set API Key', command: 'drydock.setApiKey' },
  'engine-not-found': { title: 'Doctor', command: 'drydock.doctor' },
  'engine-refused': { title: 'Doctor', command: 'drydock.doctor' },
  'protection-missing': { title: 'Doctor', command: 'drydock.doctor' },
  internal: { title: 'Doctor', command: 'drydock.doctor' },
}

/** Runs a command's work and tells a failure in the words of its factory; a cancelled one needs none. */
export async function told(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const failure = toFailure(error)
    if (failure.code !== 'cancelled') void show(failure)
  }
}

async function show({ code, message, next }: Failure): Promise<void> {
  const remedy = remedies[code]
  const text = `${shownName(message)} ${shownName(next)}`
  const chosen = await window.showErrorMessage(text, ...(remedy === undefined ? [] : [remedy.title]))
  if (remedy !== undefined && chosen === remedy.title) await commands.executeCommand(remedy.command)
}
