import { readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { codemodForUuid, siblingRepository } from '../support/codemod.ts'
import { type Drydock, openDrydock, playedBy, scriptOf } from '../support/drydock.ts'
import { temporaryFolder } from '../support/madeRepository.ts'
import { Script } from '../support/model/script.ts'
import { type PlayedModel, startModel } from '../support/model/server.ts'
import { fixtureRepository, type TestRepository } from '../support/repository.ts'
import { CampaignReport } from './read.ts'

const usage = `npm run test:codemod -- [--repositories 10] [--judge] [--report FILE]
One break in many repositories, on the real engine and registry, with a played model: the first is repaired by the agent and
distilled, the others are a campaign with the codemod. --judge: the model's key is there for them, so that a judge is asked.`

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** The agent and the judge of the fixture; the judge quotes what every such repair holds. */
async function playedModel(): Promise<PlayedModel> {
  const script = Script.parse(JSON.parse(await readFile(scriptOf('breaking-update'), 'utf8')))
  const criterion = { pass: true, reason: 'As the new version asks for.', evidence: ["require('uuid')"] }
  const input = { in_scope: criterion, safe: criterion, quality: criterion }
  const { v: _, ...answer } = codemodForUuid
  return startModel({
    ...script,
    judge: () => ({ toolUses: [{ name: 'verdict', input }] }),
    distil: [{ toolUses: [{ name: 'codemod', input: answer }] }],
  })
}

interface First {
  readonly id: string
  readonly folder: string
}

async function firstRepair(drydock: Drydock, model: PlayedModel, root: string): Promise<First> {
  const started = performance.now()
  const view = await drydock.session(['update', 'uuid@9', '--repo', root, '--no-review'], playedBy(model))
  if (view.outcome !== 'awaiting-review')
    throw new Error(`the first ended as ${view.outcome}: ${view.reason}`)
  say(`first repair: ${seconds(started)}, ${view.turns} turns of the agent, $${view.costUsd.toFixed(4)}`)
  const folder = join(drydock.home, 'codemod')
  const begun = performance.now()
  const distilled = await drydock.run(['distil', view.id, '-o', folder, '--json'], playedBy(model))
  if (distilled.code !== 0) throw new Error(distilled.stdout + distilled.stderr)
  const { costUsd } = JSON.parse(distilled.stdout) as { costUsd: number }
  say(`distilled and tried on its base: ${seconds(begun)}, $${costUsd.toFixed(4)}`)
  return { id: view.id, folder }
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`
}

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      repositories: { type: 'string', default: '10' },
      judge: { type: 'boolean', default: false },
      report: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    say(usage)
    return 0
  }
  await using drydock = await openDrydock()
  await using place = await temporaryFolder()
  await using first = await fixtureRepository('breaking-update')
  const model = await playedModel()
  const others: TestRepository[] = []
  try {
    const { folder } = await firstRepair(drydock, model, first.root)
    const before = { agent: model.count('agent'), judge: model.count('judge') }
    for (let number = 1; number < Number(values.repositories); number += 1) {
      const made = await siblingRepository(number)
      others.push(made)
      await symlink(made.root, join(place.path, `app-${number}`))
    }
    await symlink(folder, join(place.path, 'codemod'))
    const file = join(place.path, 'campaign.yaml')
    const lines = others.map((_, at) => `  - app-${at + 1}`)
    await writeFile(
      file,
      `name: uuid-9\nupdate: uuid@9\ncodemod: codemod\nrepositories:\n${lines.join('\n')}\n`,
    )
    const started = performance.now()
    const env = values.judge ? playedBy(model) : {}
    const ended = await drydock.run(['fleet', 'submit', file], env)
    say(`${ended.stdout}${ended.stderr}\nthe others: ${seconds(started)}`)
    const report = CampaignReport.parse(
      JSON.parse((await drydock.run(['fleet', 'report', 'uuid-9', '--json'])).stdout),
    )
    const asked = { agent: model.count('agent') - before.agent, judge: model.count('judge') - before.judge }
    if (values.report !== undefined) await drydock.run(['fleet', 'report', 'uuid-9', '-o', values.report])
    say((await drydock.run(['alike'])).stdout)
    return verdictOn(report, asked, others.length)
  } finally {
    await model.close()
    for (const made of others) await made[Symbol.asyncDispose]()
  }
}

function verdictOn(
  report: CampaignReport,
  asked: { readonly agent: number; readonly judge: number },
  all: number,
): number {
  const waiting = report.rows.filter(({ tone, means }) => tone === 'good' && means === 'codemod').length
  say(
    `repaired by the codemod: ${waiting} of ${all}; requests of the agent: ${asked.agent}, of the judge: ${asked.judge}`,
  )
  say(
    `models cost $${report.costUsd.toFixed(4)} for them${asked.judge === 0 ? '' : ': the judge, and nobody else'}`,
  )
  const free = asked.judge > 0 || report.costUsd === 0
  return waiting === all && asked.agent === 0 && free ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2))
