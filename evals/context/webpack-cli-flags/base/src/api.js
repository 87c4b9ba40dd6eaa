/* global __API__ */
export function address(path) {
  return `${__API__}/${path}`;
}
