/** A header announces more than will be read: a fault, or bytes that are no frames at all. */
export class FrameTooLongError extends Error {
  constructor(type: number, length: number, limit: number) {
    super(`a message of type ${type} with ${length} bytes (at most ${limit} are read)`);
    this.name = 'FrameTooLongError';
  }
}
