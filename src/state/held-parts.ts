import { tmpdir } from 'node:os';
import { NamelessFile } from '../files/nameless-file.ts';
import type { UnitPart } from '../host-input/command-stream.ts';
import { SpillError } from '../records/errors.ts';

/** Characters that are kept in memory. */
const IN_MEMORY = 1_048_576;

/** Parts of units that wait for a decision, in their order: in memory, and beyond that in a nameless file. */
export class HeldParts {
  #parts: UnitPart[] = [];
  #size = 0;
  /** Bytes of each part in the file. */
  #lengths: number[] = [];
  #file: NamelessFile | undefined;

  add(part: UnitPart): void {
    if (this.#size < IN_MEMORY && !this.#file) {
      this.#parts.push(part);
      this.#size += part.text.length;
      return;
    }
    const bytes = Buffer.from(JSON.stringify({ ...part, details: undefined }));
    this.#file ??= new NamelessFile((cause) => new SpillError(tmpdir(), cause));
    this.#file.append(bytes);
    this.#lengths.push(bytes.length);
  }

  *read(): Generator<UnitPart> {
    yield* this.#parts;
    let position = 0;
    for (const length of this.#lengths) {
      const bytes = Buffer.alloc(length);
      this.#file?.read(bytes, position);
      position += length;
      yield JSON.parse(bytes.toString()) as UnitPart;
    }
  }

  clear(): void {
    this.#parts = [];
    this.#lengths = [];
    this.#size = 0;
    this.#file?.close();
    this.#file = undefined;
  }
}
