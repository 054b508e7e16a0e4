import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { ZipFile } from 'yazl';
import type { ReleaseFile } from './contents.ts';

/** Bytes of a block of tar. */
const BLOCK = 512;
/** Bytes of the field for the name in the header of a file. */
const NAME_LENGTH = 100;

/** @param folder the one at the top, in which all lies */
export function tarGz(folder: string, files: readonly ReleaseFile[], time: Date): Buffer {
  const blocks = files.flatMap(({ path, mode, bytes }) => [
    tarHeader(`${folder}/${path}`, mode, bytes.length, time),
    bytes,
    Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK),
  ]);
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]), { level: 9 });
}

/** Of a file of root's, in the form of POSIX (ustar). */
function tarHeader(path: string, mode: number, size: number, time: Date): Buffer {
  const header = Buffer.alloc(BLOCK);
  const octal = (number: number, length: number): string => number.toString(8).padStart(length - 1, '0');
  // A long path is cut at a slash: the end is the name, what stands before has a field of its own.
  const cut = path.length <= NAME_LENGTH ? -1 : path.indexOf('/', path.length - NAME_LENGTH - 1);
  header.write(path.slice(cut + 1), 0);
  header.write(octal(mode, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(size, 12), 124);
  header.write(octal(time.getTime() / 1000, 12), 136);
  header.write(' '.repeat(8), 148);
  header.write('0', 156);
  header.write('ustar\u000000', 257);
  header.write('root', 265);
  header.write('root', 297);
  header.write(path.slice(0, Math.max(0, cut)), 345);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 7)}\u0000 `, 148);
  return header;
}

/** The same as a zip; its times have no zone, and are those of this process's. */
export async function zip(folder: string, files: readonly ReleaseFile[], time: Date): Promise<Buffer> {
  const archive = new ZipFile();
  for (const { path, mode, bytes } of files) {
    archive.addBuffer(bytes, `${folder}/${path}`, { mode: mode | 0o100000, mtime: time });
  }
  archive.end();
  return buffer(archive.outputStream);
}
