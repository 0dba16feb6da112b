/** The system's error numbers in words, for people. The number stays beside them, for whoever looks it up. */
const words: Record<string, string> = {
  EIO: 'input or output failed',
  EACCES: 'the system denies access',
  EPERM: 'the system denies access',
  ENOENT: 'it is not there',
  ENOTDIR: 'a part of the path is no folder',
  ENODEV: 'the device is gone',
  ENXIO: 'the device is gone',
  EBUSY: 'it is in use',
  EAGAIN: 'it is in use',
  ESTALE: 'the share was replaced',
  ETIMEDOUT: 'it did not answer in time',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection broke',
  ENETDOWN: 'the network is down',
  ENETUNREACH: 'the network cannot be reached',
  EHOSTDOWN: 'its machine is down',
  EHOSTUNREACH: 'its machine cannot be reached',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  EINVAL: 'the file system does not take this',
  EXDEV: 'it lies on another disk',
  EPIPE: 'its reader is gone',
}

/** @param detail a number such as `EIO`, or already a sentence */
export const systemErrorText = (detail: string): string =>
  /^E[A-Z0-9]+$/.test(detail) ? `${words[detail] ?? 'the system reports an error'} (${detail})` : detail
