const outDir = process.argv[2]

module.exports.target = () => outDir
