export interface Settings {
  apiKey: string
  basePath: string
  chatModel: string
  embeddingModel: string
  attempts: number
}

export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  return {
    apiKey: env.OPENAI_API_KEY ?? '',
    basePath: env.OPENAI_BASE_PATH ?? 'https://llm.example.com/v1',
    chatModel: env.TRIAGE_MODEL ?? 'gpt-4o-mini',
    embeddingModel: env.TRIAGE_EMBEDDING ?? 'text-embedding-3-small',
    attempts: Number(env.TRIAGE_ATTEMPTS ?? 3),
  }
}
