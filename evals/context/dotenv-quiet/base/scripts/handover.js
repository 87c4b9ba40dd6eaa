require('dotenv').config({ path: `${__dirname}/../config/default.env` })

const { settings } = require('../src/env')
const { schedule } = require('../src/schedule')

// One line, piped into the mail for the shift that comes next.
const [{ day, people }] = schedule(settings(process.env), process.argv[2] ?? new Date().toISOString().slice(0, 10), 1)
process.stdout.write(`${day}: ${people.join(' and ')}`)
