import { Configuration, OpenAIApi } from 'openai'
import type { Settings } from '../settings.ts'

export type Client = OpenAIApi

export function createClient({ apiKey, basePath }: Settings): Client {
  return new OpenAIApi(new Configuration({ apiKey, basePath }))
}
