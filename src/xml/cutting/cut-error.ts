/** Why the cutter stopped; `at` is the place within the bytes that it was given. */
export class CutError extends Error {
  readonly reason: 'text' | 'root' | 'subset' | 'malformed' | 'endless' | 'end';
  readonly at: number;

  constructor(reason: CutError['reason'], at: number, message: string) {
    super(message);
    this.reason = reason;
    this.at = at;
  }
}
