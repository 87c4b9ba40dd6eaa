import { homedir } from 'node:os'
import { join } from 'node:path'
import { type Disposable, env, Uri, ViewColumn, type WebviewPanel, window } from 'vscode'
import { toFailure } from '../../contract/failure.ts'
import type { CampaignAction } from '../../contract/fleet/actions.ts'
import { CampaignAsked, type CampaignSaid, type CampaignShown } from '../../contract/fleet/page.ts'
import { sessionUsd } from '../../contract/fleet/spending.ts'
import { failedJob } from '../../contract/fleet/words.ts'
import { nextInEditor } from '../../contract/inEditor.ts'
import { money } from '../../contract/money.ts'
import { shownName } from '../../contract/shownText.ts'
import { onceAtATime } from '../../store/watch.ts'
import { disposeAll } from '../disposable.ts'
import { fillPage } from '../review/fillPage.ts'
import type { RunnerProcess } from '../runner/runnerProcess.ts'
import type { SessionStore } from '../sessions/sessionStore.ts'
import { type CampaignStore, isKnown, type KnownCampaign } from './campaignStore.ts'
import { campaignContent } from './content.ts'

export interface CampaignPageServices {
  readonly extensionUri: Uri
  readonly campaigns: CampaignStore
  readonly store: SessionStore
  readonly runner: Pick<RunnerProcess, 'decide' | 'report'>
  readonly openReview: (session: string) => void
}

/** The pages of campaigns of a window, one each. */
export interface CampaignPages extends Disposable {
  show(name: string): void
}

export function createCampaignPages(services: CampaignPageServices): CampaignPages {
  const panels = new Map<string, WebviewPanel>()
  return {
    show(name) {
      const open = panels.get(name)
      if (open !== undefined) return open.reveal()
      const panel = window.createWebviewPanel('drydock.campaign', `Campaign ${name}`, ViewColumn.Active, {})
      panels.set(name, panel)
      const page = connect(services, panel, name)
      panel.onDidDispose(() => {
        panels.delete(name)
        page.dispose()
      })
    },
    dispose: () => [...panels.values()].forEach((panel) => void panel.dispose()),
  }
}

function connect(services: CampaignPageServices, panel: WebviewPanel, name: string): Disposable {
  const { extensionUri, campaigns, store } = services
  const { webview } = panel
  const content = campaignContent({ campaigns, sessions: store.list, load: store.load })
  let pending: CampaignShown['pending'] = null
  let shown: CampaignSaid | undefined
  const say = (said: CampaignSaid): void => void webview.postMessage(said)
  const draw = onceAtATime(async () => {
    // A page that nobody sees is drawn when it is seen again.
    if (!panel.visible) return
    await Promise.all([campaigns.ready, store.ready])
    shown = await content.of(name, pending)
    say(shown)
  })
  const during = async (what: Exclude<CampaignShown['pending'], null>, work: () => Promise<void>) => {
    if (pending !== null) return
    pending = what
    draw()
    try {
      await work()
      await campaigns.refresh()
    } catch (error) {
      const failure = toFailure(error)
      if (failure.code !== 'cancelled')
        say({ type: 'trouble', kind: 'refused', text: `${failure.message} ${nextInEditor(failure)}` })
    } finally {
      pending = null
      draw()
    }
  }
  webview.onDidReceiveMessage(async (given: unknown) => {
    const message = CampaignAsked.safeParse(given)
    if (!message.success) return
    const { data } = message
    const rows = shown?.type === 'campaign' ? shown.report.rows : []
    switch (data.type) {
      case 'ready':
        return draw()
      case 'open':
        // Only what the page shows may be asked of it.
        if (rows.some(({ session }) => session === data.session)) services.openReview(data.session)
        return
      case 'openLink':
        if (rows.some(({ url }) => url === data.url)) await env.openExternal(Uri.parse(data.url, true))
        return
      case 'act':
        return during(data.action, () => act(services, name, data.action))
      case 'report':
        return during('report', () => saveReport(services, name))
    }
  })
  fillPage(webview, extensionUri, 'campaign', 'Campaign')
  return disposeAll([campaigns.onDidChange(draw), store.onDidChange(draw), panel.onDidChangeViewState(draw)])
}

/** What costs money or ends something is asked about first. */
async function act(
  { campaigns, runner }: CampaignPageServices,
  name: string,
  action: CampaignAction,
): Promise<void> {
  const entry = campaigns.find(name)
  const question = isKnown(entry) ? questionOf(entry, action) : undefined
  if (question !== undefined) {
    const { text, detail, yes } = question
    if ((await window.showWarningMessage(text, { modal: true, detail }, yes)) !== yes) return
  }
  await runner.decide({ do: 'campaign', campaign: name, action })
}

interface Question {
  readonly text: string
  readonly detail: string
  readonly yes: string
}

function questionOf({ name, state }: KnownCampaign, action: CampaignAction): Question | undefined {
  const { jobs, campaign } = state
  const mostOf = (count: number): string =>
    `Each session may cost ${money(sessionUsd(campaign))} at most, ${money(count * sessionUsd(campaign))} in all, within the caps of the campaign.`
  const failed = jobs.filter(failedJob).length
  const waiting = jobs.filter(({ status }) => status === 'waiting').length
  const running = jobs.filter(({ status }) => status === 'running').length
  if (action === 'cancel')
    return {
      text: `Cancel the campaign ${name}?`,
      detail: `${running} running are ended, ${waiting} are not begun. It cannot be taken up again; what it published stays.`,
      yes: 'Cancel Campaign',
    }
  if (action === 'retry')
    return {
      text: `Begin ${failed === 1 ? 'the repository' : `${failed} repositories`} that failed again?`,
      detail: mostOf(failed),
      yes: 'Retry Failed',
    }
  if (action === 'pass-canaries')
    return {
      text: 'Let the rest begin, although the canaries did not come far enough?',
      detail: mostOf(waiting),
      yes: 'Begin the Rest',
    }
  return undefined
}

/** As one file that runs and loads nothing, where the person wants it. */
async function saveReport({ runner }: CampaignPageServices, name: string): Promise<void> {
  const file = await window.showSaveDialog({
    title: 'Save the Report',
    defaultUri: Uri.file(join(homedir(), `campaign-${name}.html`)),
    filters: { 'Web page': ['html'] },
  })
  if (file === undefined) return
  await runner.report(name, file.fsPath)
  const open = 'Open'
  // Nobody waits for what is only told.
  void window.showInformationMessage(`The report is in ${shownName(file.fsPath)}.`, open).then((chosen) => {
    if (chosen === open) void env.openExternal(file)
  })
}
