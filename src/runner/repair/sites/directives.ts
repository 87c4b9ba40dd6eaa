import { escapeRegExp } from '../../../contract/text.ts'
import { languages } from '../../languages/index.ts'

/** What comments that speak to a tool begin with, where that is not the tool's name. */
function spokenTo(name: string): readonly string[] | undefined {
  return languages.map(({ spoken }) => spoken?.[name]).find((words) => words !== undefined)
}

/** A tool that a package belongs to by its name: `eslint` of `eslint-plugin-import` and `@typescript-eslint/parser`. */
export interface Host {
  readonly tool: string
  /** How configuration names the package: `import`, `@typescript-eslint`. */
  readonly short: string
}

export function hostOf(name: string): Host | undefined {
  const [, scope, tool, own] =
    /^(?:(@[\w-]+)\/)?(\w+)-(?:plugin|config|preset|formatter|reporter|parser)(?:-(.+))?$/.exec(name) ?? []
  if (tool === undefined) return undefined
  return { tool, short: [scope, own].filter((part) => part !== undefined).join('/') || name }
}

/** A comment that speaks to the tool. */
export function directivePattern(name: string, commands: readonly string[]): RegExp {
  const host = hostOf(name)
  const words = spokenTo(name) ?? [
    name.replace(/^@[^/]+\//, ''),
    ...commands,
    ...(host === undefined ? [] : [host.tool]),
  ]
  const any = [...new Set(words)].filter((word) => word.length > 1).map(escapeRegExp)
  return new RegExp(`(?:^|\\s|\\{)(?://|/\\*+|\\*|<!--|#)\\s*@?(?:${any.join('|')})(?=[\\s:-]|$)`)
}
