import { Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';

/** Version 2.0; deflated; sizes and checksum follow the data (bit 3); UTF-8 names (bit 11). */
const VERSION = 20;
const FLAGS = 0x0808;
const DEFLATED = 8;
/** 1 January 2026, as DOS counts. */
const DATE = ((2026 - 1980) << 9) | (1 << 5) | 1;
/** Version, flags, method, time and date, as the local header and the directory both have them. */
const KIND: readonly Field[] = [
  [VERSION, 2],
  [FLAGS, 2],
  [DEFLATED, 2],
  [0, 2],
  [DATE, 2],
];

interface Sums {
  crc: number;
  plain: number;
  packed: number;
}

/** A zip file with one document in it, up to 4 GB, as a stream (APPNOTE.TXT 4.3 to 4.5). */
export async function* zipped(name: string, content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const fileName = Buffer.from(name, 'utf8');
  const sums: Sums = { crc: 0, plain: 0, packed: 0 };
  const header = localHeader(fileName);
  yield header;
  yield* deflated(content, sums);
  const descriptor = numbers(0x08074b50, sizesOf(sums));
  yield descriptor;
  const directory = directoryEntry(fileName, sums);
  yield directory;
  yield endOfDirectory(directory.length, header.length + sums.packed + descriptor.length);
}

async function* deflated(content: AsyncIterable<Buffer>, sums: Sums): AsyncGenerator<Buffer> {
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of content) {
      sums.crc = crc32(chunk, sums.crc);
      sums.plain += chunk.length;
      yield chunk;
    }
  }
  for await (const chunk of Readable.from(counted()).pipe(createDeflateRaw()) as AsyncIterable<Buffer>) {
    sums.packed += chunk.length;
    yield chunk;
  }
}

/** Checksum and sizes are not known yet: zero. */
function localHeader(fileName: Buffer): Buffer {
  const sizes = sizesOf({ crc: 0, plain: 0, packed: 0 });
  const fields: Field[] = [...KIND, ...sizes, [fileName.length, 2], [0, 2]];
  return Buffer.concat([numbers(0x04034b50, fields), fileName]);
}

function directoryEntry(fileName: Buffer, sums: Sums): Buffer {
  // No extra field, no comment, first disk, no attributes, and the local header at the file's begin.
  const rest: Field[] = [
    [0, 2],
    [0, 2],
    [0, 2],
    [0, 2],
    [0, 4],
    [0, 4],
  ];
  const fields: Field[] = [[VERSION, 2], ...KIND, ...sizesOf(sums), [fileName.length, 2], ...rest];
  return Buffer.concat([numbers(0x02014b50, fields), fileName]);
}

/** One entry, on one disk; no comment. */
function endOfDirectory(length: number, at: number): Buffer {
  return numbers(0x06054b50, [
    [0, 2],
    [0, 2],
    [1, 2],
    [1, 2],
    [length, 4],
    [at, 4],
    [0, 2],
  ]);
}

function sizesOf({ crc, packed, plain }: Sums): Field[] {
  return [
    [crc, 4],
    [packed, 4],
    [plain, 4],
  ];
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
