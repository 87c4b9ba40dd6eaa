const test = require('node:test')
const { execFileSync } = require('node:child_process')

test('the script runs', () => {
  execFileSync('sh', ['scripts/lint.sh', 'src'], { stdio: 'pipe' })
})
