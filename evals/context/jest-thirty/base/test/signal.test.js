const { signal } = require('../src/signal')

describe('signal', () => {
  const horn = { blow: jest.fn(), last: jest.fn(() => 2) }

  it('blows', () => {
    expect(signal(horn, 3)).toBe(2)
    expect(horn.blow).toBeCalledTimes(3)
    expect(horn.blow).lastCalledWith(2)
    expect(horn.last).toReturnWith(2)
  })

  it('is silent', () => {
    horn.blow.mockClear()
    signal(horn, 0)
    expect(horn.blow).not.toBeCalled()
  })
})
