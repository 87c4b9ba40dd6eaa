const { Renderer } = require('marked')

class Plain extends Renderer {
  heading(text, level) {
    return `<h${level + 1}>${text}</h${level + 1}>\n`
  }

  link(href, title, text) {
    return `<a rel="nofollow" href="${href}">${text}</a>`
  }
}

module.exports = { Plain }
