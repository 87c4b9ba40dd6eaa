import { Exchange, type WholeExchange } from '../contract/exchange.ts'
import { failures } from '../contract/failures.ts'
import { tryJson } from '../contract/json.ts'

/** Reads an exchange and its texts through `get`, which reads artifacts. Throws `bad-log`. */
export async function readExchange(
  get: (digest: string) => Promise<Uint8Array>,
  digest: string,
): Promise<WholeExchange> {
  const read = async (part: string): Promise<unknown> => {
    const value = tryJson(Buffer.from(await get(part)).toString('utf8'))
    if (value === undefined) throw failures.badLog(part, 1, 'the artifact is no JSON')
    return value
  }
  const found = Exchange.safeParse(await read(digest))
  if (!found.success) throw failures.badLog(digest, 1, 'the artifact is no request and reply')
  const { parameters, system, tools, messages, reply } = found.data
  const request = {
    ...parameters,
    ...(system === null ? {} : { system: await read(system) }),
    ...(tools === null ? {} : { tools: await read(tools) }),
    messages: await Promise.all(messages.map(read)),
  }
  return { request, reply: await read(reply) }
}
