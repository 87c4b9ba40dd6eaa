import { window } from 'vscode'
import { type Remedy, remedyTitles } from '../../contract/inEditor.ts'
import { shownName } from '../../contract/shownText.ts'
import { doctorPage } from '../doctor/page.ts'
import { engineLack } from '../engine.ts'
import { mend } from '../mend.ts'
import type { Services } from '../services.ts'

/** Doctor: examines what a run needs and shows it as a page. */
export async function doctor({ runner, secrets, pages, walkthrough }: Services): Promise<void> {
  const where = { location: { viewId: 'drydock.sessions' }, title: 'Examining' }
  const [found, key] = await window.withProgress(where, () =>
    Promise.all([runner.doctor(), secrets.hasKey()]),
  )
  walkthrough.tell('engineReady', found.ready)
  await pages.show('Drydock Doctor', doctorPage(found, { key, platform: process.platform }))
  const lack = engineLack(found, process.platform)
  const lacks: readonly Remedy[] = [
    ...(lack?.remedy === 'installEngine' ? [lack.remedy] : []),
    ...(key ? [] : ['setKey' as const]),
  ]
  // A page has no buttons; nobody waits for the answer.
  if (lacks.length > 0)
    void offer(lack?.remedy === 'installEngine' ? `${lack.what} ${lack.next}` : noKey, lacks)
}

const noKey = 'No key for the model is set: an update that breaks will need one.'

async function offer(text: string, remedies: readonly Remedy[]): Promise<void> {
  const chosen = await window.showWarningMessage(shownName(text), ...remedies.map((one) => remedyTitles[one]))
  const remedy = remedies.find((one) => remedyTitles[one] === chosen)
  if (remedy !== undefined) await mend(remedy)
}
