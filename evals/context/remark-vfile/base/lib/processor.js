const remark = require('remark')
const links = require('./plugins/links')
const todos = require('./plugins/todos')
const toc = require('./plugins/toc')

exports.processor = () => remark().use({ settings: { bullet: '-', fences: true } }).use(toc).use(links).use(todos)
