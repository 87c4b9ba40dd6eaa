import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DrydockError } from '../../../../src/contract/failure.ts'
import {
  secretsOfTelemetry,
  shownAddress,
  telemetrySettings,
} from '../../../../src/runner/telemetry/settings.ts'
import { temporaryFolder } from '../../../support/madeRepository.ts'

const at = (more: Record<string, string> = {}) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
  ...more,
})
const headers = (text: string) => at({ OTEL_EXPORTER_OTLP_HEADERS: text })

describe('where traces go', () => {
  it('is nowhere, unless an address is named', async () => {
    for (const env of [
      {},
      { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' },
      { OTEL_EXPORTER_OTLP_HEADERS: 'a=b' },
      at({ OTEL_SDK_DISABLED: 'true' }),
      at({ OTEL_TRACES_EXPORTER: 'none' }),
    ])
      assert.equal(await telemetrySettings(env), undefined)
  })

  it('is the path for traces below a common address, and a traces’ own address as it is', async () => {
    for (const [env, url] of [
      [at(), 'http://127.0.0.1:4318/v1/traces'],
      [at({ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://h.example/x/' }), 'https://h.example/x/v1/traces'],
      [at({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://h.example/own' }), 'https://h.example/own'],
    ] as const)
      assert.equal((await telemetrySettings(env))?.url, url)
  })

  it('reads headers as the specification writes them, those for traces last', async () => {
    const settings = await telemetrySettings({
      ...headers('authorization=Bearer%20abcdefgh1234, x-scope-orgid=frontend'),
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-scope-orgid=backend',
    })
    assert.deepEqual(settings?.headers, {
      authorization: 'Bearer abcdefgh1234',
      'x-scope-orgid': 'backend',
    })
    // A tenant's name is no secret: it would be blotted out of every path that has it.
    assert.deepEqual(secretsOfTelemetry(settings), ['Bearer abcdefgh1234', 'abcdefgh1234'])
  })

  it('is an MLflow server only where an experiment is named and the path is its own', async () => {
    const of = async (env: Record<string, string>) => (await telemetrySettings(env))?.mlflow
    assert.equal(await of(at()), undefined)
    assert.equal(await of(headers('x-mlflow-experiment-id=7')), 'http://127.0.0.1:4318')
    assert.equal(await of(headers('X-MLflow-Experiment-Id=7')), 'http://127.0.0.1:4318')
    const elsewhere = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:1/collect' }
    assert.equal(await of({ ...headers('x-mlflow-experiment-id=7'), ...elsewhere }), undefined)
  })

  it('takes words along only where that is said', async () => {
    const of = async (value: string) =>
      (await telemetrySettings(at({ OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: value })))?.content
    assert.equal((await telemetrySettings(at()))?.content, false)
    for (const value of ['true', 'TRUE', 'span_only', 'SPAN_AND_EVENT']) assert.equal(await of(value), true)
    for (const value of ['', 'false', 'no_content', 'event_only', '1']) assert.equal(await of(value), false)
  })

  it('has the proxy of its scheme and the certificates of the host', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'ca.pem')
    await writeFile(file, 'CA')
    const env = { HTTP_PROXY: 'http://p.example:1', HTTPS_PROXY: 'http://p.example:2', NO_PROXY: 'x.example' }
    const near = await telemetrySettings(at({ ...env, SSL_CERT_FILE: file }))
    assert.deepEqual(
      [near?.proxy, near?.noProxy, near?.tls],
      ['http://p.example:1', 'x.example', { ca: ['CA'] }],
    )
    const far = await telemetrySettings(at({ ...env, OTEL_EXPORTER_OTLP_ENDPOINT: 'https://h.example' }))
    assert.equal(far?.proxy, 'http://p.example:2')
  })

  it('refuses in words, by the variable’s name and without its value', async () => {
    for (const [name, value] of [
      ['OTEL_EXPORTER_OTLP_ENDPOINT', 'not an address'],
      ['OTEL_EXPORTER_OTLP_ENDPOINT', 'ftp://h.example'],
      ['OTEL_EXPORTER_OTLP_ENDPOINT', 'https://user:secret-word@h.example'],
      ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
      ['OTEL_EXPORTER_OTLP_HEADERS', 'secret-word'],
      ['OTEL_EXPORTER_OTLP_HEADERS', 'a b=secret-word'],
      ['OTEL_EXPORTER_OTLP_TIMEOUT', 'soon'],
      ['OTEL_EXPORTER_OTLP_CERTIFICATE', '/nowhere/at/all'],
    ] as const)
      await assert.rejects(telemetrySettings(at({ [name]: value })), (error: unknown) => {
        assert.ok(error instanceof DrydockError)
        assert.equal(error.failure.code, 'bad-config')
        assert.ok(error.failure.message.startsWith(name), error.failure.message)
        return !JSON.stringify(error.failure).includes('secret-word')
      })
  })

  it('is shown without what an address may carry', () => {
    assert.equal(shownAddress('https://h.example/v1/traces?token=abc'), 'https://h.example/v1/traces')
  })
})
