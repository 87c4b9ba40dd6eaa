const { isTidy } = require('./format')
const { render } = require('./template')

function generate(models) {
  const files = new Map()
  for (const [name, fields] of Object.entries(models)) {
    const text = render(name, fields)
    if (!isTidy(text)) throw new Error(`${name} is not tidy`)
    files.set(`${name}.js`, text)
  }
  return files
}

module.exports = { generate }
