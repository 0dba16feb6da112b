import { describe, expect, it } from 'vitest'
import { WeightlockError } from '../../shared/failure.ts'
import { asFileFailure, fileFailure, storeFailure } from './file-failures.ts'

const systemError = (code: string) => Object.assign(new Error(code), { code })

describe('an error of the system', () => {
  it.each([
    ['ENOSPC', 'file/disk-full', 'store/full'],
    ['EDQUOT', 'file/disk-full', 'store/full'],
    ['EROFS', 'file/read-only', 'store/read-only'],
    ['EACCES', 'file/permission-denied', 'store/read-only'],
    ['EPERM', 'file/permission-denied', 'store/read-only'],
    ['ENOENT', 'file/not-found', 'store/object-not-found'],
    ['EEXIST', 'file/exists', 'store/object-exists'],
    ['ELOOP', 'file/link-loop', 'store/unreachable'],
    ['ENAMETOOLONG', 'artifact/name-invalid', 'artifact/name-invalid'],
    ['EIO', 'file/io', 'store/unreachable'],
    ['ESTALE', 'file/io', 'store/unreachable'],
  ])('%s is %s for a file and %s for a store', (errno, ofFile, ofStore) => {
    const where = { store: 'nas', objectName: 'a.age', rootIsThere: true }
    expect(fileFailure(systemError(errno), '/f')?.code).toBe(ofFile)
    expect(storeFailure(systemError(errno), where)?.code).toBe(ofStore)
    expect(storeFailure(systemError(errno), { ...where, rootIsThere: false })?.code).toBe('store/unreachable')
  })

  it('that denies reading does not say that nothing can be written', () => {
    const where = { store: 'nas', objectName: 'a.age', rootIsThere: true, isReading: true }
    expect(storeFailure(systemError('EACCES'), where)).toEqual({
      code: 'store/unreachable',
      store: 'nas',
      detail: 'EACCES',
    })
  })

  it('is nothing else: bugs and failures pass as they are', async () => {
    expect(fileFailure(new TypeError('bug'), '/f')).toBeNull()
    expect(fileFailure(new WeightlockError({ code: 'job/stopped' }), '/f')).toEqual({ code: 'job/stopped' })
    await expect(asFileFailure('/f', () => Promise.reject(new TypeError('bug')))).rejects.toThrow(TypeError)
    await expect(asFileFailure('/f', () => Promise.reject(systemError('ENOSPC')), 7)).rejects.toMatchObject({
      failure: { code: 'file/disk-full', path: '/f', neededBytes: 7 },
    })
  })
})
