import { resolve } from 'node:path'
import { execa } from 'execa'
import { campaignReport, type SessionPart, sessionPart } from '../../../contract/fleet/report.ts'
import { progressLine } from '../../../contract/fleet/reportWords.ts'
import type { CampaignState } from '../../../contract/fleet/state.ts'
import { readSession } from '../../../store/session.ts'
import { reportHtml } from '../../campaignReport/html.ts'
import { reportMarkdown } from '../../campaignReport/markdown.ts'
import { oneLine } from '../../terminal/text.ts'
import { writeWhole } from '../../wholeFile.ts'
import { type CommandContext, printJson } from '../context.ts'
import { exitCodes } from '../exitCode.ts'
import { openFleet } from './fleet.ts'
import { otherCampaigns } from './place.ts'
import { upToDate } from './status.ts'

export interface ReportFlags {
  readonly out?: string
  readonly markdown?: boolean
  readonly open?: boolean
  readonly json?: boolean
}

/** `drydock fleet report`: a campaign as one page, in a file that runs and loads nothing, or as Markdown. */
export async function report(context: CommandContext, name: string, flags: ReportFlags): Promise<number> {
  await using fleet = await openFleet(context)
  const state = await upToDate(context, fleet, name)
  const around = { others: await otherCampaigns(fleet, name), now: context.now() }
  const found = campaignReport(state, await partsOf(context, state), around)
  const page =
    flags.out ?? (flags.json === true || flags.markdown === true ? undefined : `campaign-${name}.html`)
  const file = page === undefined ? undefined : resolve(context.cwd, page)
  if (file !== undefined) await writeWhole(file, reportHtml(found))
  if (flags.json === true) printJson(context, found)
  else if (flags.markdown === true) context.stdout.write(reportMarkdown(found))
  else context.stdout.write(`${oneLine(progressLine(found), 200)}\n${context.colors.bold('Page')}  ${file}\n`)
  if (file !== undefined && flags.open === true) await opened(file)
  return exitCodes.done
}

/** Sessions whose log is here; of the others the report says that it does not know. */
async function partsOf(
  { sessions }: CommandContext,
  { jobs }: CampaignState,
): Promise<ReadonlyMap<string, SessionPart>> {
  const ids = jobs.flatMap(({ session }) => session ?? [])
  const parts = await Promise.all(
    ids.map(async (id) => {
      const view = await readSession(sessions, id).catch(() => undefined)
      return view === undefined ? [] : [[id, sessionPart(view)] as const]
    }),
  )
  return new Map(parts.flat())
}

const openers: Readonly<Partial<Record<NodeJS.Platform, string>>> = { darwin: 'open', win32: 'explorer' }

/** By whatever opens files on this machine; where nothing does, the path stands above. */
async function opened(file: string): Promise<void> {
  const program = openers[process.platform] ?? 'xdg-open'
  await execa(program, [file], { stdio: 'ignore', timeout: 10_000 }).catch(() => undefined)
}
