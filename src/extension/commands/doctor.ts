import { window } from 'vscode'
import { doctorPage } from '../doctor/page.ts'
import type { Services } from '../services.ts'

/** Doctor: examines what a run needs and shows it as a page. */
export async function doctor({ runner, secrets, pages, walkthrough }: Services): Promise<void> {
  const examine = async (): Promise<string> => {
    const found = await runner.doctor()
    walkthrough.tell('engineReady', found.ready)
    return doctorPage(found, { key: await secrets.hasKey() })
  }
  const where = { location: { viewId: 'drydock.sessions' }, title: 'Examining' }
  await pages.show('Drydock Doctor', await window.withProgress(where, examine))
}
