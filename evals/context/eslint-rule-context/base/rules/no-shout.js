/** @type {import('eslint').Rule.RuleModule} */
module.exports = {
  meta: { type: 'suggestion', fixable: 'code', schema: [] },
  create(context) {
    const source = context.getSourceCode()
    return {
      Literal(node) {
        const text = source.getText(node)
        if (typeof node.value !== 'string' || !/!{2,}/.test(text)) return
        context.report({
          node,
          message: 'one mark is enough',
          fix: (fixer) => fixer.replaceText(node, text.replace(/!+/, '!')),
        })
      },
    }
  },
}
