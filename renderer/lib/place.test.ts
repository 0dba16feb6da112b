import { describe, expect, it } from 'vitest'
import { StoreId } from '../../shared/ids.ts'
import { placeOf, placePath, shownArtifact } from './place.ts'

const storeId = StoreId.parse('aaaaaaaaaaaaaaaaaaaaaaaaaa')

describe('a place in the address', () => {
  it('comes back as it went in, with spaces, slashes, percent signs and letters of any script', () => {
    for (const folder of ['', 'fraud', 'a b/c%d/ü—漢', 'x#y?z'])
      expect(placeOf(placePath({ storeId, folder }))).toEqual({ storeId, folder })
  })
  it('is undecided at the start and may be every store', () => {
    expect(placeOf('/')).toEqual({ storeId: null, folder: '' })
    expect(placeOf(placePath({ storeId: 'all', folder: '' }))).toEqual({ storeId: 'all', folder: '' })
  })
  it('is none for another screen, a made-up store or an artifact', () => {
    expect(placeOf('/keys')).toBeNull()
    expect(placeOf('/artifacts/in/nonsense')).toBeNull()
    expect(placeOf(`/artifacts/show/${storeId}`)).toBeNull()
    expect(shownArtifact(`/artifacts/show/${storeId}`)).toBe(storeId)
    expect(shownArtifact('/artifacts/show/nonsense')).toBeNull()
  })
})
