import assert from 'node:assert/strict'
import type { Examination } from '../../../src/contract/examination.ts'
import { doctorPage } from '../../../src/extension/doctor/page.ts'

const found: Examination = {
  ready: true,
  version: '0.1.0',
  node: 'v24.0.0',
  sessions: '/home/tess/.local/share/drydock/sessions',
  engine: { address: 'unix:///var/run/docker.sock', source: 'default' },
  protections: [
    { name: 'seccomp', state: 'weaker', why: 'the profile is <b>old</b> | [x](command:y)', essential: true },
  ],
  registries: 1,
  key: 'none',
}

describe('doctor page', () => {
  it('says whether sessions can run, with every protection and why it is weaker', () => {
    const page = doctorPage(found, { key: true, platform: 'linux' })
    assert.match(page, /✓ \*\*Ready\.\*\*/)
    assert.match(page, /\| ⚠\u00a0weaker \| seccomp \| essential \| /)
    assert.match(page, /There is a key/)
  })

  it('takes nothing that the engine says for Markdown', () => {
    const page = doctorPage(found, { key: false, platform: 'linux' })
    assert.ok(page.includes('\\<b\\>old\\</b\\> \\| \\[x\\]\\(command\\:y\\)'), page)
  })

  it('says what to do where no engine answers', () => {
    const { engine: _, ...rest } = found
    const engineFailure = { code: 'engine-not-found', message: 'No engine.', next: 'Start Docker.' } as const
    const missing = { ...rest, ready: false, engineFailure, protections: [] }
    const page = doctorPage(missing, { key: false, platform: 'darwin' })
    assert.match(page, /✗ \*\*Not ready/)
    assert.match(
      page,
      /✗ No engine\\\.\n\n\*\*Next:\*\* On macOS install Docker Desktop or Podman and start it/,
    )
    // Where it runs inside of something, that decides.
    const place = { name: 'a container', engine: 'a mounted one' }
    const inside = doctorPage({ ...missing, place }, { key: false, platform: 'linux' })
    assert.match(inside, /\*\*Next:\*\* Start Docker/)
  })
})
