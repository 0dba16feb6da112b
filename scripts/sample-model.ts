/**
 * Makes the sample model that a first start offers: a small network that reads 8 by 8 digits, really trained on drawn
 * ones, as `assets/sample/digits-mlp.safetensors` and as `digits-mlp.pkl`. The same bytes come out every time.
 *
 *   node scripts/sample-model.ts [FOLDER]
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { drawDigits, side } from './sample-model/digits.ts'
import { toPickle, toSafetensors } from './sample-model/formats.ts'
import { accuracyOf, createNetwork, rounded, train } from './sample-model/network.ts'

const folder = process.argv[2] ?? join(import.meta.dirname, '..', 'assets', 'sample')
const sizes = [side * side, 256, 192, 10]

const layers = createNetwork(sizes, 20_261_101)
train(layers, drawDigits(4000, 1), 4, 0.02)
const network = rounded(layers)
const accuracy = accuracyOf(network, drawDigits(2000, 2))
const parameterCount = network.reduce((sum, { weight, bias }) => sum + weight.length + bias.length, 0)

const description =
  'A small network that reads 8 by 8 pictures of digits. Trained on drawn digits, made for trying Weightlock on.'
const metadata = {
  name: 'digits-mlp',
  description,
  architecture: `fully connected ${sizes.join('-')}, ReLU between the layers`,
  training: '4000 drawn digits with noise, 4 epochs of gradient descent',
  accuracy: `${accuracy} on 2000 drawn digits that it had not seen`,
  parameters: String(parameterCount),
  license: 'Apache-2.0',
}

mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, 'digits-mlp.safetensors'), toSafetensors(network, metadata))
writeFileSync(
  join(folder, 'digits-mlp.pkl'),
  toPickle({
    ...metadata,
    layers: network.map(({ inputs, outputs, weight, bias }) => ({
      shape: [outputs, inputs],
      weight: { floats: weight },
      bias: { floats: bias },
    })),
  }),
)
process.stdout.write(
  `${parameterCount} parameters, right in ${(accuracy * 100).toFixed(1)} % of unseen digits\n`,
)
