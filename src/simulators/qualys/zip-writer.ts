import { Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';

/** Version 2.0; deflated; sizes and checksum follow the data (bit 3); UTF-8 names (bit 11). */
const VERSION = 20;
const FLAGS = 0x0808;
const DEFLATED = 8;
/** 1 January 2026, as DOS counts. */
const DATE = ((2026 - 1980) << 9) | (1 << 5) | 1;

/** A zip file with one document in it, up to 4 GB, as a stream (APPNOTE.TXT 4.3 to 4.5). */
export async function* zipped(name: string, content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const fileName = Buffer.from(name, 'utf8');
  const sums = { crc: 0, plain: 0, packed: 0 };
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of content) {
      sums.crc = crc32(chunk, sums.crc);
      sums.plain += chunk.length;
      yield chunk;
    }
  }
  yield Buffer.concat([
    numbers(0x04034b50, [
      [VERSION, 2],
      [FLAGS, 2],
      [DEFLATED, 2],
      [0, 2],
      [DATE, 2],
      [0, 4],
      [0, 4],
      [0, 4],
      [fileName.length, 2],
      [0, 2],
    ]),
    fileName,
  ]);
  for await (const chunk of Readable.from(counted()).pipe(createDeflateRaw()) as AsyncIterable<Buffer>) {
    sums.packed += chunk.length;
    yield chunk;
  }
  const sizes: Field[] = [
    [sums.crc, 4],
    [sums.packed, 4],
    [sums.plain, 4],
  ];
  yield numbers(0x08074b50, sizes);
  const directoryAt = 30 + fileName.length + sums.packed + 16;
  const directory = Buffer.concat([
    numbers(0x02014b50, [
      [VERSION, 2],
      [VERSION, 2],
      [FLAGS, 2],
      [DEFLATED, 2],
      [0, 2],
      [DATE, 2],
      ...sizes,
      [fileName.length, 2],
      [0, 2],
      [0, 2],
      [0, 2],
      [0, 2],
      [0, 4],
      [0, 4],
    ]),
    fileName,
  ]);
  yield directory;
  yield numbers(0x06054b50, [
    [0, 2],
    [0, 2],
    [1, 2],
    [1, 2],
    [directory.length, 4],
    [directoryAt, 4],
    [0, 2],
  ]);
}

type Field = readonly [value: number, bytes: 2 | 4];

/** A signature and fields, little-endian. */
function numbers(signature: number, fields: readonly Field[]): Buffer {
  return Buffer.concat(
    ([[signature, 4], ...fields] as const).map(([value, bytes]) => {
      const field = Buffer.alloc(bytes);
      field.writeUIntLE(value, 0, bytes);
      return field;
    }),
  );
}
