import { type ParseError, parse } from 'jsonc-parser'
import { z } from 'zod'
import type { Tree } from './project.ts'

const files = ['.devcontainer/devcontainer.json', '.devcontainer.json']

const Version = z.union([z.string(), z.number().transform(String)])
const Feature = z.union([
  Version.transform((version) => ({ version })),
  z.looseObject({ version: Version.optional() }),
])
const DevContainer = z.looseObject({
  image: z.string().optional().catch(undefined),
  features: z
    .record(z.string(), Feature.catch({ version: undefined }))
    .optional()
    .catch(undefined),
  dockerComposeFile: z.unknown().optional(),
})

/** Tools by the last part of an image's or a feature's name (https://containers.dev), and the oldest major that a tag means. */
const tools = {
  node: { images: ['node', 'javascript-node', 'typescript-node'], oldest: 10 },
  java: { images: ['java'], oldest: 8 },
} as const

/**
 * The version of a tool that a dev container's description asks for, by a feature or by its image. Nothing else of it is
 * followed: its commands, mounts and services would widen what a check may do.
 */
export async function devContainerTool(
  tree: Tree,
  tool: keyof typeof tools,
): Promise<{ readonly source: string; readonly version: string } | undefined> {
  for (const path of files) {
    const found = read((await tree.read(path))?.toString('utf8'))
    const version = found && (featureVersion(found, tool) ?? imageVersion(found.image, tool))
    if (version === undefined) continue
    const services =
      found?.dockerComposeFile === undefined ? '' : '; services that it starts are not there in a check'
    return { source: `${path}${services}`, version }
  }
  return undefined
}

function read(text: string | undefined): z.infer<typeof DevContainer> | undefined {
  if (text === undefined) return undefined
  const errors: ParseError[] = []
  const parsed = DevContainer.safeParse(parse(text, errors, { allowTrailingComma: true }))
  return errors.length === 0 && parsed.success ? parsed.data : undefined
}

/** `features/node:1` with a version; `lts`, `latest` and none leave it open. */
function featureVersion({ features = {} }: z.infer<typeof DevContainer>, tool: string): string | undefined {
  const [, chosen] = Object.entries(features).find(([name]) => lastPart(name) === tool) ?? []
  return chosen?.version !== undefined && /^v?\d/.test(chosen.version) ? chosen.version : undefined
}

/** Tags are `20`, `20-bookworm` and `1-20-bookworm`, where the first number is the image's own version. */
function imageVersion(image: string | undefined, tool: keyof typeof tools): string | undefined {
  const { images, oldest } = tools[tool]
  if (image === undefined || !images.some((name) => name === lastPart(image))) return undefined
  const tag = /:([^:/@]+)(?:@.*)?$/.exec(image)?.[1] ?? ''
  const numbers = tag.split('-').filter((part) => /^\d+(\.\d+)*$/.test(part))
  return numbers.find((number) => Number.parseInt(number, 10) >= oldest)
}

function lastPart(name: string): string {
  const path = name.replace(/@.*$/, '').split('/').at(-1) ?? ''
  return path.split(':', 1)[0] ?? ''
}
