const assert = require('node:assert')
const { spawnSync } = require('node:child_process')
const path = require('node:path')
const { describe, it } = require('node:test')

const root = path.join(__dirname, '..')

function rota(...args) {
  const { ROTA_TEAM, ROTA_SIZE, ...env } = process.env
  return spawnSync(process.execPath, ['bin/rota.js', ...args], { cwd: root, env, encoding: 'utf8' })
}

describe('rota', () => {
  it('prints a day', () => {
    const { stdout, status } = rota('day')
    assert.equal(status, 0)
    assert.equal(stdout, '2024-01-01  Ana, Bo\n')
  })

  it('prints JSON', () => {
    const { stdout } = rota('week', '--json', '--env', 'config/export.env')
    assert.deepEqual(JSON.parse(stdout)[0].people, ['Ed', 'Flo', 'Gus'])
  })

  it('says that a file is missing', () => {
    const { stderr, status } = rota('day', '--env', 'nowhere.env')
    assert.equal(status, 1)
    assert.equal(stderr, 'rota: no settings at nowhere.env\n')
  })

  it('has a usage', () => {
    assert.match(rota('month').stderr, /usage: rota day\|week/)
  })
})
