exports.createClient = (options) => ({
  timeoutMs: options.timeoutMs,
  listEntries: async (account) => [{ account, amount: 3 }],
  close() {},
})
