import { z } from 'zod'
import { agentPaths, VerifyAnswer } from '../../src/contract/agent.ts'
import { neutralise } from '../../src/contract/text.ts'
import { post } from '../http/post.ts'
import type { Tool } from './tool.ts'

const Input = z.strictObject({})

export interface VerifyOptions {
  /** Where the relay listens, such as `http://127.0.0.1:8080`. */
  readonly relayUrl: string
  readonly timeoutMs: number
  readonly diff: (signal: AbortSignal) => Promise<string>
}

/** The runner verifies the agent's change in fresh containers; this only asks it to. */
export function createVerify(options: VerifyOptions): Tool {
  return {
    name: 'Verify',
    async run(raw, signal) {
      Input.parse(raw ?? {})
      const body = JSON.stringify({ diff: await options.diff(signal) })
      const answer = await post(`${options.relayUrl}${agentPaths.verify}`, body, options.timeoutMs, signal)
      if (answer.status !== 200) return { text: 'The verification could not be made.', isError: true }
      const { text } = VerifyAnswer.parse(JSON.parse(answer.body))
      return { text: neutralise(text) }
    },
  }
}
