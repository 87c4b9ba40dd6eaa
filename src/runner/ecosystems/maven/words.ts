import type { InstallWords } from '../installWords.ts'

const unreadable = /The build could not read \d+ projects?/
const ofRegistry = /Could not (?:find|transfer) artifact|could not be resolved/
/** As the model's validator writes it: `'dependencies.dependency.version' for org.lib:core:jar is missing. @ line 8, column 3`. */
const ofModel = /^\[ERROR\]\s+(?<text>(?:'[\w.]+' (?:for \S+ )?\S.*|Malformed POM.*))$/gm
const mostOfModel = 5

/** What Maven's own validator has against the POMs as they are; each once, with its place. */
function ofManifests(log: string): string | undefined {
  if (!unreadable.test(log) || ofRegistry.test(log)) return undefined
  const said = [...log.matchAll(ofModel)].map(({ groups }) =>
    (groups?.text ?? '').replace(/, column \d+\s*$/, ''),
  )
  const unique = [...new Set(said.map((text) => text.replace(/\. @ (?:\S+, )?line (\d+)$/, ' (line $1)')))]
  if (unique.length === 0) return undefined
  const more = unique.length - mostOfModel
  return `${unique.slice(0, mostOfModel).join('; ')}${more > 0 ? `; and ${more} more` : ''}.`
}

/** How Maven says why nothing came of an install. */
export const words: InstallWords = {
  reasons: [
    /^\[ERROR\].*?(?<text>(?:Could not (?:find|transfer) artifact|The following artifacts could not be resolved|Non-resolvable|Unresolveable|'[\w.]+' for ).+)$/,
  ],
  ofManifests,
  notFound: /404 Not Found|Not found/i,
  noVersion: [],
  causes: [
    [
      /Could not find artifact \S+/,
      'If a repository of yours has it, name that in ~/.m2/settings.xml on this machine. If it is gone, move what needs it to a version that does without; a jar that only others need is left out with --allow-missing.',
    ],
  ],
}
