/** The file system that a folder lies on, as far as a history has to know it. */
import { access, constants, statfs } from 'node:fs/promises';

/** statfs(2): the numbers of file systems that other machines write to, or that a program makes up. */
const networks: Readonly<Record<number, string>> = {
  0x6969: 'NFS',
  0xff534d42: 'CIFS',
  0xfe534d42: 'SMB',
  0x517b: 'SMB',
  0x01021997: '9P',
  0x5346414f: 'AFS',
  0x00c36400: 'Ceph',
  0x65735546: 'FUSE',
};

export function networkName(type: number): string | undefined {
  return networks[type];
}

/** `NFS` and the like; undefined for a file system of this machine. */
export async function networkFileSystem(path: string): Promise<string | undefined> {
  return networkName((await statfs(path)).type);
}

export async function isReadOnly(path: string): Promise<boolean> {
  return await access(path, constants.W_OK).then(
    () => false,
    (error: unknown) => error instanceof Error && 'code' in error && error.code === 'EROFS',
  );
}
