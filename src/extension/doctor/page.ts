import type { Examination } from '../../contract/examination.ts'
import { shownName } from '../../contract/shownText.ts'
import { engineNext } from '../engine.ts'

export interface DoctorExtras {
  /** A key is kept in the editor or stands in the environment. */
  readonly key: boolean
  /** Node's name of the system. */
  readonly platform: string
}

const words = { on: '✓\u00a0on', weaker: '⚠\u00a0weaker', off: '✗\u00a0off' } as const

/** What `drydock doctor` found, as a page of Markdown to read. */
export function doctorPage(found: Examination, { key, platform }: DoctorExtras): string {
  const { ready, engine, engineFailure, place, protections } = found
  const verdict = ready
    ? '✓ **Ready.** Sessions can run here.'
    : '✗ **Not ready.** No session can start here yet.'
  return [
    '# Drydock Doctor',
    verdict,
    ...section('Container engine', [
      engine === undefined
        ? `✗ ${plain(engineFailure?.message ?? 'No engine answers.')}\n\n**Next:** ${plain(engineNext(found, platform))}`
        : `✓ ${plain(engine.address)}, found by ${plain(engine.source)}`,
      ...(place === undefined ? [] : [`This is ${plain(place.name)}. Meant is ${plain(place.engine)}.`]),
    ]),
    ...section('Key of the model', [
      key ? '✓ There is a key.' : '⚠ There is none: no agent and no judge. Run **Agent: Set API Key**.',
    ]),
    ...(protections.length === 0
      ? []
      : section('Protections of every container', [protectionTable(protections)])),
    ...section('Where things are', [
      `| | |\n|---|---|\n| Version | ${cell(found.version)}, Node ${cell(found.node)} |\n| Sessions | ${cell(found.sessions)} |\n| Registries in your configuration | ${found.registries} |`,
    ]),
    '',
  ].join('\n\n')
}

function section(title: string, body: readonly string[]): string[] {
  return [`## ${title}`, ...body]
}

function protectionTable(protections: Examination['protections']): string {
  const rows = protections.map(({ name, state, why, essential }) => {
    const need = essential ? 'essential' : 'wanted'
    return `| ${words[state]} | ${cell(name)} | ${need} | ${cell(why ?? '')} |`
  })
  return ['| | Protection | | Why |', '|---|---|---|---|', ...rows].join('\n')
}

/** Text of the engine or the system: every character that Markdown could take for its own is escaped. */
function plain(text: string): string {
  return shownName(text).replace(/[\\`*_{}[\]()#+\-.!|<>~&$:]/g, '\\$&')
}

function cell(text: string): string {
  return plain(text)
}
