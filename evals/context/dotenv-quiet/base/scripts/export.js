const { settings } = require('../src/env')
const { schedule } = require('../src/schedule')

// Goes straight into the spreadsheet of the office.
for (const { day, people } of schedule(settings(process.env), '2024-01-01', 7)) {
  console.log([day, ...people].join(','))
}
