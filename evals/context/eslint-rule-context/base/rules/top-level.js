const { around } = require('./scope')

module.exports = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    return {
      AwaitExpression(node) {
        if (!around(context).some((type) => /Function/.test(type)))
          context.report({ node, message: 'no await at the top' })
      },
    }
  },
}
