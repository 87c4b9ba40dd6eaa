function refuse (message) {
  return Object.assign(new Error(message), { status: 400 })
}

exports.parse = function (req, done) {
  let text = ''
  req.setEncoding('utf8')
  req.on('data', function (chunk) { text += chunk })
  req.on('error', done)
  req.on('end', function () {
    let body
    try {
      body = JSON.parse(text)
    } catch (err) {
      return done(refuse('no JSON'))
    }
    if (typeof body.url !== 'string') return done(refuse('url is missing'))
    done(null, body)
  })
}
