import { Settings } from '../../src/contract/settings.ts'
import { openSandbox } from '../../src/runner/docker/openSandbox.ts'
import { ASSETS, testEngine } from './sandbox.ts'

/** Works on the engine as a session does, and is killed in the middle by the engine call named in argv. */
const [sessionId, key, killAt] = process.argv.slice(2)
if (!sessionId || !key) throw new Error('usage: holdSession.ts SESSION KEY [CALL]')
let calls = 0
const engine = await testEngine(() => {
  calls++
  if (killAt && calls === Number(killAt)) process.kill(process.pid, 'SIGKILL')
})
const limits = { ...Settings.parse({}), workspaceMb: 16, memoryMb: 256 }
const sandbox = await openSandbox({ engine, sessionId, limits, assets: ASSETS, env: process.env })
const image = await sandbox.image({ kind: 'node', major: 24 }, () => undefined)
const volume = await sandbox.createVolume()
const install = await sandbox.start({ kind: 'install', image, workspace: { unsealed: volume } })
await install.exec(['sh', '-c', 'echo x > x'], { timeoutMs: 10_000, maxOutputBytes: 1000 })
await install.remove()
const sealed = await sandbox.seal(volume, key)
const workspace = await sandbox.workspace(sealed)
const project = await sandbox.start({ kind: 'project', image, workspace })
await project.exec(['true'], { timeoutMs: 10_000, maxOutputBytes: 1000 })
process.stdout.write(`${calls}\n`)
// Holds everything until it is killed.
setInterval(() => undefined, 60_000)
