#!/usr/bin/env node
const { loadOptions } = require('../lib/options')
const { publish } = require('../lib/publish')

const options = loadOptions(process.argv.slice(2))

publish(options).then(
  ({ pages, warnings }) => {
    warnings.forEach((warning) => console.error(warning))
    console.log(`${pages.length} pages`)
    process.exitCode = options.strict && warnings.length > 0 ? 1 : 0
  },
  (error) => {
    console.error(error)
    process.exitCode = 2
  },
)
