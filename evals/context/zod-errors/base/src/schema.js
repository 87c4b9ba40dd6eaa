const { z } = require('zod')

const host = z.string().ip()
const Berth = z.object({
  host,
  tags: z.record(z.number()),
  name: z.string({ required_error: 'a berth has a name' }),
})

module.exports = { Berth }
