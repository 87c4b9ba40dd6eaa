import { window } from 'vscode'
import { engineAdvice } from '../../contract/engineInstall.ts'
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

/** On a machine of one's own what to install is known; where this runs inside of something, the failure says more. */
function next(failure: Failure): string {
  const words = nextInEditor(failure)
  return failure.code === 'engine-not-found' && words !== failure.next
    ? engineAdvice(process.platform)
    : words
}

async function show(failure: Failure): Promise<void> {
  const remedies = remediesOf(failure.code)
  const text = `${shownName(failure.message)} ${shownName(next(failure))}`
  const chosen = await window.showErrorMessage(text, ...remedies.map((one) => remedyTitles[one]))
  const remedy = remedies.find((one) => remedyTitles[one] === chosen)
  if (remedy !== undefined) await mend(remedy)
}
