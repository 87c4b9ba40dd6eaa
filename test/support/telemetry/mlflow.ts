import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { z } from 'zod'
import { freePort } from '../freePort.ts'

const root = join(import.meta.dirname, '../../..')

const Value = z.object({
  string_value: z.string().optional(),
  int_value: z.union([z.number(), z.string()]).optional(),
  double_value: z.number().optional(),
  bool_value: z.boolean().optional(),
  array_value: z.unknown().optional(),
  /** What was JSON when it came. */
  kvlist_value: z
    .object({
      values: z
        .array(z.object({ key: z.string(), value: z.object({ double_value: z.number().optional() }) }))
        .default([]),
    })
    .optional(),
})

const Span = z.object({
  span_id: z.string(),
  parent_span_id: z.string().optional(),
  name: z.string(),
  start_time_unix_nano: z.union([z.number(), z.string()]),
  end_time_unix_nano: z.union([z.number(), z.string()]),
  attributes: z.array(z.object({ key: z.string(), value: Value })),
  events: z.array(z.object({ name: z.string() })).optional(),
  status: z.object({ code: z.string().default('STATUS_CODE_UNSET'), message: z.string().optional() }),
})
export type Span = z.infer<typeof Span>

/** What the server's API says of a trace; only what is looked at. */
export const StoredTrace = z.object({
  trace_info: z.object({
    trace_id: z.string(),
    state: z.string(),
    execution_duration: z.string(),
    trace_metadata: z.record(z.string(), z.string()),
    tags: z.record(z.string(), z.string()),
    assessments: z
      .array(
        z.object({
          assessment_id: z.string(),
          assessment_name: z.string(),
          source: z.object({ source_type: z.string(), source_id: z.string() }),
          feedback: z.object({ value: z.unknown() }),
          rationale: z.string().optional(),
          create_time: z.string(),
        }),
      )
      .optional(),
  }),
  spans: z.array(Span),
})
export type StoredTrace = z.infer<typeof StoredTrace>

/** A real MLflow server over a database of its own. */
export interface Mlflow extends AsyncDisposable {
  readonly url: string
  /** What makes Drydock export to it. */
  readonly env: Readonly<Record<string, string>>
  /** Undefined where it has none of that id. */
  trace(id: string): Promise<StoredTrace | undefined>
}

/** Installed by `scripts/mlflow`, which a second call finds ready. */
export async function startMlflow(): Promise<Mlflow> {
  const { stdout } = await promisify(execFile)('bash', [join(root, 'scripts/mlflow')], {
    maxBuffer: 16 * 1024 * 1024,
  })
  const place = stdout.trim()
  const folder = await mkdtemp(join(tmpdir(), 'drydock-mlflow-'))
  await copyFile(join(place, 'empty.db'), join(folder, 'store.db'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const server = serve(place, folder, port)
  await answers(`${url}/health`, server)
  return {
    url,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-mlflow-experiment-id=0',
      NO_PROXY: '127.0.0.1',
    },
    async trace(id) {
      const answer = await fetch(`${url}/api/3.0/mlflow/traces/get?trace_id=tr-${id}&allow_partial=true`)
      if (answer.status === 404) return undefined
      return StoredTrace.parse(((await answer.json()) as { trace: unknown }).trace)
    },
    async [Symbol.asyncDispose]() {
      const ended = once(server, 'exit')
      server.kill()
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The server's own program, without the runners of jobs that `mlflow server` starts beside it. */
function serve(place: string, folder: string, port: number): ChildProcess {
  const store = `sqlite:///${join(folder, 'store.db')}`
  const where = ['--host', '127.0.0.1', '--port', String(port), '--log-level', 'warning']
  return spawn(join(place, 'bin/python'), ['-m', 'uvicorn', 'mlflow.server.fastapi_app:app', ...where], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      PYTHONWARNINGS: 'ignore',
      MLFLOW_DISABLE_TELEMETRY: 'true',
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
      MLFLOW_TRACKING_URI: store,
      _MLFLOW_SERVER_FILE_STORE: store,
      _MLFLOW_SERVER_REGISTRY_STORE: store,
      _MLFLOW_SERVER_ARTIFACT_ROOT: 'mlflow-artifacts:/',
      _MLFLOW_SERVER_ARTIFACT_DESTINATION: join(folder, 'artifacts'),
      _MLFLOW_SERVER_SERVE_ARTIFACTS: 'true',
    },
  })
}

/** The server tells nobody when it is ready: it is asked. */
async function answers(url: string, server: ChildProcess): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`MLflow ended with ${server.exitCode}`)
    const ok = await fetch(url).then(
      (answer) => answer.ok,
      () => false,
    )
    if (ok) return
    await wait(100)
  }
}
