import { EventEmitter } from 'node:events'

type Listener = (...args: never[]) => void

/** `on`, `once` and `off` in a shape that fits all of Electron's overloads, and a way to make them speak. */
export function emitter() {
  const events = new EventEmitter()
  const hear = (how: 'on' | 'once' | 'off') =>
    function (this: unknown, name: string, listener: Listener): never {
      events[how](name, listener as (...args: unknown[]) => void)
      return this as never
    }
  return { events, methods: { on: hear('on'), once: hear('once'), off: hear('off') } }
}
