import { z } from 'zod'
import { Sha256 } from './patch.ts'

/**
 * One question to the model and its answer as they were sent and came, keys and what is secret apart. The texts are
 * artifacts of their own: the next question has most of them again.
 */
export const Exchange = z.strictObject({
  v: z.literal(1),
  /** All of the request but its texts. */
  parameters: z.record(z.string(), z.unknown()),
  system: Sha256.nullable(),
  tools: Sha256.nullable(),
  messages: z.array(Sha256),
  reply: Sha256,
})
export type Exchange = z.infer<typeof Exchange>

/** The same, with its texts in place. */
export interface WholeExchange {
  readonly request: Readonly<Record<string, unknown>>
  readonly reply: unknown
}

/** A piece of it under its own name, for a person: line ends are line ends, nothing is left out. */
export const ExchangePart = z.strictObject({ title: z.string(), text: z.string() })
export type ExchangePart = z.infer<typeof ExchangePart>

const Block = z.looseObject({ type: z.string() })
const Message = z.looseObject({ role: z.string(), content: z.union([z.string(), z.array(Block)]) })

/** Request and reply, in the order of the conversation. */
export function exchangeParts({ request, reply }: WholeExchange): ExchangePart[] {
  const { system, tools, messages, ...parameters } = request
  const said = Array.isArray(messages) ? messages : []
  const answer = Message.safeParse({ role: 'assistant', ...Object(reply) })
  return [
    { title: 'Request: parameters', text: json(parameters) },
    ...(system === undefined ? [] : [{ title: 'Request: system', text: contentText(system) }]),
    ...(tools === undefined ? [] : [{ title: 'Request: tools', text: json(tools) }]),
    ...said.map((message, at) => {
      const read = Message.safeParse(message)
      return read.success
        ? { title: `Request: message ${at + 1}, ${read.data.role}`, text: contentText(read.data.content) }
        : { title: `Request: message ${at + 1}`, text: json(message) }
    }),
    { title: 'Reply', text: answer.success ? replyText(answer.data) : json(reply) },
  ]
}

/** All of it as one text. */
export function exchangeText(whole: WholeExchange): string {
  return exchangeParts(whole)
    .map(({ title, text }) => `── ${title} ──\n${text}\n`)
    .join('\n')
}

function json(value: unknown): string {
  return JSON.stringify(value, undefined, 2) ?? ''
}

function replyText({ content, ...rest }: z.infer<typeof Message>): string {
  return `${contentText(content)}\n\n${json(rest)}`
}

function contentText(content: unknown): string {
  if (typeof content === 'string') return content
  const blocks = z.array(Block).safeParse(content)
  return blocks.success ? blocks.data.map(blockText).join('\n\n') : json(content)
}

/** A block's text as it reads, below what else it says of itself. */
function blockText(block: z.infer<typeof Block>): string {
  const { text, content, thinking, input, ...rest } = block
  const head = JSON.stringify(rest)
  const body = [text, thinking, content, input].flatMap((value) =>
    value === undefined ? [] : [value === input ? json(value) : contentText(value)],
  )
  return [head, ...body].join('\n')
}
