/** Exposes the typed bridge to the page. No logic: what may pass is decided in the main process. */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { Bridge } from '../shared/contract/bridge.ts'
import { wire } from './host/wire.ts'

const bridge: Bridge = {
  invoke: (channel, request) => ipcRenderer.invoke(wire.call, channel, request),
  on: (event, listener) => {
    const heard = (_event: unknown, name: string, payload: Parameters<typeof listener>[0]) => {
      if (name === event) listener(payload)
    }
    ipcRenderer.on(wire.event, heard)
    return () => void ipcRenderer.off(wire.event, heard)
  },
  pathForFile: (file) => ipcRenderer.invoke(wire.path, webUtils.getPathForFile(file)),
}

contextBridge.exposeInMainWorld('weightlock', bridge)
