import type Anthropic from '@anthropic-ai/sdk'
import { z } from 'zod'
import type { CriterionVerdict } from '../../contract/verdict.ts'

const Criterion = z.strictObject({
  pass: z.boolean(),
  reason: z.string().min(1).max(4_000).describe('One to three sentences.'),
  evidence: z
    .array(z.string().min(1).max(2_000))
    .min(1)
    .max(10)
    .describe('Short quotations, copied character for character from the patch.'),
})

/** What the model must answer; whether that is an approval is not for it to say. */
export const Answer = z.strictObject({ in_scope: Criterion, safe: Criterion, quality: Criterion })
export type Answer = Readonly<Record<keyof typeof Answer.shape, CriterionVerdict>>

export const verdictTool: Anthropic.Tool = {
  name: 'verdict',
  description: 'Gives the verdict on the patch.',
  input_schema: { ...z.toJSONSchema(Answer, { io: 'input' }), type: 'object' },
}

/** Whitespace and the patch's own first column do not count in a quotation. */
function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}

function sources(patchText: string): readonly string[] {
  const columns = patchText.split('\n').map((line) => line.replace(/^[-+ ]/, ''))
  return [plain(patchText), plain(columns.join('\n'))]
}

/** Quotations that do not occur in the patch. */
function invented(answer: Answer, patchText: string): string[] {
  const known = sources(patchText)
  const quotes = Object.values(answer).flatMap(({ evidence }) => evidence)
  return quotes.filter((quote) => plain(quote) === '' || !known.some((text) => text.includes(plain(quote))))
}

/** The answer in a model's message, or what is wrong with it. */
export function readAnswer(
  content: readonly Anthropic.ContentBlock[],
  patchText: string,
): { readonly answer: Answer } | { readonly broken: string } {
  const calls = content.filter((block) => block.type === 'tool_use')
  const call = calls[0]
  if (call === undefined || calls.length > 1 || call.name !== verdictTool.name) {
    return { broken: 'The tool `verdict` was not called exactly once.' }
  }
  const parsed = Answer.safeParse(call.input)
  if (!parsed.success)
    return { broken: `The answer does not fit the schema: ${z.prettifyError(parsed.error)}` }
  const missing = invented(parsed.data, patchText)
  if (missing.length > 0) {
    return { broken: `Quotations that do not occur in the patch: ${JSON.stringify(missing.slice(0, 3))}` }
  }
  return { answer: parsed.data }
}
