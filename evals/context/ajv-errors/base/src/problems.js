function problems(validator, value) {
  if (validator.check(value)) return []
  return validator.check.errors.map((error) => `${error.dataPath || '/'} ${error.message}`)
}

module.exports = { problems }
