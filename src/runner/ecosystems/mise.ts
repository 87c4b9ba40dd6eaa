import { parse } from 'smol-toml'
import { z } from 'zod'
import type { Tree } from './project.ts'

const files = ['mise.toml', '.mise.toml', 'mise/config.toml', '.mise/config.toml', '.config/mise.toml']

const Version = z.union([z.string(), z.number().transform(String)])
const Tool = z.union([Version, z.looseObject({ version: Version }).transform(({ version }) => version)])
const Tools = z.looseObject({
  tools: z.record(z.string(), z.union([Tool, z.array(Tool).transform(([first]) => first)]).catch(undefined)),
})

/** The version of a tool, by the first of its names that a configuration of mise has (https://mise.jdx.dev). */
export async function miseTool(
  tree: Tree,
  names: readonly string[],
): Promise<{ readonly path: string; readonly version: string } | undefined> {
  for (const path of files) {
    const tools = toolsIn((await tree.read(path))?.toString('utf8'))
    const version = names.map((name) => tools[name]).find((found) => found !== undefined)
    if (version !== undefined) return { path, version }
  }
  return undefined
}

function toolsIn(text: string | undefined): Readonly<Record<string, string | undefined>> {
  if (text === undefined) return {}
  try {
    const parsed = Tools.safeParse(parse(text))
    return parsed.success ? parsed.data.tools : {}
  } catch {
    // mise itself will say so to its user; the next source is asked.
    return {}
  }
}
