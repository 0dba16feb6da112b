import type { PickleDanger } from '../../../shared/model-inspection.ts'

/** Whole modules, with everything beneath them, of which nothing belongs into a model. */
const modules: Record<PickleDanger, string> = {
  'shell-command':
    'os posix nt subprocess _posixsubprocess pty popen2 commands pexpect sh plumbum fabric invoke asyncio.subprocess ' +
    'asyncio.unix_events asyncio.base_events distutils.spawn setuptools numpy.distutils numpy.f2py torch.utils.collect_env ' +
    'torch.utils.cpp_extension multiprocessing.popen_fork multiprocessing.forking multiprocessing.util paramiko ' +
    'IPython.utils IPython.core pip ensurepip venv',
  code:
    'runpy importlib _frozen_importlib _frozen_importlib_external imp pkgutil zipimport code codeop marshal sys ' +
    'inspect gc bdb pdb timeit trace profile cProfile doctest dis ast site sitecustomize threading ' +
    'multiprocessing concurrent asyncio _thread thread signal atexit test.support unittest pytest idlelib lib2to3 pydoc ' +
    'distutils cloudpickle dill numba.core torch.package torch.hub torch.jit torch._dynamo torch._inductor ' +
    'torch.fx numpy.testing jinja2 mako cffi pyximport Cython sched',
  network:
    'socket _socket ssl _ssl urllib urllib2 urllib3 httplib http requests httpx aiohttp ftplib smtplib smtpd poplib ' +
    'imaplib nntplib telnetlib xmlrpc xmlrpclib socketserver SocketServer webbrowser asyncore asynchat select ' +
    'boto3 botocore tornado twisted flask fastapi huggingface_hub fsspec s3fs gcsfs smart_open',
  files:
    'shutil tempfile glob fileinput zipfile tarfile sqlite3 _sqlite3 _io mmap fcntl linecache py_compile compileall',
  'native-library': 'ctypes _ctypes cffi.api winreg _winreg msvcrt numpy.ctypeslib',
  'nested-pickle': 'pickle cPickle _pickle shelve jsonpickle pandas.io.pickle joblib.memory',
}

/** Single names by their full path. */
const names: Record<PickleDanger, string> = {
  'shell-command': 'platform.popen',
  code:
    'builtins.eval builtins.exec builtins.execfile builtins.compile builtins.__import__ builtins.getattr ' +
    'builtins.setattr builtins.delattr builtins.globals builtins.locals builtins.vars builtins.input ' +
    'builtins.breakpoint builtins.apply builtins.reload builtins.map builtins.filter builtins.help ' +
    'builtins.__build_class__ operator.attrgetter operator.methodcaller _operator.attrgetter _operator.methodcaller ' +
    'types.FunctionType types.CodeType types.LambdaType functools.reduce _functools.reduce itertools.starmap ' +
    'numpy.vectorize numpy.lib.function_base.vectorize numpy.apply_along_axis numpy.piecewise numpy.fromfunction ' +
    'pandas.eval pandas.core.computation.eval.eval sympy.sympify logging.config.listen ' +
    'logging.config.dictConfig torch._C._jit_script_compile keras.src.legacy.saving.serialization.func_load ' +
    'keras.utils.func_load keras.src.utils.python_utils.func_load',
  network: 'numpy.DataSource numpy.lib._datasource.DataSource numpy.lib._datasource.open',
  files:
    'builtins.open builtins.file io.open io.open_code io.FileIO io.BufferedWriter codecs.open numpy.memmap ' +
    'numpy.core.memmap.memmap numpy.save numpy.savez numpy.savetxt numpy.fromfile numpy.ndarray.tofile numpy.loadtxt ' +
    'numpy.genfromtxt logging.FileHandler torch.save joblib.dump joblib.numpy_pickle.dump pandas.read_csv',
  'native-library': 'torch.ops.load_library torch._ops._Ops.load_library torch.classes.load_library',
  'nested-pickle':
    'numpy.load numpy.lib.npyio.load numpy.lib._npyio_impl.load numpy.lib.format.read_array joblib.load ' +
    'joblib.numpy_pickle.load sklearn.externals.joblib.load torch.load torch.serialization.load pandas.read_pickle ' +
    'torch.multiprocessing.reductions.rebuild_storage_fd mlflow.pyfunc.load_model keras.models.load_model',
}

/** Wherever they are reached through: modules re-export what they use. */
const anywhere = new Map<string, PickleDanger>([
  ['system', 'shell-command'],
  ['popen', 'shell-command'],
  ['Popen', 'shell-command'],
  ['check_output', 'shell-command'],
  ['check_call', 'shell-command'],
  ['getoutput', 'shell-command'],
  ['getstatusoutput', 'shell-command'],
  ['execv', 'shell-command'],
  ['execve', 'shell-command'],
  ['spawn', 'shell-command'],
  ['startfile', 'shell-command'],
  ['eval', 'code'],
  ['exec', 'code'],
  ['runstring', 'code'],
  ['exec_command', 'shell-command'],
  ['run_code', 'code'],
  ['run_module', 'code'],
  ['run_path', 'code'],
  ['import_module', 'code'],
  ['load_module', 'code'],
  ['exec_module', 'code'],
  ['attrgetter', 'code'],
  ['methodcaller', 'code'],
  ['__import__', 'code'],
  ['__globals__', 'code'],
  ['__builtins__', 'code'],
  ['__subclasses__', 'code'],
  ['__getattribute__', 'code'],
  ['__getattr__', 'code'],
  ['__code__', 'code'],
  ['CDLL', 'native-library'],
  ['PyDLL', 'native-library'],
  ['WinDLL', 'native-library'],
  ['LoadLibrary', 'native-library'],
  ['urlopen', 'network'],
  ['urlretrieve', 'network'],
])

function table(source: Record<PickleDanger, string>): Map<string, PickleDanger> {
  const found = new Map<string, PickleDanger>()
  for (const [danger, words] of Object.entries(source)) {
    for (const word of words.split(' ')) found.set(word, danger as PickleDanger)
  }
  return found
}

const byModule = table(modules)
const byName = table(names)

const aliases = new Map([
  ['__builtin__', 'builtins'],
  ['copy_reg', 'copyreg'],
])

/** Modules that others import and so hand out under their own name: enough to flag even where they end the path. */
const handedOut = new Set(
  'os posix nt sys subprocess importlib builtins shutil socket ctypes pickle marshal runpy pty'.split(' '),
)

/** The module by its Python 3 name, where Python 2 called it otherwise. */
export const modernModule = (module: string): string => aliases.get(module) ?? module

/**
 * What importing or calling this global could do; null where nothing is known against it.
 * Judged by the dotted path that Python would follow, so that `numpy` · `f2py.os.system` is seen for what it is.
 */
export function dangerOf(rawModule: string, name: string): PickleDanger | null {
  const module = modernModule(rawModule)
  const steps = name.split('.')
  const exact = byName.get(`${module}.${name}`)
  if (exact) return exact
  for (let path = module; path !== ''; path = path.slice(0, Math.max(0, path.lastIndexOf('.')))) {
    const danger = byModule.get(path)
    if (danger) return danger
  }
  let path = module
  for (const [at, part] of steps.entries()) {
    const danger = anywhere.get(part) ?? byName.get(`${module}.${part}`)
    if (danger) return danger
    path = `${path}.${part}`
    const reached =
      byModule.get(path) ??
      (at < steps.length - 1 || handedOut.has(part) ? (byModule.get(part) ?? null) : null)
    if (reached) return reached
  }
  return null
}
