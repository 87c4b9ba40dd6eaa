import { z } from 'zod'

/** A line of what an engine tells while it pulls, imports or builds. */
const Line = z.object({
  stream: z.string().optional(),
  error: z.unknown().optional(),
  errorDetail: z.object({ message: z.string().optional() }).optional(),
})

const longestLine = 1024 * 1024

/**
 * Reads such an answer to its end; `onText` hears what a build prints. The engine answers 200 before it begins, so what
 * fails is a line among others: thrown, in whichever of its two forms it is told.
 */
export async function follow(
  answer: NodeJS.ReadableStream,
  onText: (text: string) => void = () => undefined,
): Promise<void> {
  let failed: string | undefined
  const read = (text: string): void => {
    const told = Line.safeParse(parsed(text))
    if (!told.success) return
    const { stream, error, errorDetail } = told.data
    if (stream !== undefined) onText(stream)
    failed ??= errorDetail?.message || (typeof error === 'string' && error !== '' ? error : undefined)
  }
  answer.setEncoding('utf8')
  let rest = ''
  for await (const chunk of answer) {
    const lines = (rest + String(chunk)).split('\n')
    rest = (lines.pop() ?? '').slice(-longestLine)
    for (const line of lines) read(line)
  }
  read(rest)
  if (failed !== undefined) throw new Error(failed)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
