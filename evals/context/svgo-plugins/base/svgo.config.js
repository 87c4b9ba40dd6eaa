const { extendDefaultPlugins } = require('svgo')

module.exports = {
  multipass: true,
  plugins: extendDefaultPlugins([
    { name: 'removeViewBox', active: false },
    { name: 'cleanupIDs', params: { prefix: 'tide-' } },
  ]),
}
