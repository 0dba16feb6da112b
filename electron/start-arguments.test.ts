import { describe, expect, it } from 'vitest'
import { openedInbox, readStartArguments } from './start-arguments.ts'

describe('readStartArguments', () => {
  it('takes the data folder and what to open, relative to where the person is', () => {
    expect(readStartArguments(['--data', 'd', 'm.pkl.age', '/abs/n.age'], '/home/ada')).toEqual({
      dataFolder: '/home/ada/d',
      headless: false,
      opened: ['/home/ada/m.pkl.age', '/abs/n.age'],
    })
  })

  it('leaves a link as it is', () => {
    expect(readStartArguments(['weightlock://artifact/abc'], '/').opened).toEqual([
      'weightlock://artifact/abc',
    ])
  })

  it('ignores the browser’s own switches', () => {
    expect(readStartArguments(['--no-sandbox', '--js-flags=--x', '--headless'], '/')).toEqual({
      dataFolder: null,
      headless: true,
      opened: [],
    })
  })

  it('opens what follows a double dash, even if it looks like a switch', () => {
    expect(readStartArguments(['--', '--data'], '/h').opened).toEqual(['/h/--data'])
  })
})

describe('openedInbox', () => {
  it('delivers what came before the window, in order, and then at once', () => {
    const heard: string[][] = []
    const inbox = openedInbox(['a'])
    inbox.add(['b'])
    inbox.deliverTo((args) => heard.push(args))
    inbox.add(['c'])
    expect(heard).toEqual([['a'], ['b'], ['c']])
  })
})
