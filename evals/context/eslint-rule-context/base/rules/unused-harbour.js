const { declared } = require('./scope')

module.exports = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    return {
      'Program:exit'(node) {
        for (const variable of declared(context))
          if (/harbour/i.test(variable.name) && variable.references.length < 2)
            context.report({ node: variable.defs[0].node, message: `${variable.name} is not used` })
      },
    }
  },
}
