import { dirname, join } from 'node:path'
import { type ExtensionContext, ExtensionMode, window } from 'vscode'
import { campaignsHome } from '../store/campaign.ts'
import { sessionsHome } from '../store/home.ts'
import {
  type CampaignSource,
  type CampaignStore,
  campaignsHere,
  campaignsOfQueue,
  openCampaignStore,
} from './campaigns/campaignStore.ts'
import { type CampaignPages, createCampaignPages } from './campaigns/pages.ts'
import { type CampaignsView, createCampaignsView } from './campaigns/view.ts'
import type { Pages } from './doctor/pages.ts'
import { type EngineWatch, watchEngine } from './engine.ts'
import { lazy } from './lazy.ts'
import { createReviews, type Reviews } from './review/panel.ts'
import { runnerEnvironment } from './runner/environment.ts'
import { runnerCopy } from './runner/runnerCopy.ts'
import { openRunner, type RunnerProcess } from './runner/runnerProcess.ts'
import { openSecrets, type Secrets } from './secrets.ts'
import { openSessionStore, type SessionStore } from './sessions/sessionStore.ts'
import { createStatistics, type StatisticsPanel } from './statistics/panel.ts'
import { createWalkthrough, type Walkthrough } from './walkthrough.ts'

/** What commands and views work with; made once a window, at the first need. */
export interface Services {
  readonly context: ExtensionContext
  readonly store: SessionStore
  readonly runner: RunnerProcess
  readonly secrets: Secrets
  readonly pages: Pages
  readonly reviews: Reviews
  readonly walkthrough: Walkthrough
  readonly statistics: StatisticsPanel
  readonly campaigns: CampaignStore
  readonly campaignPages: CampaignPages
  readonly campaignsView: CampaignsView
  readonly engine: EngineWatch
}

/** The composition root: the only place that reads the environment. */
export function openServices(context: ExtensionContext, pages: Pages): Services {
  const storage = context.globalStorageUri.fsPath
  const store = openSessionStore({
    home: sessionsHome(process.env),
    cacheFile: join(storage, 'summaries.json'),
  })
  const walkthrough = createWalkthrough()
  const secrets = openSecrets({
    ...{ storage: context.secrets, env: process.env, session: store.load, walkthrough },
  })
  // What is being developed runs where it was built, beside its source maps, and a debugger may attach to it.
  const developing = context.extensionMode === ExtensionMode.Development
  const folder = context.extensionUri.fsPath
  const { version } = context.extension.packageJSON as { version: string }
  const runner = openRunner({
    execPath: process.execPath,
    env: runnerEnvironment(process.env, developing),
    sessions: store.home,
    program: lazy(async () =>
      developing
        ? join(folder, 'dist/launch.mjs')
        : runnerCopy({ from: folder, to: join(storage, 'runner'), version }),
    ),
    logs: join(storage, 'logs'),
    secrets: secrets.of,
  })
  const reviews = createReviews({
    ...{ extensionUri: context.extensionUri, store, runner, hasKey: secrets.hasKey },
    searchPath: process.env.PATH ?? '',
  })
  const statistics = createStatistics({
    ...{ extensionUri: context.extensionUri, home: store.home, openReview: reviews.open },
    cacheFile: join(dirname(store.home), 'cache', 'statistics.json'),
  })
  const campaigns = openCampaignStore(campaignSource(store.home, runner))
  const campaignPages = createCampaignPages({
    ...{ extensionUri: context.extensionUri, campaigns, store, runner, openReview: reviews.open },
  })
  const campaignsView = createCampaignsView({ campaigns, store })
  context.subscriptions.push(reviews, walkthrough, statistics, campaignPages, campaignsView)
  const { platform } = process
  const engine = watchEngine({ runner, walkthrough, kept: context.globalState, platform })
  return {
    ...{ context, store, runner, secrets, pages, reviews, walkthrough, statistics, engine },
    ...{ campaigns, campaignPages, campaignsView },
  }
}

/** As the command line has it: where a queue is named, campaigns lie there and nowhere else. */
function campaignSource(sessions: string, runner: RunnerProcess): CampaignSource {
  if ((process.env.DRYDOCK_REDIS_URL ?? '') === '') return campaignsHere(campaignsHome(sessions))
  return campaignsOfQueue(runner.campaigns, () => window.state.focused)
}
