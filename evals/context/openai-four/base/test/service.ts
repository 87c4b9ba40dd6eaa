import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** Answers as the service does; the first answers are refusals with the given statuses. */
export async function startService(statuses: number[] = []) {
  const paths: string[] = []
  const server = http.createServer(async (request, response) => {
    const body = (await json(request)) as { input?: string[] }
    paths.push(request.url ?? '')
    const status = statuses.shift()
    response.setHeader('content-type', 'application/json')
    if (status) {
      response.writeHead(status).end(JSON.stringify({ error: { message: 'not now' } }))
      return
    }
    const answer =
      request.url === '/v1/embeddings'
        ? { data: body.input?.map((text) => ({ embedding: text.includes('bill') ? [1, 0] : [0, 1] })) }
        : { choices: [{ message: { role: 'assistant', content: ' Invoice' } }], usage: { total_tokens: 42 } }
    response.end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    paths,
    settings: { apiKey: 'k', basePath: `http://127.0.0.1:${port}/v1`, chatModel: 'm', embeddingModel: 'e', attempts: 2 },
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}
