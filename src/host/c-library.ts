/**
 * The few calls of the C library that Node has no words for: extended attributes, pipes, devices, sockets
 * of families that it does not know. Decisions 0030 and 0053. Undefined where there is no such library; callers say what cannot be done then.
 */
interface CLibrary {
  /** Byte counts; -1 where it failed, and `error` says why (errno). */
  llistxattr(path: string, list: Buffer, size: bigint): bigint;
  lgetxattr(path: string, name: string, value: Buffer, size: bigint): bigint;
  flistxattr(file: number, list: Buffer, size: bigint): bigint;
  fgetxattr(file: number, name: string, value: Buffer, size: bigint): bigint;
  lsetxattr(path: string, name: string, value: Buffer, size: bigint, flags: number): number;
  lremovexattr(path: string, name: string): number;
  mknod(path: string, mode: number, device: bigint): number;
  /** A file descriptor, or -1. */
  socket(family: number, type: number, protocol: number): number;
  close(file: number): number;
  setsockopt(file: number, level: number, name: number, value: Buffer, size: number): number;
  sendto(file: number, bytes: Buffer, size: bigint, flags: number, to: Buffer, toSize: number): bigint;
  recv(file: number, into: Buffer, size: bigint, flags: number): bigint;
  /** errno of the last call. */
  error(): number;
}

let library: CLibrary | undefined | 'absent';

export function cLibrary(): CLibrary | undefined {
  library ??= open() ?? 'absent';
  return library === 'absent' ? undefined : library;
}

function open(): CLibrary | undefined {
  // Node calls its FFI experimental, on standard error, at each start; the pinned Node is what we try.
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    const { dlopen, getInt32 } = process.getBuiltinModule('node:ffi');
    const { functions } = dlopen('libc.so.6', {
      llistxattr: { arguments: ['string', 'buffer', 'u64'], return: 'i64' },
      lgetxattr: { arguments: ['string', 'string', 'buffer', 'u64'], return: 'i64' },
      flistxattr: { arguments: ['i32', 'buffer', 'u64'], return: 'i64' },
      fgetxattr: { arguments: ['i32', 'string', 'buffer', 'u64'], return: 'i64' },
      lsetxattr: { arguments: ['string', 'string', 'buffer', 'u64', 'i32'], return: 'i32' },
      lremovexattr: { arguments: ['string', 'string'], return: 'i32' },
      mknod: { arguments: ['string', 'u32', 'u64'], return: 'i32' },
      socket: { arguments: ['i32', 'i32', 'i32'], return: 'i32' },
      close: { arguments: ['i32'], return: 'i32' },
      setsockopt: { arguments: ['i32', 'i32', 'i32', 'buffer', 'u32'], return: 'i32' },
      sendto: { arguments: ['i32', 'buffer', 'u64', 'i32', 'buffer', 'u32'], return: 'i64' },
      recv: { arguments: ['i32', 'buffer', 'u64', 'i32'], return: 'i64' },
      __errno_location: { arguments: [], return: 'pointer' },
    });
    return {
      llistxattr: functions.llistxattr,
      lgetxattr: functions.lgetxattr,
      flistxattr: functions.flistxattr,
      fgetxattr: functions.fgetxattr,
      lsetxattr: functions.lsetxattr,
      lremovexattr: functions.lremovexattr,
      mknod: functions.mknod,
      socket: functions.socket,
      close: functions.close,
      setsockopt: functions.setsockopt,
      sendto: functions.sendto,
      recv: functions.recv,
      error: () => getInt32(functions.__errno_location()),
    };
  } catch {
    return undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}
