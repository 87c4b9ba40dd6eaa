import { commands, window } from 'vscode'
import type { RunRequest } from '../../contract/runRequest.ts'
import type { Services } from '../services.ts'
import { showReview } from '../showReview.ts'

/** Starts one session and shows it from its first moment. */
export async function startSession(services: Services, request: RunRequest): Promise<void> {
  const { session } = await window.withProgress(
    { location: { viewId: 'drydock.sessions' }, title: 'Starting a session' },
    () => services.runner.ask(request),
  )
  await services.store.refresh()
  showReview(services, session)
}

/** Starts several sessions, one after the other; they run as many at once as the settings say. */
export async function startSessions(services: Services, requests: readonly RunRequest[]): Promise<void> {
  await window.withProgress(
    { location: { viewId: 'drydock.sessions' }, title: 'Starting sessions' },
    async () => {
      for (const request of requests) await services.runner.ask(request)
    },
  )
  await services.store.refresh()
  await commands.executeCommand('drydock.sessions.focus')
}
