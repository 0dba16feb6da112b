import type { Discoveries } from './machine.ts'

const byTopModule: readonly (readonly [string, string])[] = [
  ['sklearn', 'scikit-learn'],
  ['xgboost', 'XGBoost'],
  ['lightgbm', 'LightGBM'],
  ['catboost', 'CatBoost'],
  ['transformers', 'Transformers'],
  ['torch', 'PyTorch'],
  ['keras', 'Keras'],
  ['tensorflow', 'TensorFlow'],
  ['statsmodels', 'statsmodels'],
  ['pandas', 'pandas'],
  ['scipy', 'SciPy'],
  ['numpy', 'NumPy'],
]

const plainVersion = /^\d{1,4}(\.\w{1,10}){1,4}$/

/** The framework that made a pickle, told by what it imports: `scikit-learn 1.7.2`. Null where nothing tells. */
export function frameworkOf({ imports, sklearnVersion }: Discoveries): string | null {
  const tops = new Set<string>()
  for (const { module } of imports.values()) tops.add(module.split('.', 1)[0] ?? '')
  const found = byTopModule.find(([top]) => tops.has(top))
  if (!found) return null
  const [top, name] = found
  return top === 'sklearn' && sklearnVersion && plainVersion.test(sklearnVersion)
    ? `${name} ${sklearnVersion}`
    : name
}
