const { name } = require('./src/name')

module.exports = {
  entry: `src/${name}.js`,
  outDir: 'out',
  sourcemaps: true,
}
