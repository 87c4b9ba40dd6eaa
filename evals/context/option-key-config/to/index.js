exports.build = (config) => `${config.entry} > ${config.output}`
