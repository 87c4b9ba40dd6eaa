import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { AwsClient } from 'aws4fetch'
import { freePort } from '../freePort.ts'

const root = join(import.meta.dirname, '../../..')
const bucket = 'drydock-test'

/** A real server of S3 with one empty bucket, which takes the keys of one user and checks each signature. */
export interface Moto extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly bucket: string
  /** What makes Drydock use it; `prefix` keeps tests apart. */
  env(prefix: string): NodeJS.ProcessEnv
}

/** Installed by `scripts/moto`, which a second call finds ready. */
export async function startMoto(): Promise<Moto> {
  const { stdout } = await promisify(execFile)('bash', [join(root, 'scripts/moto')], {
    maxBuffer: 16 * 1024 * 1024,
  })
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  // Four requests make the bucket and its user; from then on each needs that user's signature.
  const env = { PATH: process.env.PATH, INITIAL_NO_AUTH_ACTION_COUNT: '4', PYTHONWARNINGS: 'ignore' }
  const where = ['-H', '127.0.0.1', '-p', String(port)]
  const server = spawn(join(stdout.trim(), 'bin/moto_server'), where, { stdio: 'ignore', env })
  await answers(url, server)
  const keys = await userOf(url)
  return {
    ...{ url, port, bucket },
    env: (prefix) => ({
      DRYDOCK_FLEET_STORE: `s3://${bucket}/${prefix}`,
      AWS_ENDPOINT_URL_S3: url,
      AWS_ACCESS_KEY_ID: keys.id,
      AWS_SECRET_ACCESS_KEY: keys.secret,
      AWS_REGION: 'us-east-1',
      NO_PROXY: '127.0.0.1',
    }),
    async [Symbol.asyncDispose]() {
      const ended = once(server, 'exit')
      server.kill()
      await ended
    },
  }
}

async function userOf(url: string): Promise<{ readonly id: string; readonly secret: string }> {
  const first = new AwsClient({
    accessKeyId: 'first',
    secretAccessKey: 'first',
    region: 'us-east-1',
    retries: 0,
  })
  const ask = async (service: string, path: string, method: string, body?: string): Promise<string> => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const more = body === undefined ? {} : { body, headers }
    const response = await first.fetch(`${url}${path}`, { method, aws: { service }, ...more })
    if (!response.ok) throw new Error(`moto: ${method} ${path}: ${response.status}`)
    return response.text()
  }
  const iam = (fields: Readonly<Record<string, string>>): Promise<string> =>
    ask(
      'iam',
      '/',
      'POST',
      new URLSearchParams({ Version: '2010-05-08', UserName: 'fleet', ...fields }).toString(),
    )
  await ask('s3', `/${bucket}`, 'PUT')
  await iam({ Action: 'CreateUser' })
  const made = await iam({ Action: 'CreateAccessKey' })
  const policy = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
  }
  await iam({ Action: 'PutUserPolicy', PolicyName: 'all', PolicyDocument: JSON.stringify(policy) })
  const [, id = ''] = /<AccessKeyId>(.*?)</.exec(made) ?? []
  const [, secret = ''] = /<SecretAccessKey>(.*?)</.exec(made) ?? []
  return { id, secret }
}

/** The server tells nobody when it is ready: it is asked, by what counts as no request of S3. */
async function answers(url: string, server: ChildProcess): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`moto ended with ${server.exitCode}`)
    const ok = await fetch(`${url}/moto-api/data.json`).then(
      (answer) => answer.ok,
      () => false,
    )
    if (ok) return
    await wait(100)
  }
}
