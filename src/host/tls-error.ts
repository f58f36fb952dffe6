/** Runs what makes OpenSSL read lists of names; the reason why it will not, as text. */
export function attemptTls<T extends object>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_'))
      return error.message;
    throw error;
  }
}
