const assert = require('node:assert')
const path = require('node:path')
const test = require('node:test')
const { loadOptions } = require('../lib/options')
const { publish } = require('../lib/publish')

const docs = path.join(__dirname, '../docs')

test('links lose their extension', async () => {
  const { pages } = await publish(loadOptions([docs, '--no-footer']))
  const index = pages.find(({ stem }) => stem === 'index')
  assert.match(String(index), /\[the rules\]\(rules\)/)
  assert.match(String(index), /\(start#first-day\)/)
})

test('the footer counts', async () => {
  const { pages } = await publish(loadOptions([docs]))
  const rules = pages.find(({ stem }) => stem === 'rules')
  assert.match(String(rules), /rules, 8 words\n$/)
})

test('warns', async () => {
  const { warnings } = await publish(loadOptions([docs]))
  assert.deepEqual(warnings, ['rules.md:5 still to be done'])
})

test('headings', async () => {
  const { pages } = await publish(loadOptions([docs]))
  assert.deepEqual(pages[1].data.headings, [
    { depth: 1, title: 'Rules', id: 'rules' },
    { depth: 2, title: 'Be kind', id: 'be-kind' },
  ])
})
