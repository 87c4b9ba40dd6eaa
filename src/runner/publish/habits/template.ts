/** Where hosts look for a template of requests, by lower-case path. */
const places = [
  '.github/pull_request_template.md',
  '.github/pull_request_template.txt',
  'pull_request_template.md',
  'pull_request_template.txt',
  'docs/pull_request_template.md',
  'docs/pull_request_template.txt',
  '.gitlab/merge_request_templates/default.md',
] as const

const folder = /^(\.github|docs|\.)?\/?pull_request_template\/([^/]+)\.md$/

/** The template that a host would offer; of a folder of several the one that is called so, or the only one. */
export function templatePath(paths: readonly string[]): string | undefined {
  const byLower = new Map(paths.map((path) => [path.toLowerCase(), path]))
  for (const place of places) if (byLower.has(place)) return byLower.get(place)
  const several = paths.filter((path) => folder.test(path.toLowerCase()))
  const usual = several.find((path) => /\/(default|pull_request_template)\.md$/i.test(path))
  return usual ?? (several.length === 1 ? several[0] : undefined)
}

export interface TemplateAnswers {
  /** A sentence or two each, in Markdown. */
  readonly description: string
  readonly testing: string
  /** A model wrote part of the change. */
  readonly byAgent: boolean
}

const mostTemplate = 20_000
const heading = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/
const box = /^(\s*[-*+]\s+)\[( |x|X)\](\s+)(.*)$/
const aboutAgents =
  /\b(a\.?i\.?|llms?|gen-?ai|copilot|chatgpt|claude|machine[- ]generated|(coding|ai) (agent|assistant)|generative)\b/i
const denies =
  /\b(no|not|none|never|without|don't|didn't|did not|haven't|free of|human[- ]written|by hand|hand-?written|myself)\b/i
const asksDescription = /\b(description|summary|what|changes?|overview|motivation|purpose|context|why)\b/i
const asksTesting = /\b(test(s|ed|ing)?|verif(y|ied|ication)|how has this been|qa|validation)\b/i

/**
 * The template with what is known filled in: a description and how it was tested below their headings, and boxes about
 * the use of AI ticked as is true. Every other box is a person's to tick. Undefined where it is too long.
 */
export function filledTemplate(text: string, answers: TemplateAnswers): string | undefined {
  if (text.length > mostTemplate || text.trim() === '') return undefined
  const lines = text.replaceAll('\r\n', '\n').trimEnd().split('\n')
  const written = { description: false, testing: false }
  const out: string[] = []
  // What a heading or a question above says; `Yes` and `No` below it are about that.
  let topic = ''
  let fenced = false
  let hidden = false
  for (const line of lines) {
    if (/^ {0,3}(```|~~~)/.test(line)) fenced = !fenced
    const starts = line.includes('<!--')
    const isText = !fenced && !hidden && !starts
    if (starts) hidden = true
    if (hidden && line.lastIndexOf('-->') > line.lastIndexOf('<!--')) hidden = false
    const title = isText ? heading.exec(line)?.[2] : undefined
    out.push(isText ? ticked(line, topic, answers) : line)
    if (title !== undefined) out.push(...below(title, answers, written))
    if (isText && line.trim() !== '' && !box.test(line)) topic = line
  }
  return out.join('\n')
}

function below(
  title: string,
  { description, testing }: TemplateAnswers,
  written: { description: boolean; testing: boolean },
): readonly string[] {
  if (aboutAgents.test(title)) return []
  const which = asksTesting.test(title) ? 'testing' : asksDescription.test(title) ? 'description' : undefined
  if (which === undefined || written[which]) return []
  written[which] = true
  return ['', which === 'testing' ? testing : description, '']
}

/** A box about AI says what is so; where that cannot be told it stays as it was. */
function ticked(line: string, topic: string, { byAgent }: TemplateAnswers): string {
  const [, start = '', , blank = '', text = ''] = box.exec(line) ?? []
  if (start === '') return line
  const isAnswer = /^(yes|no)\b/i.exec(text)?.[1]?.toLowerCase()
  const isAbout = aboutAgents.test(text) || (isAnswer !== undefined && aboutAgents.test(topic))
  if (!isAbout) return line
  const negative = isAnswer === undefined ? denies.test(text) : (isAnswer === 'no') !== denies.test(topic)
  // That no model was used at all is never true of a change that one may have judged.
  const isTrue = negative ? false : byAgent
  return `${start}[${isTrue ? 'x' : ' '}]${blank}${text}`
}
