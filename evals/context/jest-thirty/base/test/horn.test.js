const { signal } = require('../src/signal')

test('takes the place of a horn', () => {
  const horn = jest.genMockFromModule('../src/horn')
  signal(horn, 1)
  expect(horn.blow).toHaveBeenCalledWith(0)
})
