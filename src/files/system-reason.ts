const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EEXIST: 'there is something of that name',
  ENOTDIR: 'a part of its path is not a directory',
  EISDIR: 'it is a directory',
  ELOOP: 'its symbolic links lead in a circle',
  EACCES: 'this user may not write or read there',
  EPERM: 'this user may not write or read there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: "the user's disk quota is used up",
  EFBIG: 'the file would become larger than is allowed',
  EIO: 'the disk reports a fault',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to its network',
  ENETDOWN: 'the network is down',
  ETIMEDOUT: 'it does not answer',
  ENOTFOUND: 'its name has no address',
  EAI_AGAIN: 'its name cannot be looked up at the moment',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
  UND_ERR_SOCKET: 'the connection was closed',
};

/**
 * An operating system's error as a clause for people, with its code.
 * @param better words for some codes where more is known than that "it" is meant
 */
export function systemReason(error: unknown, better: Readonly<Record<string, string>> = {}): string {
  const code = errorCode(error);
  const reason = better[code] ?? REASONS[code];
  const message = error instanceof Error ? error.message : String(error);
  return reason === undefined ? message : `${reason} (${code})`;
}

/** The `code` of an error, or of the first of several that one error sums up (as Node does for many addresses). */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError ? errorCode(error.errors[0]) : '';
}

/** Whether the system says that there is nothing under a path. */
export function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(errorCode(error));
}
