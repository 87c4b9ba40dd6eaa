'use strict'

function layout(t, member, lines) {
  return [t('greeting', { name: member.name }), '', ...lines, '', t('signature')].join('\n')
}

module.exports = { layout }
