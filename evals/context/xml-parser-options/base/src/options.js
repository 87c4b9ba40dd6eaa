module.exports.options = {
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  attrNodeName: 'attributes',
  parseNodeValue: false,
  trimValues: true,
}
