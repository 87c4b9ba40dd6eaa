const test = require('node:test')
const assert = require('node:assert')
const { Jobs } = require('../src/jobs')

test('runs nothing before its start', async () => {
  let runs = 0
  const jobs = new Jobs()
  jobs.add('each second', '* * * * * *', () => {
    runs += 1
  })
  await new Promise((resolve) => setTimeout(resolve, 1300))
  assert.equal(runs, 0)
  jobs.start()
  await new Promise((resolve) => setTimeout(resolve, 1300))
  jobs.stop()
  assert.ok(runs >= 1)
})
test('refuses', () => assert.throws(() => new Jobs().add('a', 'soon', () => {}), /no time/))
