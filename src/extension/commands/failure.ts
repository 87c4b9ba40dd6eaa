import { window } from 'vscode'
import type { Failure } from '../../contract/failure.ts'
import { toFailure } from '../../contract/failure.ts'
import { nextInEditor, remediesOf, remedyTitles } from '../../contract/inEditor.ts'
import { shownName } from '../../contract/shownText.ts'
import { mend } from '../mend.ts'

/** Runs a command's work and tells a failure in the words of its factory; a cancelled one needs none. */
export async function told(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const failure = toFailure(error)
    if (failure.code !== 'cancelled') void show(failure)
  }
}

async function show(failure: Failure): Promise<void> {
  const remedies = remediesOf(failure.code)
  const text = `${shownName(failure.message)} ${shownName(nextInEditor(failure))}`
  const chosen = await window.showErrorMessage(text, ...remedies.map((one) => remedyTitles[one]))
  const remedy = remedies.find((one) => remedyTitles[one] === chosen)
  if (remedy !== undefined) await mend(remedy)
}
