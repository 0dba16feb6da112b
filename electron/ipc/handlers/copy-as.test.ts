import { describe, expect, it } from 'vitest'
import { artifactRow } from '../../cli/testing/builders.ts'
import { copyChoices } from './copy-as.ts'

const onDisk = { location: '/srv/m/model.pkl.age', objectName: 'model.pkl.age', download: null }
const uri = 's3://models/fraud/model.pkl.age'
const inBucket = {
  location: uri,
  objectName: 'model.pkl.age',
  download: ['aws', 's3', 'cp', '--profile', 'ml', uri, '-'] as const,
}
const row = artifactRow(1, { name: 'fraud/model.pkl' })
const texts = (...given: Parameters<typeof copyChoices>) =>
  Object.fromEntries(copyChoices(...given).map(({ id, text }) => [id, text]))

describe('what can be copied of an artifact', () => {
  it('is one age command where the shells do not differ', () => {
    expect(texts(row, onDisk)).toEqual({
      path: '/srv/m/model.pkl.age',
      'object-name': 'model.pkl.age',
      age: 'age -d -i key.txt -o model.pkl /srv/m/model.pkl.age',
      python: expect.stringContaining('"fraud/model.pkl"'),
    })
    const quoted = texts(row, { ...onDisk, location: "/srv/ada's/model.pkl.age" })
    expect(quoted['age-powershell']).toBe("age -d -i key.txt -o model.pkl '/srv/ada''s/model.pkl.age'")
  })

  it('of a bucket downloads into age, and by way of a file where pipes break bytes', () => {
    expect(copyChoices(row, inBucket)[0]).toEqual({ id: 'path', label: 'URI', text: uri })
    expect(texts(row, inBucket)).toMatchObject({
      age: `aws s3 cp --profile ml ${uri} - | age -d -i key.txt -o model.pkl`,
      'age-powershell': `aws s3 cp --profile ml ${uri} model.pkl.age; age -d -i key.txt -o model.pkl model.pkl.age`,
    })
  })

  it('of a folder ends in tar', () => {
    const folder = artifactRow(1, { name: 'checkpoints', isFolder: true })
    expect(texts(folder, inBucket)['age']).toBe(`aws s3 cp --profile ml ${uri} - | age -d -i key.txt | tar x`)
  })

  it('is only its place and name once its key is destroyed and no copy of it is known', () => {
    const of = (copiesElsewhere: number) =>
      copyChoices(artifactRow(1, { keyState: 'destroyed', copiesElsewhere }), onDisk).map(({ id }) => id)
    expect(of(0)).toEqual(['path', 'object-name'])
    expect(of(1)).toEqual(['path', 'object-name', 'age'])
  })
})
