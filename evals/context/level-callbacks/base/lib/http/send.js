exports.send = function (res) {
  return function (err, answer) {
    if (err) {
      res.writeHead(err.status || 500, { 'content-type': 'application/json' })
      return res.end(JSON.stringify({ error: err.message }))
    }
    res.writeHead(answer === null ? 404 : 200, { 'content-type': 'application/json' })
    res.end(JSON.stringify(answer))
  }
}
