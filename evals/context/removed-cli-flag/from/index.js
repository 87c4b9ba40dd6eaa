exports.check = (text) => text.split('\n').filter((line) => /\s$/.test(line)).length
