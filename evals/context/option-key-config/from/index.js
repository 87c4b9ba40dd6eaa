exports.build = (config) => `${config.entry} > ${config.outDir}`
