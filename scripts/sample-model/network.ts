import { createRandom, type Sample } from './digits.ts'

/** A fully connected layer: `weight` holds `outputs` rows of `inputs` numbers, as in PyTorch. */
export interface Layer {
  inputs: number
  outputs: number
  weight: Float64Array
  bias: Float64Array
}

const at = (values: Float64Array, index: number): number => values[index] ?? 0

/** Fresh layers with He initialisation. @param sizes of the input, the hidden layers and the output */
export function createNetwork(sizes: readonly number[], seed: number): Layer[] {
  const random = createRandom(seed)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return sizes.slice(1).map((outputs, index) => {
    const inputs = sizes[index] ?? 0
    const scale = Math.sqrt(2 / inputs)
    const weight = Float64Array.from({ length: inputs * outputs }, () => normal() * scale)
    return { inputs, outputs, weight, bias: new Float64Array(outputs) }
  })
}

/** The activations of every layer, the input first; ReLU between, none at the end. */
function forward(layers: readonly Layer[], pixels: Float64Array): Float64Array[] {
  const activations = [pixels]
  for (const [index, { inputs, outputs, weight, bias }] of layers.entries()) {
    const input = activations[index] ?? pixels
    const output = new Float64Array(outputs)
    for (let row = 0; row < outputs; row++) {
      let sum = at(bias, row)
      const from = row * inputs
      for (let column = 0; column < inputs; column++) sum += at(weight, from + column) * at(input, column)
      output[row] = index < layers.length - 1 && sum < 0 ? 0 : sum
    }
    activations.push(output)
  }
  return activations
}

/** The share of samples whose strongest output is their digit. */
export function accuracyOf(layers: readonly Layer[], samples: readonly Sample[]): number {
  const right = samples.filter(({ pixels, digit }) => {
    const output = forward(layers, pixels).at(-1) ?? pixels
    return output.indexOf(Math.max(...output)) === digit
  })
  return right.length / samples.length
}

function softmax(values: Float64Array): Float64Array {
  const highest = Math.max(...values)
  const powers = values.map((value) => Math.exp(value - highest))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map((power) => power / sum)
}

/** One step of gradient descent on one sample, in place. */
function learn(layers: readonly Layer[], { pixels, digit }: Sample, rate: number): void {
  const activations = forward(layers, pixels)
  let gradient = softmax(activations.at(-1) ?? pixels)
  gradient[digit] = at(gradient, digit) - 1
  for (let index = layers.length - 1; index >= 0; index--) {
    const layer = layers[index]
    const input = activations[index]
    if (!layer || !input) continue
    const { inputs, outputs, weight, bias } = layer
    const below = new Float64Array(inputs)
    for (let row = 0; row < outputs; row++) {
      const slope = at(gradient, row)
      if (slope === 0) continue
      const from = row * inputs
      for (let column = 0; column < inputs; column++) {
        const value = at(input, column)
        if (value > 0) below[column] = at(below, column) + at(weight, from + column) * slope
        weight[from + column] = at(weight, from + column) - rate * slope * value
      }
      bias[row] = at(bias, row) - rate * slope
    }
    gradient = below
  }
}

/** Trains in place, sample by sample, the rate falling from epoch to epoch. */
export function train(
  layers: readonly Layer[],
  samples: readonly Sample[],
  epochs: number,
  rate: number,
): void {
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const sample of samples) learn(layers, sample, rate * 0.7 ** epoch)
  }
}

/** The same network with weights as 32-bit floats hold them. */
export const rounded = (layers: readonly Layer[]): Layer[] =>
  layers.map((layer) => ({
    ...layer,
    weight: layer.weight.map(Math.fround),
    bias: layer.bias.map(Math.fround),
  }))
