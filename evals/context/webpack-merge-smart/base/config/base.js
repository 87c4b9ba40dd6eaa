module.exports = { entry: './src', module: { rules: [] } }
