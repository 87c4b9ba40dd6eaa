export const names = { title: Symbol('title'), harbour: Symbol('harbour'), factory: Symbol('factory') }
