class CourierError extends Error {
  constructor(code) {
    super(code)
    this.code = code
  }
}
exports.CourierError = CourierError
exports.send = async (parcel) => {
  if (parcel.weight > 30) throw new CourierError('E_TOO_HEAVY')
  if (parcel.to === undefined) throw new CourierError('E_NO_ADDRESS')
  return { id: 1 }
}
