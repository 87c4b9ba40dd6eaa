'use strict';

function toDay(stamp) {
  return new Date(stamp).toISOString().slice(0, 10);
}

module.exports = { toDay };
