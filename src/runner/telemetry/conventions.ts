/**
 * Names of attributes that others read, kept here instead of taken from a package: those of the GenAI conventions are
 * young, moved to a repository of their own and still change; each product below reads a few of its own.
 */
export const genAi = {
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  conversation: 'gen_ai.conversation.id',
  agentName: 'gen_ai.agent.name',
  requestModel: 'gen_ai.request.model',
  responseModel: 'gen_ai.response.model',
  finishReasons: 'gen_ai.response.finish_reasons',
  /** Of the whole prompt: what the cache answered and what was written to it are part of it. */
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  cacheReadTokens: 'gen_ai.usage.cache_read.input_tokens',
  cacheWriteTokens: 'gen_ai.usage.cache_write.input_tokens',
  /** The name of `cacheWriteTokens` in the registry before; readers of either kind are about. */
  cacheCreationTokens: 'gen_ai.usage.cache_creation.input_tokens',
  inputMessages: 'gen_ai.input.messages',
  outputMessages: 'gen_ai.output.messages',
  toolName: 'gen_ai.tool.name',
  toolType: 'gen_ai.tool.type',
  toolCallId: 'gen_ai.tool.call.id',
  toolArguments: 'gen_ai.tool.call.arguments',
  toolResult: 'gen_ai.tool.call.result',
} as const

/** An event beside what was evaluated. */
export const evaluation = {
  event: 'gen_ai.evaluation.result',
  name: 'gen_ai.evaluation.name',
  label: 'gen_ai.evaluation.score.label',
  value: 'gen_ai.evaluation.score.value',
  explanation: 'gen_ai.evaluation.explanation',
} as const

export const common = { errorType: 'error.type', sessionId: 'session.id' } as const

/** Phoenix reads these (OpenInference). */
export const openInference = {
  kind: 'openinference.span.kind',
  input: 'input.value',
  output: 'output.value',
  toolName: 'tool.name',
  model: 'llm.model_name',
  provider: 'llm.provider',
  system: 'llm.system',
  /** Of the whole prompt, the cache's part included. */
  promptTokens: 'llm.token_count.prompt',
  completionTokens: 'llm.token_count.completion',
  totalTokens: 'llm.token_count.total',
  cacheReadTokens: 'llm.token_count.prompt_details.cache_read',
  cacheWriteTokens: 'llm.token_count.prompt_details.cache_write',
  promptCost: 'llm.cost.prompt',
  completionCost: 'llm.cost.completion',
  totalCost: 'llm.cost.total',
} as const

export const langfuse = {
  traceName: 'langfuse.trace.name',
  sessionId: 'langfuse.session.id',
  tags: 'langfuse.trace.tags',
  metadata: (key: string) => `langfuse.trace.metadata.${key}`,
  release: 'langfuse.release',
  type: 'langfuse.observation.type',
  level: 'langfuse.observation.level',
  model: 'langfuse.observation.model.name',
  /** JSON; its parts are added up there, so that the input counts without the cache's part. */
  usage: 'langfuse.observation.usage_details',
  cost: 'langfuse.observation.cost_details',
} as const

export const mlflow = {
  /** Header by which its server knows that spans are meant for it, and for which experiment. */
  experimentHeader: 'x-mlflow-experiment-id',
  spanType: 'mlflow.spanType',
  usage: 'mlflow.chat.tokenUsage',
  /** JSON of dollars; without it the server works out a price of its own. */
  cost: 'mlflow.llm.cost',
  model: 'mlflow.llm.model',
  provider: 'mlflow.llm.provider',
  tag: (key: string) => `mlflow.traceTag.${key}`,
  traceName: 'mlflow.traceName',
} as const

/** What a span is, in the words of each product. */
export const spanKinds = {
  session: { mlflow: 'CHAIN', openInference: 'CHAIN', langfuse: 'chain' },
  stage: { mlflow: 'CHAIN', openInference: 'CHAIN', langfuse: 'span' },
  attempt: { mlflow: 'AGENT', openInference: 'AGENT', langfuse: 'agent' },
  model: { mlflow: 'CHAT_MODEL', openInference: 'LLM', langfuse: 'generation' },
  tool: { mlflow: 'TOOL', openInference: 'TOOL', langfuse: 'tool' },
  judge: { mlflow: 'EVALUATOR', openInference: 'EVALUATOR', langfuse: 'evaluator' },
  container: { mlflow: 'TASK', openInference: 'CHAIN', langfuse: 'span' },
} as const

export type SpanKind = keyof typeof spanKinds
