import { modernModule } from './dangerous-imports.ts'

/** Globals that ordinary pickles of data and models name, and that only make data. By module. */
const exact: Record<string, string> = {
  builtins:
    'object list dict set frozenset tuple str bytes bytearray int float complex bool slice range xrange long unicode ' +
    'type NoneType Ellipsis NotImplemented len min max sum abs round sorted Exception ValueError TypeError KeyError ' +
    'RuntimeError IndexError StopIteration ArithmeticError OverflowError ZeroDivisionError OSError AssertionError ' +
    'property staticmethod classmethod enumerate reversed',
  copyreg: '_reconstructor __newobj__ __newobj_ex__',
  collections: 'OrderedDict defaultdict deque Counter ChainMap UserDict UserList UserString',
  _codecs: 'encode',
  array: 'array _array_reconstructor',
  datetime: 'datetime date time timedelta timezone tzinfo',
  decimal: 'Decimal Context',
  fractions: 'Fraction',
  uuid: 'UUID SafeUUID',
  functools: 'partial',
  types: 'SimpleNamespace MappingProxyType',
  pathlib: 'Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath',
  'pathlib._local': 'Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath',
  operator: 'itemgetter add sub mul truediv neg',
  random: 'Random',
  re: '_compile',
  itertools: 'count repeat chain cycle',
  zoneinfo: 'ZoneInfo._unpickle',
  ipaddress: 'IPv4Address IPv6Address IPv4Network IPv6Network',
  enum: 'Enum IntEnum Flag IntFlag',
  argparse: 'Namespace',
  'numpy.core.multiarray': '_reconstruct scalar',
  'numpy._core.multiarray': '_reconstruct scalar',
  'numpy.core.numeric': '_frombuffer',
  'numpy._core.numeric': '_frombuffer',
  'numpy.core': '_ufunc_reconstruct',
  'numpy._core': '_ufunc_reconstruct',
  'numpy.ma.core': '_mareconstruct MaskedArray',
  'numpy.random': '__RandomState_ctor',
  'numpy.random._pickle': '__randomstate_ctor __generator_ctor __bit_generator_ctor',
  'numpy.random.bit_generator': '__pyx_unpickle_SeedSequence',
  'numpy.rec': 'recarray record',
  numpy:
    'ndarray dtype matrix recarray record bool_ bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 intc intp ' +
    'float16 float32 float64 longdouble complex64 complex128 str_ bytes_ object_ void datetime64 timedelta64 ' +
    'generic number log log1p log2 log10 exp expm1 sqrt square abs absolute sin cos tan tanh mean median std var min ' +
    'max sum prod argmin argmax identity reshape ravel isnan nan_to_num clip maximum minimum nanmean nanmedian',
  'joblib.numpy_pickle': 'NumpyArrayWrapper',
  'joblib.numpy_pickle_compat': 'NDArrayWrapper ZNDArrayWrapper',
  'sklearn.externals.joblib.numpy_pickle': 'NumpyArrayWrapper NDArrayWrapper ZNDArrayWrapper',
  'sklearn.neighbors._ball_tree': 'newObj',
  'sklearn.neighbors._kd_tree': 'newObj',
  'sklearn.metrics._dist_metrics': 'newObj',
  'scipy.sparse._csr': 'csr_matrix csr_array',
  'scipy.sparse._csc': 'csc_matrix csc_array',
  'scipy.sparse._coo': 'coo_matrix coo_array',
  'scipy.sparse.csr': 'csr_matrix',
  'scipy.sparse.csc': 'csc_matrix',
  'scipy.sparse.coo': 'coo_matrix',
  'scipy.interpolate.interpolate': 'interp1d',
  'scipy.interpolate._interpolate': 'interp1d',
  'pandas._libs.internals': '_unpickle_block',
  'pandas.core.indexes.base': '_new_Index',
  'pandas.core.indexes.datetimes': '_new_DatetimeIndex',
  'pandas._libs.arrays': '__pyx_unpickle_NDArrayBacked',
  'pandas._libs.tslibs.timestamps': '_unpickle_timestamp',
  'pandas._libs.tslibs.timedeltas': '_timedelta_unpickle',
  'torch._utils':
    '_rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_parameter _rebuild_parameter_with_state ' +
    '_rebuild_qtensor _rebuild_sparse_tensor _rebuild_sparse_csr_tensor _rebuild_device_tensor_from_numpy ' +
    '_rebuild_meta_tensor_no_storage _rebuild_nested_tensor _rebuild_device_tensor_from_cpu_tensor',
  'torch._tensor': '_rebuild_from_type_v2',
  'torch.nn.parameter': 'Parameter Buffer UninitializedParameter',
  torch:
    'Tensor device dtype Size layout float16 float32 float64 bfloat16 int8 int16 int32 int64 uint8 bool half float ' +
    'double long int short complex64 complex128 qint8 quint8 qint32 float8_e4m3fn float8_e5m2 per_tensor_affine ' +
    'per_channel_affine Generator strided sparse_coo',
  'torch.serialization': '_get_layout',
  'torch.storage': 'UntypedStorage TypedStorage',
}

/** Packages whose classes hold data, and whose functions are harmless as long as they are only named, not called. */
const vouched = [
  'numpy',
  'scipy',
  'sklearn',
  'pandas',
  'xgboost',
  'lightgbm',
  'catboost',
  'imblearn',
  'statsmodels',
  'torch.nn',
  'torch.optim',
  'transformers.training_args',
  'transformers.trainer_utils',
  'transformers.trainer_pt_utils',
  'accelerate.state',
  'accelerate.utils.dataclasses',
]

/** Parts of those packages that read, write, download, build or test. */
const notVouched =
  /(^|\.)(tests?|testing|io|datasets|externals|distutils|f2py|conftest|_build_utils|weave|hub)(\.|$)/
/** Classes whose making may open or start something. */
const actingClass =
  /(File|Store|Writer|Reader|Source|Parser|Memory|Memmap|Pool|Executor|Process|Popen|Thread|Backend|Client|Server|Connection|Loader|Importer|Runner|Interpreter|Console|Command|Compiler|Handler|Downloader)$/
const className = /^_?[A-Z]\w*$/
const torchStorage =
  /^(?:Char|Short|Int|Long|Half|Float|Double|Byte|Bool|BFloat16|QUInt8|QInt8|QInt32|Complex\w+)(?:Storage|Tensor)$/

const exactSets = new Map(
  Object.entries(exact).map(([module, words]) => [module, new Set(words.split(' '))] as const),
)

/** Whether this global is vouched for. @param isCalled a function must be on the list by name to be called */
export function isKnown(rawModule: string, name: string, isCalled: boolean): boolean {
  const module = modernModule(rawModule)
  if (exactSets.get(module)?.has(name)) return true
  if (module === 'torch' && torchStorage.test(name)) return true
  if (name.includes('.') || notVouched.test(module)) return false
  const isVouched = vouched.some((prefix) => module === prefix || module.startsWith(`${prefix}.`))
  if (!isVouched) return false
  if (className.test(name)) return !actingClass.test(name)
  return !isCalled || /^__pyx_unpickle_\w+$/.test(name)
}
