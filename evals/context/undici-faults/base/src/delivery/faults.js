const network = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_SOCKET',
]);

/** Whether it is worth to try again. */
export function isTemporary(error) {
  if (error.code === 'UND_ERR_RESPONSE_STATUS_CODE') {
    return error.statusCode === 429 || error.statusCode >= 500;
  }
  return network.has(error.code);
}
