const { marked } = require('marked')
const { Plain } = require('./renderer')

function page(text) {
  return marked.parse(text, { renderer: new Plain() })
}

module.exports = { page }
