exports.summary = function (urls, counts) {
  return {
    total: urls.length,
    fetched: urls.length - counts.failed.length,
    failed: counts.failed,
    busy: counts.waits > 0
  }
}

exports.line = function (result) {
  return result.fetched + ' of ' + result.total + (result.failed.length ? ', ' + result.failed.length + ' failed' : '')
}
