const texts = {
  E_TOO_HEAVY: 'more than 30 kg',
  E_TIMEOUT: 'nobody answers',
}

function explain(error) {
  if (error.code === 'E_NO_ADDRESS') return 'where to?'
  return texts[error.code] ?? 'unknown'
}

module.exports = { explain }
