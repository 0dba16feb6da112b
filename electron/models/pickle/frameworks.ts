import type { Discoveries } from './machine.ts'

const frameworks = new Map([
  ['sklearn', 'scikit-learn'],
  ['xgboost', 'XGBoost'],
  ['lightgbm', 'LightGBM'],
  ['catboost', 'CatBoost'],
  ['transformers', 'Transformers'],
  ['torch', 'PyTorch'],
  ['keras', 'Keras'],
  ['tensorflow', 'TensorFlow'],
  ['statsmodels', 'statsmodels'],
])

/** What many frameworks use: they name a pickle only where nothing else does. */
const libraries = new Map([
  ['pandas', 'pandas'],
  ['scipy', 'SciPy'],
  ['numpy', 'NumPy'],
])

const plainVersion = /^\d{1,4}(\.\w{1,10}){1,4}$/

/**
 * The framework that made a pickle, told by what it imports: `scikit-learn 1.7.2`. Where there are several, the first
 * is that of the outermost object. Null where nothing tells.
 */
export function frameworkOf({ imports, sklearnVersion }: Discoveries): string | null {
  const tops = new Set<string>()
  for (const { module } of imports.values()) tops.add(module.split('.', 1)[0] ?? '')
  const framework = [...tops].find((top) => frameworks.has(top))
  if (framework === undefined) {
    const library = [...libraries.keys()].find((name) => tops.has(name))
    return library === undefined ? null : (libraries.get(library) ?? null)
  }
  const hasVersion = framework === 'sklearn' && sklearnVersion !== null && plainVersion.test(sklearnVersion)
  const name = frameworks.get(framework) ?? framework
  return hasVersion ? `${name} ${sklearnVersion}` : name
}
