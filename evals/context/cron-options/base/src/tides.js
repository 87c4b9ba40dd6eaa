const { Jobs } = require('./jobs')

function tideJobs(publish) {
  const jobs = new Jobs()
  jobs.add('tables', '0 4 * * *', (now) => publish(now))
  return jobs
}

module.exports = { tideJobs }
