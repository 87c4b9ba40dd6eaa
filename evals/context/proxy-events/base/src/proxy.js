const { createProxyMiddleware, fixRequestBody } = require('http-proxy-middleware')
const { stamp } = require('./stamp')

function proxy(target) {
  return createProxyMiddleware('/tides', {
    target,
    changeOrigin: true,
    logLevel: 'silent',
    pathRewrite: { '^/tides': '' },
    onProxyReq: fixRequestBody,
    onProxyRes: stamp,
    onError: (error, request, response) => {
      response.statusCode = 502
      response.end('no tide')
    },
  })
}

module.exports = { proxy }
